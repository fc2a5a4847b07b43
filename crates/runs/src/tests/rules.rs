//! Runs without a model.

use serde_json::json;

use super::fixture::{CRASH_LOOP, Fixture, kinds, new_run};

#[tokio::test]
async fn the_executable_steps_are_done_and_the_rules_conclude() {
    let fixture = Fixture::new().await;
    let skill = fixture.skill(CRASH_LOOP).await;
    let run = fixture.run(new_run()).await;

    assert_eq!(kinds(&run), ["skill_matched", "tool_called", "tool_called", "conclusion"], "{run:#}");
    assert_eq!((&run["status"], &run["mode"]), (&json!("succeeded"), &json!("rules")));
    assert_eq!(run["skill"], json!({ "id": skill, "name": "Pod crash loop" }));
    assert_eq!(run["steps"][0]["metadata"]["matched"]["how"], "binding");
    let called = &run["steps"][1]["metadata"];
    assert_eq!(
        *called,
        json!({
            "tool": "restarts", "label": "Count the restarts", "arguments": { "pod": "api-7" },
            "result": { "value": 7 }, "error": null, "truncated": false,
            "condition": { "expression": "restarts.value > 3", "met": true },
        })
    );
    let expected = json!({
        "verdict": "real", "is_real_issue": true,
        "summary": "api-7 crash-loops since v2.3", "cause": "Deploy v2.3",
        "claims": [
            { "text": "it restarted 7 times", "steps": [2], "verified": true },
            { "text": "the alert says: Pod api-7 crash-loops", "steps": [1], "verified": true },
        ],
        "actions": ["Roll back api"],
    });
    assert_eq!(run["output"], expected);
    assert_eq!(run["steps"][3]["metadata"], expected);
    let concluded = fixture.events("run.concluded.v1").await;
    assert_eq!(concluded.len(), 1);
    assert_eq!(concluded[0]["verdict"], "real");
    assert_eq!(concluded[0].get("conclusion"), None, "an event holds no words");
    assert_eq!((&concluded[0]["skill_id"], &concluded[0]["subject_type"]), (&json!(skill), &json!("issue")));
    let seqs: Vec<_> =
        fixture.events("run.step_recorded.v1").await.iter().map(|event| event["seq"].clone()).collect();
    assert_eq!(seqs, [1, 2, 3, 4]);
    assert_eq!(fixture.org.count("jobs").await, 0);
}

#[tokio::test]
async fn a_step_whose_condition_does_not_hold_is_skipped() {
    let fixture = Fixture::new().await;
    fixture.skill(CRASH_LOOP).await;
    fixture.target.answers("restarts", 200, json!({ "value": 1 }));
    let run = fixture.run(new_run()).await;

    assert_eq!(kinds(&run), ["skill_matched", "tool_called", "reasoning", "conclusion"]);
    assert_eq!(run["steps"][1]["metadata"]["condition"]["met"], false);
    assert_eq!(run["steps"][2]["metadata"]["outcome"], "skipped");
    assert_eq!(
        run["steps"][2]["content"],
        "Skipped `Look at the last deploy`: `restarts.value > 3` does not hold."
    );
    assert_eq!(fixture.target.hits("deploys"), 0);
    assert_eq!(run["output"]["verdict"], "false_positive");
    let claim = json!([{ "text": "`restarts.value <= 3` holds.", "steps": [2], "verified": true }]);
    assert_eq!(run["output"]["claims"], claim, "a rule without a `because` rests on the steps it names");
}

#[tokio::test]
async fn a_tool_that_fails_is_recorded_and_leaves_undetermined_what_needs_it() {
    let fixture = Fixture::new().await;
    fixture.skill(CRASH_LOOP).await;
    fixture.target.answers("deploys", 503, json!("down"));
    let run = fixture.run(new_run()).await;

    assert_eq!(kinds(&run), ["skill_matched", "tool_called", "tool_called", "conclusion"]);
    let called = &run["steps"][2]["metadata"];
    assert!(called["error"].as_str().unwrap().contains("HTTP 503") && called["result"].is_null(), "{called}");
    assert_eq!((&run["status"], &run["output"]["verdict"]), (&json!("succeeded"), &json!("undetermined")));
    assert_eq!(
        run["output"]["claims"][0]["steps"],
        json!([3]),
        "why it is undetermined rests on the failed call"
    );
}

#[tokio::test]
async fn what_hangs_on_a_failed_step_is_not_done() {
    let fixture = Fixture::new().await;
    fixture.skill(CRASH_LOOP).await;
    fixture.target.answers("restarts", 500, json!("down"));
    let run = fixture.run(new_run()).await;

    assert_eq!(kinds(&run), ["skill_matched", "tool_called", "reasoning", "conclusion"]);
    assert_eq!(run["steps"][2]["metadata"]["outcome"], "failed");
    assert_eq!((fixture.target.hits("deploys"), &run["output"]["verdict"]), (0, &json!("undetermined")));
}

#[tokio::test]
async fn an_argument_that_cannot_be_made_fails_the_step() {
    let fixture = Fixture::new().await;
    fixture.skill("- run: `restarts(pod=labels.node)`\n- real otherwise: \"so it is\"").await;
    let run = fixture.run(new_run()).await;
    assert_eq!(run["steps"][1]["metadata"]["error"], "argument `pod`: `labels.node` is not defined");
    assert_eq!((fixture.target.hits("restarts"), &run["output"]["verdict"]), (0, &json!("real")));
}

#[tokio::test]
async fn a_tool_that_does_not_exist_fails_the_step() {
    let fixture = Fixture::new().await;
    fixture.skill("- run: `nowhere()`").await;
    let run = fixture.run(new_run()).await;
    assert_eq!(run["steps"][1]["metadata"]["error"], "there is no active tool of the name nowhere");
    assert_eq!(run["output"]["verdict"], "undetermined");
}

#[tokio::test]
async fn no_skill_is_an_answer() {
    let fixture = Fixture::new().await;
    let run = fixture.run(new_run()).await;
    assert_eq!(kinds(&run), ["skill_matched", "conclusion"]);
    assert_eq!((&run["status"], &run["skill"]), (&json!("succeeded"), &json!(null)));
    assert_eq!(run["steps"][0]["metadata"]["matched"], json!(null));
    let output = &run["output"];
    assert_eq!((&output["verdict"], &output["is_real_issue"]), (&json!("undetermined"), &json!(null)));
    assert_eq!(output["claims"][0]["steps"], json!([1]));
}

#[tokio::test]
async fn a_skill_for_people_is_handed_to_people() {
    let fixture = Fixture::new().await;
    fixture.skill("# Crash loop\n\n1. Look at the log.\n2. Call the owner.").await;
    let run = fixture.run(new_run()).await;
    assert_eq!(kinds(&run), ["skill_matched", "conclusion"]);
    assert_eq!(run["output"]["summary"], "This skill has no executable steps and no model is configured.");
    assert_eq!(run["output"]["actions"], json!(["Look at the log.", "Call the owner."]));
}

#[tokio::test]
async fn a_result_that_is_too_long_is_cut_and_the_conclusion_says_so() {
    let fixture = Fixture::new().await;
    fixture.skill("- run: `restarts()`\n- real if `restarts.value == 7`: \"so it is\"").await;
    fixture.target.answers("restarts", 200, json!({ "value": 7, "log": "x".repeat(100_000) }));
    let run = fixture.run(new_run()).await;
    let called = &run["steps"][1]["metadata"];
    assert_eq!(called["truncated"], true);
    assert!(called["result"].to_string().len() <= 64 << 10);
    assert_eq!(run["output"]["verdict"], "real");
    assert!(run["output"]["remarks"][0].as_str().unwrap().contains("step 2 was too long"), "{run:#}");
}
