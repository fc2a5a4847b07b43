//! What an event makes another domain do, declared in one place:
//! `on::<IssueOpened>("issue_opened_starts_run").queue("runs").start(handler)`.

use std::{future::Future, marker::PhantomData, pin::Pin, sync::Arc};

use kernel::EventId;
use serde_json::Value;
use uuid::Uuid;

use super::{Failure, Handled, JobContext, NewJob, Registry};
use crate::record::{Event, EventKind, Happened};

/// What a kind of event puts into the queue: in its own commit, or behind it by following the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Subscription {
    /// The kind of event that is waited for.
    pub event: &'static str,
    /// The job's kind: `<event>_<effect>`.
    pub name: &'static str,
    queue: &'static str,
    max_attempts: i32,
    in_order: bool,
    following: bool,
}

impl Subscription {
    pub const fn queue(&self) -> &'static str {
        self.queue
    }

    pub(crate) const fn is_following(&self) -> bool {
        self.following
    }

    pub(crate) fn job(&self, cause: EventId, subject: Uuid, event: Value) -> NewJob {
        NewJob {
            lane: self.in_order.then(|| format!("{}:{subject}", self.name)),
            queue: self.queue,
            max_attempts: self.max_attempts,
            causation: Some(cause),
            ..NewJob::new(self.name, event)
        }
    }
}

type Handler<D> =
    Arc<dyn Fn(D, Event, JobContext) -> Pin<Box<dyn Future<Output = Handled> + Send>> + Send + Sync>;

/// An effect of an event in another domain. `D` is what its handler needs.
pub struct Reaction<D> {
    pub subscription: Subscription,
    handler: Handler<D>,
}

impl<D: Clone + Send + Sync + 'static> Reaction<D> {
    /// Has its job done with these dependencies.
    pub fn register(&self, domains: &D, registry: &mut Registry) {
        let (domains, handler) = (domains.clone(), self.handler.clone());
        registry.must_follow(self.subscription.name);
        registry.add(self.subscription.name, move |event, job| handler(domains.clone(), event, job));
    }
}

/// A reaction that still lacks its handler; see [`on`].
pub struct On<E> {
    subscription: Subscription,
    event: PhantomData<E>,
}

/// Begins a reaction of this name to a kind of event: a job of the default queue, tried as often as any.
pub fn on<E: EventKind>(name: &'static str) -> On<E> {
    let usual = NewJob::new(name, Value::Null);
    let subscription = Subscription {
        event: E::KIND,
        name,
        queue: usual.queue,
        max_attempts: usual.max_attempts,
        in_order: false,
        following: false,
    };
    On { subscription, event: PhantomData }
}

impl<E: EventKind> On<E>
where
    E::Payload: Send,
{
    #[must_use]
    pub const fn queue(mut self, queue: &'static str) -> Self {
        self.subscription.queue = queue;
        self
    }

    /// One after the other for one subject, in the order of its events: a lane of the queue. For what people do, not for what a
    /// storm does: while the queue looks for work, each lane that waits costs.
    #[must_use]
    pub const fn in_order(mut self) -> Self {
        self.subscription.in_order = true;
        self
    }

    /// May lag some milliseconds: the log is followed, and the commit of the event carries nothing for it. See
    /// [`super::Follower`].
    #[must_use]
    pub const fn following(mut self) -> Self {
        self.subscription.following = true;
        self
    }

    /// How often it is tried before it is a dead letter.
    #[must_use]
    pub const fn attempts(mut self, max: i32) -> Self {
        self.subscription.max_attempts = max;
        self
    }

    /// What to do. It may run twice for one event, so it is idempotent.
    pub fn start<D, F, Fut>(self, handler: F) -> Reaction<D>
    where
        F: Fn(D, Happened<E>, JobContext) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Handled> + Send + 'static,
    {
        let handler: Handler<D> = Arc::new(move |domains, event: Event, job| match event.as_kind::<E>() {
            Ok(Some(happened)) => Box::pin(handler(domains, happened, job)),
            wrong => {
                let error = match wrong {
                    Err(error) => error.to_string(),
                    _ => format!("waits for {}, not {}", E::KIND, event.kind),
                };
                Box::pin(std::future::ready(Err(Failure::Dead { error })))
            }
        });
        Reaction { subscription: self.subscription, handler }
    }
}
