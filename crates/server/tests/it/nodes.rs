//! What happens at a node of an organization's tree: whose an alert is, and which skills, tools and receivers its work uses.

use serde_json::{Value, json};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::product::{Member, TestProduct};

const SOP: &str = r#"# Looks
1. **Look**
   - run: `look()` as `seen`
## Verdict
- false positive if `seen.what == "a disk"`: "looked"
  - because: "{{ seen.what }}" [seen]
"#;

/// An organization with a unit `sre`, a team `storage` below it, a team `web` beside it, and somebody at each.
struct Tree {
    product: TestProduct,
    whole: Member,
    sre: Member,
    storage: Member,
    web: Member,
    sre_id: String,
}

async fn tree() -> Tree {
    let product = TestProduct::new().await;
    let sre_id = product.node("acme", "unit", "sre", None).await;
    product.node("acme", "team", "storage", Some(&sre_id)).await;
    product.node("acme", "team", "web", None).await;
    let at = async |node: &str| product.member_at("acme", "admin", node).await;
    let (sre, storage, web) = (at("sre").await, at("storage").await, at("web").await);
    Tree { whole: product.member("acme", "admin").await, sre, storage, web, product, sre_id }
}

impl Tree {
    /// The issues that came of an alert with one title from each of the four, as its sender sees them.
    async fn issues(&self, title: &str) -> [Value; 4] {
        let everybody = [&self.whole, &self.sre, &self.storage, &self.web];
        let mut alerts = Vec::new();
        for member in everybody {
            let posted = member.client.post("/hooks/generic", json!({ "title": title })).await.expect(202);
            alerts.push(posted["alerts"][0]["id"].as_str().unwrap().to_owned());
        }
        self.product.settle().await;
        let mut issues = Vec::new();
        for (member, alert) in everybody.iter().zip(alerts) {
            let alert = member.client.get(&format!("/api/v1/alerts/{alert}")).await.expect(200);
            let issue = alert["issue_id"].as_str().unwrap();
            issues.push(member.client.get(&format!("/api/v1/issues/{issue}")).await.expect(200));
        }
        issues.try_into().unwrap()
    }
}

async fn count(member: &Member, path: &str) -> usize {
    let page = member.client.get(path).await.expect(200);
    page["items"].as_array().unwrap().len()
}

#[tokio::test]
async fn an_alert_and_its_issue_are_the_tokens_nodes_and_one_title_is_an_issue_for_each_of_them() {
    let tree = tree().await;
    let issues = tree.issues("Disk full").await;
    let mut ids: Vec<_> = issues.iter().map(|issue| issue["id"].as_str().unwrap()).collect();
    ids.dedup();
    assert_eq!(ids.len(), 4);
    assert_eq!((&issues[0]["node_id"], &issues[1]["node_id"]), (&Value::Null, &json!(tree.sre_id)));
    for list in ["alerts", "issues"] {
        let path = format!("/api/v1/{list}");
        let seen = (
            count(&tree.whole, &path).await,
            count(&tree.sre, &path).await,
            count(&tree.storage, &path).await,
            count(&tree.web, &path).await,
        );
        assert_eq!(seen, (4, 2, 1, 1), "{list}");
        // Who sees all may look at one part of the tree.
        assert_eq!(count(&tree.whole, &format!("{path}?node_id={}", tree.sre_id)).await, 2, "{list}");
        assert_eq!(count(&tree.web, &format!("{path}?node_id={}", tree.sre_id)).await, 0, "{list}");
    }
    let facets =
        tree.whole.client.get(&format!("/api/v1/alerts/facets?node_id={}", tree.sre_id)).await.expect(200);
    assert_eq!(facets["source"], json!([{ "value": "webhook", "count": 2 }]));
    let overview = async |member: &Member| {
        let overview = member.client.get("/api/v1/overview").await.expect(200);
        overview["ingest"][0]["count"].clone()
    };
    assert_eq!((overview(&tree.whole).await, overview(&tree.sre).await), (json!(4), json!(2)));
}

#[tokio::test]
async fn alerts_of_a_node_are_investigated_from_there_also_many_at_once() {
    let tree = tree().await;
    tree.issues("Disk full").await;
    let ids = async |member: &Member| {
        let page = member.client.get("/api/v1/alerts").await.expect(200);
        page["items"].as_array().unwrap().iter().map(|alert| alert["id"].clone()).collect::<Vec<_>>()
    };
    let (own, others) = (ids(&tree.web).await, ids(&tree.storage).await);
    let asked = json!({ "ids": [own[0], others[0]], "action": "investigate" });
    let answer = tree.web.client.post("/api/v1/alerts/bulk", asked).await.expect(200);
    assert_eq!(
        (&answer["results"][0]["ok"], &answer["results"][1]["code"]),
        (&json!(true), &json!("not_found"))
    );
}

#[tokio::test]
async fn a_skill_and_a_tool_of_a_node_serve_the_alerts_of_that_node_and_below() {
    let tree = tree().await;
    tree.sre.add_tool("look", "export default async () => ({ what: 'a disk' })").await;
    tree.sre.add_skill("Looks", SOP).await;
    let concluded = tree.issues("Disk full").await.map(|issue| issue["ai_conclusion"].clone());
    let looked = json!("looked");
    assert_eq!([&concluded[1], &concluded[2]], [&looked, &looked]);
    assert!(concluded[0] != looked && concluded[3] != looked, "{concluded:?}");

    let skill = tree.storage.client.get("/api/v1/skills").await.expect(200)["items"][0].clone();
    let path = format!("/api/v1/skills/{}", skill["id"].as_str().unwrap());
    assert_eq!(tree.storage.client.get(&path).await.expect(200)["node_id"], json!(tree.sre_id));
    assert_eq!(tree.storage.client.delete(&path).await.problem(403), "forbidden");
    assert_eq!(tree.web.client.get(&path).await.problem(404), "not_found");
}

#[tokio::test]
async fn a_binding_is_of_its_skills_node() {
    let tree = tree().await;
    tree.sre.add_skill("Looks", SOP).await;
    let binding = tree.storage.client.get("/api/v1/bindings").await.expect(200)["items"][0].clone();
    assert_eq!(binding["node_id"], json!(tree.sre_id));
    let path = format!("/api/v1/bindings/{}", binding["id"].as_str().unwrap());
    assert_eq!(tree.storage.client.delete(&path).await.problem(403), "forbidden");
    assert_eq!(count(&tree.web, "/api/v1/bindings").await, 0);
}

#[tokio::test]
async fn a_skill_of_the_whole_organization_finds_no_tool_that_is_another_nodes() {
    let tree = tree().await;
    tree.sre.add_tool("look", "export default async () => ({ what: 'a disk' })").await;
    tree.whole.add_skill("Looks", SOP).await;
    let concluded = tree.issues("Disk full").await.map(|issue| issue["status"].clone());
    let (found, missing) = (json!("false_positive"), json!("unable_to_resolve"));
    assert_eq!(concluded, [&missing, &found, &found, &missing].map(Clone::clone));
}

#[tokio::test]
async fn a_receiver_of_a_node_hears_of_the_issues_of_that_node_and_below() {
    let tree = tree().await;
    let slack = MockServer::start().await;
    let answer = ResponseTemplate::new(200).set_body_string("ok");
    Mock::given(wiremock::matchers::any()).respond_with(answer).mount(&slack).await;
    let receiver = json!({
        "name": "SRE", "receiver_im": "sre", "im_type": "slack", "transport": "webhook",
        "webhook_url": format!("{}/services/T0/B0/x", slack.uri()), "is_default": true
    });
    let receiver = tree.sre.client.post("/api/v1/receivers", receiver).await.expect(201);
    tree.issues("Disk full").await;
    // The receiver's name in the address of a hook reaches it from there only.
    for member in [&tree.web, &tree.storage] {
        member.client.post("/hooks/generic?receiver_im=sre", json!({ "title": "Named" })).await.expect(202);
    }
    tree.product.settle().await;
    let path = format!("/api/v1/receivers/{}/deliveries", receiver["id"].as_str().unwrap());
    let told = tree.sre.client.get(&path).await.expect(200);
    let opened = told["items"].as_array().unwrap().iter().filter(|one| one["state"] == "opened");
    assert_eq!(opened.count(), 3, "{told:#}");
    assert_eq!(tree.storage.client.get(&path).await.expect(200)["items"], json!([]));
}

/// Somebody with a session who is an admin at these nodes, and nothing in the organization.
async fn person_at(tree: &Tree, email: &str, nodes: &[&str]) -> Member {
    let password = "a password of their own";
    for name in ["boss@acme.example", email] {
        tree.product.person("acme", name, password).await;
    }
    let members = tree.whole.client.get("/api/v1/members").await.expect(200);
    let members = members["items"].as_array().unwrap();
    let user = members.iter().find(|member| member["email"] == email).unwrap()["user_id"].as_str().unwrap();
    let path = format!("/api/v1/members/{user}");
    tree.whole.client.patch(&path, json!({ "role": null })).await.expect(200);
    for node in nodes {
        tree.whole.client.put(&format!("{path}/nodes/{node}"), json!({ "role": "admin" })).await.expect(200);
    }
    let sign_in = json!({ "email": email, "password": password });
    let answer = tree.product.anonymous().post("/api/v1/auth/sign-in", sign_in).await;
    let mut cookies = answer.headers.get_all("set-cookie").iter().map(|cookie| cookie.to_str().unwrap());
    let cookie = cookies
        .rfind(|cookie| cookie.starts_with("steward_session="))
        .unwrap()
        .split(';')
        .next()
        .unwrap()
        .to_owned();
    let csrf = answer.expect(200)["csrf_token"].as_str().unwrap().to_owned();
    Member {
        client: tree.product.anonymous().with_header("cookie", &cookie).with_header("x-csrf-token", &csrf),
    }
}

#[tokio::test]
async fn who_acts_at_a_node_only_sends_alerts_of_that_node_also_without_a_token() {
    let tree = tree().await;
    let alert = |status: &str| json!({ "title": "Disk full", "fingerprint": "f", "status": status });
    let whole = tree.whole.client.post("/hooks/generic", alert("firing")).await.expect(202);
    let whole = format!("/api/v1/alerts/{}", whole["alerts"][0]["id"].as_str().unwrap());

    let jo = person_at(&tree, "jo@acme.example", &[&tree.sre_id]).await;
    let theirs = jo.client.post("/hooks/generic", alert("firing")).await.expect(202);
    let theirs = format!("/api/v1/alerts/{}", theirs["alerts"][0]["id"].as_str().unwrap());
    jo.client.post("/hooks/generic", alert("resolved")).await.expect(202);
    let seen = async |path: &str| {
        let alert = tree.whole.client.get(path).await.expect(200);
        (alert["node_id"].clone(), alert["status"].clone())
    };
    assert_eq!(seen(&theirs).await, (json!(tree.sre_id), json!("resolved")));
    assert_eq!(seen(&whole).await, (Value::Null, json!("investigating")));
}

#[tokio::test]
async fn who_acts_at_several_nodes_sends_with_a_token_of_one_and_opens_no_issue_above_them() {
    let tree = tree().await;
    let web_id =
        tree.web.client.get("/api/v1/me").await.expect(200)["nodes"][0]["id"].as_str().unwrap().to_owned();
    let jo = person_at(&tree, "jo@acme.example", &[&tree.sre_id, &web_id]).await;
    assert_eq!(jo.client.post("/hooks/generic", json!({ "title": "x" })).await.problem(403), "forbidden");

    let mut alerts = Vec::new();
    for member in [&tree.sre, &tree.web] {
        let posted = member.client.post("/hooks/generic", json!({ "title": "Disk full" })).await.expect(202);
        alerts.push(posted["alerts"][0]["id"].clone());
    }
    // Their own issues end without an answer, so they may be looked into together.
    tree.product.settle().await;
    let issue = json!({ "alert_ids": alerts, "title": "Both" });
    assert_eq!(jo.client.post("/api/v1/issues", issue.clone()).await.problem(422), "invalid_node");
    // Who may open it sees it; the others do not, not even in the answers to what they do.
    tree.whole.client.post("/api/v1/issues", issue).await.expect(201);
    let alert = format!("/api/v1/alerts/{}", alerts[1].as_str().unwrap());
    let shown = tree.web.client.get(&alert).await.expect(200)["issues"].clone();
    let answered = tree.web.client.post(&format!("{alert}/resolve"), json!({})).await.expect(200);
    assert_eq!(answered["issues"], shown);
    assert!(!shown.to_string().contains("Both"), "{shown}");
}

#[tokio::test]
async fn an_answer_is_not_repeated_to_who_lost_the_node_that_it_is_about() {
    let tree = tree().await;
    let web_id =
        tree.web.client.get("/api/v1/me").await.expect(200)["nodes"][0]["id"].as_str().unwrap().to_owned();
    let jo = person_at(&tree, "jo@acme.example", &[&tree.sre_id, &web_id]).await;
    let jo_id = jo.client.get("/api/v1/me").await.expect(200)["user"]["id"].as_str().unwrap().to_owned();
    let client = jo.client.clone().with_header("idempotency-key", "k1");
    let skill = json!({ "name": "Looks", "problem_description": "x", "sop": SOP, "node_id": tree.sre_id });
    client.post("/api/v1/skills", skill.clone()).await.expect(201);
    assert_eq!(client.post("/api/v1/skills", skill.clone()).await.headers["idempotency-replayed"], "true");
    let path = format!("/api/v1/members/{jo_id}/nodes/{}", tree.sre_id);
    tree.whole.client.delete(&path).await.expect(200);
    assert_eq!(client.post("/api/v1/skills", skill).await.problem(403), "forbidden");
}
