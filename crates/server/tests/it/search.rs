//! Search under row-level security, as the role that requests work as.

use kernel::OrgId;
use platform::{
    by_lexemes, by_words, by_words_and_labels,
    db::{Reach, Scope, TenantTx},
};
use serde_json::{Value, json};
use testkit::{TestDb, TestOrg};

use crate::product::{Member, TestProduct};

/// Alerts, issues, skills and audit lines by thousands, of two organizations; every thousandth speaks of a `comet`.
async fn filled() -> (TestDb, TestOrg, TestOrg) {
    let db = TestDb::new().await;
    let (acme, other) = (db.org("acme").await, db.org("other").await);
    for org in [&acme, &other] {
        fill(&db, org.id).await;
    }
    let mut tx = db.db.system("a test counts what it made").await.unwrap();
    for table in ["alerts", "issues", "skills", "audit_logs"] {
        sqlx::raw_sql(sqlx::AssertSqlSafe(format!("analyze {table}"))).execute(tx.conn()).await.unwrap();
    }
    tx.commit().await.unwrap();
    (db, acme, other)
}

async fn fill(db: &TestDb, org: OrgId) {
    let mut tx = db.db.system("a test fills tables").await.unwrap();
    let statements = [
        "insert into alerts (org_id, id, source, alert_type, severity, title, fingerprint, group_key, labels, annotations, raw_payload,
            status_changed_at, starts_at, received_at, last_seen_at, created_at, updated_at)
        select $1, gen_random_uuid(), 'cron', 'HighCPUUsage', 'low', 'Host ' || i || case when i % 1000 = 0 then ' comet' else '' end,
            md5(i::text), 'g', jsonb_build_object('host', 'h' || i, 'service', 's' || i % 500), '{}', '{}', now(), now(), now(), now(), now(), now()
        from generate_series(1, 5000) i",
        "insert into issues (org_id, id, title, severity, group_key, status, created_at, updated_at)
        select $1, gen_random_uuid(), 'Issue ' || i || case when i % 1000 = 0 then ' comet' else '' end, 'low', i::text, 'false_positive',
            now(), now()
        from generate_series(1, 5000) i",
        "insert into skills (org_id, id, name, problem_description, sop, created_at, updated_at)
        select $1, gen_random_uuid(), 'Skill ' || i, case when i % 1000 = 0 then 'comets crash' else 'disks fill' end, '', now(), now()
        from generate_series(1, 5000) i",
        "insert into audit_logs (org_id, id, actor_type, actor_name, action, subject_type, subject_id, occurred_at)
        select $1, gen_random_uuid(), 'user', case when i % 1000 = 0 then 'Comet Smith' else 'Ada ' || i end, 'a.b', 'a', $1, now()
        from generate_series(1, 5000) i",
    ];
    for statement in statements {
        sqlx::query(statement).bind(org).execute(tx.conn()).await.unwrap();
    }
    tx.commit().await.unwrap();
}

/// A query as a list asks it, and the organization, the words and the labels that it is given.
macro_rules! newest {
    ($table:literal, $found:expr) => {
        concat!(
            "select a.id from ",
            $table,
            " a where a.org_id = $1 and $2::text is not distinct from $2
            and $3::jsonb is not distinct from $3 and a.id in ",
            $found,
            " order by a.id desc limit 51"
        )
    };
}

async fn plan(tx: &mut TenantTx, query: &str, words: Option<&str>, labels: Option<Value>) -> String {
    let org = tx.org();
    let query = sqlx::AssertSqlSafe(format!("explain {query}"));
    let lines: Vec<String> =
        sqlx::query_scalar(query).bind(org).bind(words).bind(labels).fetch_all(tx.conn()).await.unwrap();
    lines.join("\n")
}

/// Whether an index is asked for what this operator compares.
fn indexed(plan: &str, operator: &str) -> bool {
    plan.lines().any(|line| line.trim_start().starts_with("Index Cond:") && line.contains(operator))
}

#[tokio::test]
async fn every_search_asks_an_index_as_the_tenants_role() {
    let (_db, acme, _) = filled().await;
    let mut tx = acme.tx().await;
    let role: String = sqlx::query_scalar("select current_user::text").fetch_one(tx.conn()).await.unwrap();
    assert_eq!(role, "steward_tenant");
    let words = [
        newest!("alerts", by_words_and_labels!("alerts", "$1", "$2", "$3")),
        newest!("issues", by_words!("issues", "$1", "$2")),
        newest!("skills", by_words!("skills", "$1", "$2")),
        newest!("audit_logs", by_words!("audit_logs", "$1", "$2")),
        newest!("skills", by_lexemes!("skills", "$1", "to_tsquery('english', $2)")),
    ];
    for query in words {
        let plan = plan(&mut tx, query, Some("comet"), None).await;
        assert!(indexed(&plan, "@@"), "{query}\n{plan}");
        let found: Vec<uuid::Uuid> = sqlx::query_scalar(query)
            .bind(acme.id)
            .bind("comet")
            .bind(None::<Value>)
            .fetch_all(tx.conn())
            .await
            .unwrap();
        assert_eq!(found.len(), 5, "{query}");
    }
    let labels = plan(&mut tx, words[0], None, Some(json!({ "host": "h7" }))).await;
    assert!(indexed(&labels, "@>"), "{labels}");
    let both = plan(&mut tx, words[0], Some("comet"), Some(json!({ "service": "s0" }))).await;
    assert!(indexed(&both, "@@") && indexed(&both, "@>"), "{both}");
}

/// Why there are views. Should this fail on some later PostgreSQL, they can go.
#[tokio::test]
async fn the_same_condition_on_the_table_itself_reads_every_row_of_the_organization() {
    let (_db, acme, _) = filled().await;
    let mut tx = acme.tx().await;
    let words =
        "search_words(a.org_id, a.title, coalesce(a.ai_conclusion, '') || ' ' || coalesce(a.cause, ''))";
    let query = format!(
        "select a.id from issues a where a.org_id = $1 and {words} @@ search_query($1, $2) and $3::jsonb is null"
    );
    let below = plan(&mut tx, &query, Some("comet"), None).await;
    assert!(!indexed(&below, "@@"), "{below}");
}

#[tokio::test]
async fn what_can_be_searched_is_what_the_policies_show() {
    let db = TestDb::new().await;
    let mut tx = db.db.system("a test reads the catalogue").await.unwrap();
    let query = "select v.relname::text, pg_get_viewdef(v.oid),
            array(select pg_get_expr(polqual, polrelid) from pg_policy
                where polrelid = replace(v.relname, '_search', '')::regclass and polcmd in ('r', '*') and polpermissive order by polname),
            array(select polname::text from pg_policy
                where polrelid = replace(v.relname, '_search', '')::regclass and not polpermissive),
            pg_get_userbyid(v.relowner) = pg_get_userbyid(t.relowner) and v.reloptions is null
        from pg_class v join pg_class t on t.oid = replace(v.relname, '_search', '')::regclass
        where v.relkind = 'v' and v.relnamespace = 'public'::regnamespace and v.relname ~ '_search$' order by 1";
    type View = (String, String, Vec<String>, Vec<String>, bool);
    let views: Vec<View> = sqlx::query_as(query).fetch_all(tx.conn()).await.unwrap();
    assert!(views.len() >= 4, "{views:?}");
    for (name, definition, policies, restrictive, plain) in views {
        let condition = definition.split_once("WHERE ").unwrap().1.trim_end_matches(';');
        let expected =
            if policies.len() == 1 { policies[0].clone() } else { format!("({})", policies.join(" OR ")) };
        let expected = expected.replace("org_id = app_org()", "org_id = ANY (ARRAY[app_org()])");
        assert!(expected.contains("ARRAY[app_org()]"), "{name}: {expected}");
        assert_eq!(condition, expected, "{name}: call make_searchable again");
        assert!(restrictive.is_empty(), "{name}: {restrictive:?} is not in its condition");
        assert!(plain, "{name} is not its table's owner's, or has options");
    }
}

#[tokio::test]
async fn nobody_finds_what_they_may_not_see() {
    let (db, acme, other) = filled().await;
    let node = acme.node("sre", None).await;
    let mut tx = db.db.system("a test gives rows to a node").await.unwrap();
    for statement in [
        "update alerts set node_id = $2 where org_id = $1 and title = 'Host 1000 comet'",
        "update issues set node_id = $2 where org_id = $1 and title = 'Issue 1000 comet'",
        "update skills set node_id = $2 where org_id = $1 and name = 'Skill 1000'",
    ] {
        sqlx::query(statement).bind(acme.id).bind(node).execute(tx.conn()).await.unwrap();
    }
    tx.commit().await.unwrap();
    let views = ["alerts_search", "issues_search", "skills_search", "audit_logs_search"];
    let count = async |tx: &mut TenantTx, of: OrgId| {
        let mut counts = Vec::new();
        for view in views {
            let query = format!("select count(*) from {view} where words @@ search_query($1, 'comet')");
            counts.push(
                sqlx::query_scalar::<_, i64>(sqlx::AssertSqlSafe(query))
                    .bind(of)
                    .fetch_one(tx.conn())
                    .await
                    .unwrap(),
            );
        }
        counts
    };
    let mut whole = acme.tx().await;
    assert_eq!(count(&mut whole, acme.id).await, [5, 5, 5, 5]);
    assert_eq!(count(&mut whole, other.id).await, [0, 0, 0, 0], "another organization, asked for by its id");
    let scope = Scope { reach: Reach::Nodes(vec![node]), ..whole.scope().clone() };
    let mut at_node = db.db.tenant(scope).await.unwrap();
    // A skill that nobody owns is of use to every node.
    assert_eq!(count(&mut at_node, acme.id).await, [1, 1, 5, 0]);
    sqlx::query("select set_config('app.org_id', '', true)").execute(whole.conn()).await.unwrap();
    assert_eq!(count(&mut whole, acme.id).await, [0, 0, 0, 0], "no organization");
}

/// Whether a list shows the alert of this title for what is typed.
async fn finds(admin: &Member, title: &str, typed: &str) -> bool {
    let query = url::form_urlencoded::Serializer::new(String::new()).append_pair("q", typed).finish();
    let found = admin.client.get(&format!("/api/v1/alerts?{query}")).await.expect(200);
    found["items"].as_array().unwrap().iter().any(|alert| alert["title"] == title)
}

#[tokio::test]
async fn what_is_in_quotes_or_tied_by_signs_stands_as_it_is_typed() {
    let product = TestProduct::new().await;
    let admin = product.member("acme", "admin").await;
    let titles = [
        "disk quota exceeded on 10.1.2.3:9100",
        "10.20.30.40 is down since 1 hour 2 minutes 3 seconds",
        "checkout-1.eu-west-1 answers slowly",
        "checkout-2.eu-west-1 in zone 1 of west, user a.b+c@example.com",
    ];
    for title in titles {
        let alert = json!({ "title": title, "labels": { "pod": "web_7", "instance": "fe80::1", "path": "/var/lib" } });
        admin.client.post("/hooks/generic", alert).await.expect(202);
    }
    let cases: [(&str, &[usize]); 17] = [
        ("10.1.2.3", &[0]),
        ("10.1.2", &[0]),
        ("0.1.2.3", &[]),
        ("10.1.2.3:9100", &[0]),
        ("10.20.30.4", &[1]),
        ("checkout-1.eu-west-1", &[2]),
        ("eu-west-1 checkout", &[2, 3]),
        ("a.b+c@example.com", &[3]),
        ("\"quota exceeded\"", &[0]),
        ("\"exceeded quota\"", &[]),
        ("exceeded quota", &[0]),
        ("\"disk  quota\" 10.1", &[0]),
        ("\"Disk quota", &[0]),
        ("pod:web_7 10.1.2.3", &[0]),
        ("web_8", &[]),
        ("fe80::1 /var/lib quota", &[0]),
        ("\"\" quota", &[0]),
    ];
    for (typed, expected) in cases {
        for (n, title) in titles.iter().enumerate() {
            assert_eq!(finds(&admin, title, typed).await, expected.contains(&n), "{typed} in {title}");
        }
    }
}

#[tokio::test]
async fn words_are_found_by_their_beginnings_in_any_case_and_order() {
    let db = TestDb::new().await;
    let acme = db.org("acme").await;
    let long = "x".repeat(3000);
    let many: String = (0..400_000).map(|number| format!("{number:x} ")).collect();
    let texts = [
        ("HighCPUUsage", "cpu", true),
        ("HighCPUUsage", "highcpuus", true),
        ("HighCPUUsage", "usage high", true),
        ("HighCPUUsage", "pu", false),
        ("db-1.shop.example: disk 97% full", "SHOP disk 97%", true),
        ("db-1.shop.example: disk 97% full", "shop cpu", false),
        ("snake_case_name", "case", true),
        ("数据库连接失败", "连接", true),
        ("数据库连接失败", "服务", false),
        ("Überlauf", "über", true),
        ("it's \\ 'quoted' & | ! : * <-> ()", "quoted ' & | ! ( \\ :*", true),
        (&long, &long, true),
        (&many, "3e8 3e9", true),
        ("", "a", false),
        ("anything", " % ", false),
    ];
    let mut tx = acme.tx().await;
    for (text, asked, found) in texts {
        let query = "select coalesce(search_words($1, left($2, 500), $2) @@ search_query($1, $3), false)";
        let is: bool = sqlx::query_scalar(query)
            .bind(acme.id)
            .bind(text)
            .bind(asked)
            .fetch_one(tx.conn())
            .await
            .unwrap();
        assert_eq!(is, found, "{asked} in {text}");
    }
}
