//! What a handler's signature says of its operation, written into the document: who may call it. And what every operation has in
//! common: its problems.

use axum::extract::State;
use axum::http::HeaderMap;
use utoipa::openapi::{
    ContentBuilder, Ref, ResponseBuilder, extensions::Extensions, path::Operation,
    security::SecurityRequirement,
};
use utoipa::{PartialSchema, ToSchema};
use utoipa_axum::router::UtoipaMethodRouter;

use super::{Body, Can, CanIn, IfMatch, Operations, Path, Permission, ProblemBody, Query, RawJson};

/// Who may call an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs {
    /// No credential.
    Nothing,
    /// To be signed in, whatever one may do.
    SignedIn,
    /// A permission in the whole organization.
    InAll(&'static str),
    /// A permission there, or at a node for what is owned there and below.
    AtNodes(&'static str),
}

impl Needs {
    const fn of<P: Permission>(at_nodes: bool) -> Self {
        match (P::NAME.is_empty(), at_nodes) {
            (true, _) => Self::SignedIn,
            (false, false) => Self::InAll(P::NAME),
            (false, true) => Self::AtNodes(P::NAME),
        }
    }
}

impl Needs {
    /// Both, if one of them is nothing.
    const fn and(self, other: Self) -> Option<Self> {
        match (self, other) {
            (Self::Nothing, needs) | (needs, Self::Nothing) => Some(needs),
            _ => None,
        }
    }
}

/// What a handler takes.
pub trait Input {
    const NEEDS: Needs = Needs::Nothing;
}

impl<P: Permission> Input for Can<P> {
    const NEEDS: Needs = Needs::of::<P>(false);
}
impl<P: Permission> Input for CanIn<P> {
    const NEEDS: Needs = Needs::of::<P>(true);
}
impl<T> Input for State<T> {}
impl<T> Input for Path<T> {}
impl<T> Input for Query<T> {}
impl<T> Input for Body<T> {}
impl Input for RawJson {}
impl Input for IfMatch {}
impl Input for HeaderMap {}

/// A handler that takes these inputs.
pub trait Handles<Inputs> {
    const NEEDS: Needs;
}

macro_rules! handles {
    ($($input:ident)*) => {
        impl<F: Fn($($input),*) -> R, R, $($input: Input),*> Handles<($($input,)*)> for F {
            const NEEDS: Needs = {
                let mut needs = Some(Needs::Nothing);
                $(if let Some(known) = needs {
                    needs = known.and($input::NEEDS);
                })*
                match needs {
                    Some(needs) => needs,
                    None => panic!("a handler takes one `Can`, `CanIn` or none: the document has room for one permission"),
                }
            };
        }
    };
}
handles!(A);
handles!(A B);
handles!(A B C);
handles!(A B C D);
handles!(A B C D E);
handles!(A B C D E G);

/// Who may call this handler.
pub const fn needs<Inputs, F: Handles<Inputs>>(_: &F) -> Needs {
    F::NEEDS
}

/// The routes of handlers at one path, as `utoipa_axum::routes!` makes them, with what their signatures say.
#[macro_export]
macro_rules! routes {
    ($($($part:ident)::+),+ $(,)?) => {
        $crate::http::described(
            $crate::http::utoipa_routes!($($($part)::+),+),
            &[$((stringify!($($part)::+), $crate::http::needs(&$($part)::+))),+],
        )
    };
}

/// Writes into each operation who may call it, and that it may answer with a problem. An operation is found by its id, which is its
/// handler's name.
pub fn described<S>(
    (mut schemas, mut paths, router): UtoipaMethodRouter<S>,
    handlers: &[(&str, Needs)],
) -> Operations<S> {
    ProblemBody::schemas(&mut schemas);
    schemas.push((ProblemBody::name().into_owned(), ProblemBody::schema()));
    for item in paths.paths.values_mut() {
        let methods = [&mut item.get, &mut item.post, &mut item.put, &mut item.patch, &mut item.delete];
        for operation in methods.into_iter().flatten() {
            let id = operation.operation_id.as_deref().unwrap_or_default();
            let handler =
                handlers.iter().find(|(name, _)| name.rsplit("::").next().map(str::trim) == Some(id));
            if let Some((_, needs)) = handler {
                describe(operation, *needs);
            }
        }
    }
    Operations((schemas, paths, router))
}

/// The permission that callers or readers need, as the document says it: `x-permission`.
pub fn permission_extension(permission: &str, at_nodes: bool) -> Extensions {
    let said = serde_json::json!({ "name": permission, "at_nodes": at_nodes });
    Extensions::builder().add("x-permission", said).build()
}

fn describe(operation: &mut Operation, needs: Needs) {
    let asks = match needs {
        Needs::Nothing => {
            operation.security = Some(vec![SecurityRequirement::default()]);
            None
        }
        Needs::SignedIn => None,
        Needs::InAll(permission) => Some(permission_extension(permission, false)),
        Needs::AtNodes(permission) => Some(permission_extension(permission, true)),
    };
    if let Some(asks) = asks {
        operation.extensions.get_or_insert_default().merge(asks);
    }
    let content = ContentBuilder::new().schema(Some(Ref::from_schema_name(ProblemBody::name())));
    let problem = ResponseBuilder::new()
        .description("A problem (RFC 9457); its `code` says which")
        .content("application/problem+json", content.build());
    operation.responses.responses.insert("4XX".into(), problem.into());
}

#[cfg(test)]
mod tests {
    use super::Needs::{self, AtNodes, InAll, Nothing, SignedIn};

    #[test]
    fn an_operation_asks_for_one_permission() {
        for needs in [Nothing, SignedIn, InAll("a:read"), AtNodes("a:read")] {
            assert_eq!((Nothing.and(needs), needs.and(Nothing)), (Some(needs), Some(needs)));
            let others = [SignedIn, InAll("b:read"), AtNodes("b:read")];
            assert!(needs == Nothing || others.into_iter().all(|other| Needs::and(needs, other).is_none()));
        }
    }
}
