//! Jobs of the older schema: one waits, one was under way, one was given up. Each is to have an issue looked into once more.

use serde_json::json;
use testkit::TestClient;

use super::{ADMIN, bearer, items, upgraded_with};

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
        '2026-11-26T14:30:00Z', number - 1, 20, number - 1, case number when 2 then timestamptz '2026-11-26T14:31:00Z' end,
        case number when 2 then 'a process of before' end, gen_random_uuid(), '2026-11-26T14:30:00Z'
    from asked where number <= 2;
insert into dead_jobs (org_id, id, queue, kind, args, priority, attempt, max_attempts, errors, correlation_id, created_at,
        finished_at)
    select org_id, '01a21841-7c83-7000-8000-000000000003', 'default', 'issue_reprocess_requested_starts_run', event, 0, 20, 20,
        '[{\"at\": \"2026-11-26T14:32:00Z\", \"attempt\": 20, \"error\": \"it was no use\"}]', gen_random_uuid(),
        '2026-11-26T14:30:00Z', '2026-11-26T14:32:00Z'
    from asked where number = 3;
";

/// How often each issue was looked into, the oldest first.
async fn runs(admin: &TestClient) -> Vec<usize> {
    let mut issues: Vec<_> = items(admin, "/api/v1/issues").await;
    issues.sort_by_key(|issue| issue["id"].as_str().unwrap().to_owned());
    let mut runs = Vec::new();
    for issue in &issues {
        let path = format!("/api/v1/issues/{}/runs", issue["id"].as_str().unwrap());
        runs.push(items(admin, &path).await.len());
    }
    runs
}

#[tokio::test]
async fn jobs_that_waited_were_under_way_or_given_up_are_carried_over_and_get_done() {
    let product = upgraded_with(JOBS).await;
    let admin = bearer(&product, ADMIN);
    assert_eq!(runs(&admin).await, [1, 1, 1]);
    let dead = items(&admin, "/api/v1/jobs/dead").await;
    assert_eq!((dead.len(), &dead[0]["kind"]), (1, &json!("issue_reprocess_requested_starts_run")));
    assert!(dead[0]["errors"].to_string().contains("it was no use"), "{dead:?}");

    product.settle().await;
    assert_eq!(runs(&admin).await, [2, 2, 1], "what waited and what was under way");
    let replay = format!("/api/v1/jobs/dead/{}/replay", dead[0]["id"].as_str().unwrap());
    admin.post(&replay, json!({})).await.expect(204);
    product.settle().await;
    assert_eq!(runs(&admin).await, [2, 2, 2], "and what was given up, once somebody says so");
}
