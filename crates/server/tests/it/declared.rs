//! What a domain declares in its sources is in the product: a kind of event, a permission, a setting, a queue, a job's handler or a periodic
//! task that no `domain()` names does not stay unnoticed.

mod sources;

use server::process::compose::{Product, disconnected};
use sources::{Found, Names};

/// What the sources have and the product has not.
fn missing(found: &Found, product: &Product) -> Vec<String> {
    let events: Vec<_> = product.events.iter().map(|declared| declared.kind).collect();
    let permissions: Vec<_> = product.permissions.iter().map(|permission| permission.name).collect();
    let settings: Vec<_> = product.settings.iter().map(|setting| setting.key()).collect();
    let tasks: Vec<_> = product.cron.names().collect();
    let compare = |what: &'static str, names: &Names, has: &dyn Fn(&str) -> bool| {
        let lost = names.iter().filter(|(name, _)| !has(name));
        lost.map(|(name, file)| format!("{file}: no domain brings the {what} {name}")).collect::<Vec<_>>()
    };
    [
        compare("event", &found.events, &|name| events.contains(&name)),
        compare("permission", &found.permissions, &|name| permissions.contains(&name)),
        compare("setting", &found.settings, &|name| settings.contains(&name)),
        compare("queue", &found.queues, &|name| product.queues.contains(name)),
        compare("job", &found.jobs, &|name| product.registry.knows(name)),
        compare("task", &found.tasks, &|name| tasks.contains(&name)),
    ]
    .concat()
}

#[tokio::test]
async fn what_the_sources_declare_is_in_the_product() {
    let mut found = sources::of_product();
    // Only where the operator keeps records for a time.
    assert!(found.tasks.remove("forget_reasons").is_some());
    assert_eq!(found.unclear, Vec::<String>::new());
    let product = disconnected().unwrap();
    assert_eq!(missing(&found, &product), Vec::<String>::new());
    assert!(product.queues.contains("default"), "where jobs wait that say nothing");
    let known: &[(&Names, &[&str])] = &[
        (&found.events, &["issue.opened.v1", "setting.set.v1", "member.added.v1"]),
        (&found.permissions, &["alerts:read", "audit:read"]),
        (&found.settings, &["issues.kept_days", "jobs.dead_kept_days"]),
        (&found.queues, &["notify", "runs"]),
        (&found.jobs, &["execute_run", "issue_opened_starts_run"]),
        (&found.tasks, &["sweep_runs", "forget_issues"]),
    ];
    for (names, some) in known {
        for name in *some {
            assert!(names.contains_key(*name), "{name} was not read: {names:?}");
        }
    }
}

#[tokio::test]
async fn what_a_domain_leaves_out_of_its_declaration_is_found() {
    let (product, file) = (disconnected().unwrap(), "crates/weather/src/lib.rs".to_owned());
    let said = |source: &str| missing(&sources::of(&[(file.clone(), source.to_owned())]), &product);
    let lost = |what: &str| vec![format!("{file}: no domain brings the {what}")];
    let cases = [
        (
            "platform::events! { pub R, about \"report\", for W { /// Seen.\n Made: Change<Report> = \"report.made.v1\" } }",
            "event report.made.v1",
        ),
        (
            "platform::permissions! { pub P { /// Look.\n W = \"weather:write\", for Workers; } }",
            "permission weather:write",
        ),
        (
            "pub const KEPT: Setting<Option<u32>> = Setting { key: \"weather.kept_days\", default: None };",
            "setting weather.kept_days",
        ),
        ("fn f() { NewJob { queue: \"weather\", ..usual } }", "queue weather"),
        ("const Q: &str = \"clouds\"; fn f() { NewJob { queue: Q, ..usual } }", "queue clouds"),
        ("fn f() { usual.queue(\"rain\").start(react) }", "queue rain"),
        ("const K: &str = \"forecast\"; fn f() { tx.enqueue(NewJob::of(K, &args)?) }", "job forecast"),
        ("fn f() { registry.add(\"forecast\", |args: Args, job| run(args, job)); }", "job forecast"),
        ("fn f() { vec![on::<Made>(\"report_made_warns\").start(react)] }", "job report_made_warns"),
        ("fn f() { cron.every(hour, \"forget_weather\", task); }", "task forget_weather"),
    ];
    for (source, what) in cases {
        assert_eq!(said(source), lost(what), "{source}");
    }
    let inner = "#[cfg(test)] mod tests { fn g() { on::<A>(\"a\"); } }";
    assert_eq!(said(inner), Vec::<String>::new(), "tests declare nothing");
    let unclear = sources::of(&[(file.clone(), "fn f() { NewJob { queue: other::Q, ..usual } }".into())]);
    assert_eq!(unclear.unclear, [format!("{file}: Q")]);
}
