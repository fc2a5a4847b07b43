//! Jobs of the older schema: one waits, one was under way, one was given up. Each is to have an issue looked into once more.

use serde_json::{Value, json};

use super::{ADMIN, MASTER_KEY, upgraded_data};
use crate::fleet::{Fleet, PRESENT, Running, until};

const JOBS: &str = "
create temporary table asked as select i.org_id, i.id, row_number() over (order by i.id) as number,
    jsonb_build_object('id', gen_random_uuid(), 'kind', 'issue.reprocess_requested.v1', 'subject_type', 'issue',
        'subject_id', i.id, 'occurred_at', '2026-11-26T14:30:00Z',
        'payload', jsonb_build_object('issue_id', i.id, 'requested_by', null)) as event
    from issues i;
insert into jobs (id, org_id, queue, kind, args, state, run_at, attempt, max_attempts, fence, lease_until, worker,
        correlation_id, created_at)
    select ('01a21841-7c83-7000-8000-00000000000' || number)::uuid, org_id, 'default',
        'issue_reprocess_requested_starts_run', event, case number when 1 then 'available' else 'running' end,
        '2020-11-26T14:30:00Z', number - 1, 20, number - 1, case number when 2 then timestamptz '2020-11-26T14:31:00Z' end,
        case number when 2 then 'a process of before' end, gen_random_uuid(), '2020-11-26T14:30:00Z'
    from asked where number <= 2;
insert into dead_jobs (org_id, id, queue, kind, args, priority, attempt, max_attempts, errors, correlation_id, created_at,
        finished_at)
    select org_id, '01a21841-7c83-7000-8000-000000000003', 'default', 'issue_reprocess_requested_starts_run', event, 0, 20, 20,
        '[{\"at\": \"2020-11-26T14:32:00Z\", \"attempt\": 20, \"error\": \"it was no use\"}]', gen_random_uuid(),
        '2020-11-26T14:30:00Z', now()
    from asked where number = 3;
";

async fn items(server: &Running, path: &str) -> Vec<Value> {
    server.get(ADMIN, path).await["items"].as_array().unwrap().clone()
}

/// How often each issue was looked into, the oldest first.
async fn runs(server: &Running) -> Vec<usize> {
    let mut issues = items(server, "/api/v1/issues").await;
    issues.sort_by_key(|issue| issue["id"].as_str().unwrap().to_owned());
    let mut runs = Vec::new();
    for issue in &issues {
        runs.push(
            items(server, &format!("/api/v1/issues/{}/runs", issue["id"].as_str().unwrap())).await.len(),
        );
    }
    runs
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn jobs_that_waited_were_under_way_or_given_up_are_carried_over_and_get_done() {
    let mut fleet = Fleet::over(upgraded_data(JOBS).await);
    fleet.settings.push(("STEWARD_MASTER_KEY", MASTER_KEY.into()));
    let mut server = fleet.start(PRESENT, &["serve", "--no-worker"], "--listen");
    server.is_ready().await;
    assert_eq!(runs(&server).await, [1, 1, 1]);
    let dead = items(&server, "/api/v1/dead-letters").await;
    assert_eq!((dead.len(), &dead[0]["event_type"]), (1, &json!("issue_reprocess_requested_starts_run")));
    assert!(dead[0]["errors"].to_string().contains("it was no use"), "{dead:?}");

    let _worker = fleet.start(PRESENT, &["worker"], "--monitor-listen");
    until("what waited and what was under way is done", async || runs(&server).await == [2, 2, 1]).await;
    let replay = format!("/api/v1/dead-letters/{}/replay", dead[0]["id"].as_str().unwrap());
    server.post(ADMIN, &replay, &Value::Null).await;
    until("what was given up is done, once somebody says so", async || runs(&server).await == [2, 2, 2])
        .await;
}
