//! What an operator does from the command line, without signing in.

use std::{path::Path, sync::Arc, time::Duration};

use kernel::{Error, Result, Secret, SystemClock};
use platform::{
    App, key_check,
    outbound::{Outbound, Policy},
    secrets::{self, Keyring, Rotated},
};

use crate::{
    command::actions::{AdminAction, SecretsAction, SkillsAction},
    process::{
        compose, database, keys, serve,
        settings::{Database, Keys, Model, SecretText},
    },
    reactions,
};

/// Runs a command over the database, brought up to date, with the keys that it was used with.
pub fn with_app(
    settings: &Database,
    keys: &Keys,
    command: impl AsyncFnOnce(App) -> Result<()>,
) -> Result<()> {
    with_keys(settings, keys, async move |app| {
        key_check::compare(&app.db, &app.keyring).await?;
        command(app).await
    })
}

/// [`with_app`], whatever the keys are.
fn with_keys(settings: &Database, keys: &Keys, command: impl AsyncFnOnce(App) -> Result<()>) -> Result<()> {
    serve::once(settings, async move |url| {
        // After the database was started, which makes the folder that a new key goes into.
        let keyring = keys::open(keys, settings)?;
        let db = database::connect(url, 4, reactions::subscriptions()).await?;
        let keyring = keys::with_pepper(keyring, keys, &db).await?;
        let outbound = Outbound::new(Policy::default(), Duration::from_secs(30))?;
        let app = App { db: db.clone(), clock: Arc::new(SystemClock), keyring: Arc::new(keyring), outbound };
        let done = command(app).await;
        db.close().await;
        done
    })
}

/// `steward admin`.
#[expect(clippy::print_stdout, reason = "the command line's own output")]
pub fn command(settings: &Database, keys: &Keys, action: AdminAction) -> Result<()> {
    with_app(settings, keys, async move |app| match action {
        AdminAction::CreateOrg { slug, name } => {
            let id = tenancy::admin::create_org(&app, &slug, name.as_deref().unwrap_or(&slug)).await?;
            println!("created the organization {slug} ({id})");
            Ok(())
        }
        AdminAction::SuspendOrg { slug } => {
            tenancy::admin::set_org_status(&app, &slug, tenancy::OrganizationStatus::Suspended).await?;
            println!("{slug} is suspended");
            Ok(())
        }
        AdminAction::ActivateOrg { slug } => {
            tenancy::admin::set_org_status(&app, &slug, tenancy::OrganizationStatus::Active).await?;
            println!("{slug} is active");
            Ok(())
        }
        AdminAction::CreateUser { org, email, name, role, password, no_password } => {
            let (password, shown) = match no_password {
                true => (None, None),
                false => {
                    let (password, shown) = password_or_random(password);
                    (Some(password), shown)
                }
            };
            let new = tenancy::NewMember { email: email.clone(), name, role, password };
            tenancy::admin::create_user(&app, &org, new).await?;
            println!("{email} is a member of {org}");
            print_password(shown.as_ref());
            Ok(())
        }
        AdminAction::SetPassword { email, org, password } => {
            let (password, shown) = password_or_random(password);
            tenancy::admin::set_password(&app, &email, org.as_deref(), password).await?;
            println!("the password of {email} is set; their sessions have ended");
            print_password(shown.as_ref());
            Ok(())
        }
        AdminAction::VerifyEmail { email, org, password } => {
            let (password, shown) = password_or_random(password);
            match tenancy::admin::verify_email(&app, &email, &org, password).await? {
                tenancy::admin::Proved::Verified => {
                    println!("{email} is verified; their old password and sessions are gone");
                    print_password(shown.as_ref());
                }
                tenancy::admin::Proved::Merged => {
                    println!(
                        "{email} had an account already, which is a member of {org} now; its password is as it was"
                    );
                }
            }
            Ok(())
        }
        AdminAction::CreateToken { org, name, scopes, role, node, expires_at } => {
            let request =
                tenancy::admin::TokenRequest { name: &name, role, scopes, node: node.as_deref(), expires_at };
            let token = tenancy::admin::create_token(&app, &org, request).await?;
            println!("{}", token.expose());
            Ok(())
        }
    })
}

/// The password that was given, or a new one to be shown.
fn password_or_random(given: Option<SecretText>) -> (Secret<String>, Option<Secret<String>>) {
    match given {
        Some(given) => (given.secret(), None),
        None => {
            let random = Keyring::generate();
            (random.clone(), Some(random))
        }
    }
}

#[expect(clippy::print_stdout, reason = "shown once, to the operator")]
fn print_password(password: Option<&Secret<String>>) {
    if let Some(password) = password {
        println!("password (shown once): {}", password.expose());
    }
}

/// `steward skills`.
pub fn skills_command(settings: &Database, model: &Model, keys: &Keys, action: SkillsAction) -> Result<()> {
    let SkillsAction::Import { dir, org } = action;
    with_app(settings, keys, async move |app| {
        let deps = compose::skills(model, skills::Options::default(), &app)?;
        import(&deps, &org, &dir).await
    })
}

#[expect(clippy::print_stdout, reason = "the command line's own output")]
async fn import(deps: &skills::Deps, org: &str, dir: &Path) -> Result<()> {
    use skills::import::ImportOutcome;
    let scope = tenancy::admin::scope(&deps.app, org).await?;
    let mut failed = 0;
    for imported in skills::import::import_dir(deps, &scope, dir).await? {
        let path = imported.path;
        match imported.outcome {
            ImportOutcome::Created(name) => println!("created    {name}  ({path})"),
            ImportOutcome::Updated(name) => println!("updated    {name}  ({path})"),
            ImportOutcome::Unchanged(name) => println!("unchanged  {name}  ({path})"),
            ImportOutcome::Failed(reason) => {
                failed += 1;
                println!("failed     {path}: {reason}");
            }
        }
    }
    if failed > 0 {
        return Err(Error::invalid("import_incomplete", format!("{failed} files could not be imported")));
    }
    Ok(())
}

/// What a rotation means for the keys and for what tokens, links and sessions rest on.
fn rotated(keys: &Keys, rotated: Rotated) -> String {
    let pepper = match (&keys.token_pepper, rotated.pepper) {
        (Some(_), _) => "access tokens, links and sessions rest on --token-pepper: keep it, and they go on",
        (None, true) => "access tokens, links and sessions go on without the older master keys",
        (None, false) => {
            "the token pepper is not kept: access tokens, links and sessions end with the last master key"
        }
    };
    let count = rotated.data_keys;
    format!(
        "{count} data keys are wrapped anew; the current master key opens everything, older ones can go\n{pepper}"
    )
}

/// `steward secrets`.
#[expect(clippy::print_stdout, reason = "the command line's own output")]
pub fn secrets_command(settings: &Database, keys: &Keys, action: &SecretsAction) -> Result<()> {
    match action {
        SecretsAction::Generate => {
            println!("{}", Keyring::generate().expose());
            Ok(())
        }
        SecretsAction::Rotate => with_app(settings, keys, async move |app| {
            let done = secrets::rotate(&app.db, &app.keyring).await?;
            key_check::accept(&app.db, &app.keyring).await?;
            println!("{}", rotated(keys, done));
            Ok(())
        }),
        SecretsAction::Accept => with_keys(settings, keys, async move |app| {
            key_check::accept(&app.db, &app.keyring).await?;
            println!("these keys are the right ones now; what other keys made or sealed is lost with them");
            Ok(())
        }),
    }
}
