//! What a claim may say.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::super::{
    claims::check_claims,
    evidence::{Evidence, values_of},
    model::{Claim, Conclusion, Step, StepKind, Verdict},
};

fn step(seq: i32, kind: StepKind, metadata: Value) -> Step {
    Step {
        id: crate::StepId(uuid::Uuid::nil()),
        seq,
        key: seq.to_string(),
        kind,
        content: "the answer is 4711".into(),
        metadata,
        duration_ms: None,
        created_at: testkit::start_of_time(),
    }
}

fn steps() -> Vec<Step> {
    let result = json!({ "pod": "api-7", "restarts": 7, "load": 0.934, "log": "Exit code 137 (OOMKilled)", "items": [1, 1, 1] });
    vec![
        step(1, StepKind::SkillMatched, json!({ "matched": null, "threshold": 0.5, "candidates": [] })),
        step(
            2,
            StepKind::ToolCalled,
            json!({ "tool": "metrics", "arguments": { "limit": 99 }, "result": result, "error": null }),
        ),
        step(
            3,
            StepKind::ToolCalled,
            json!({ "tool": "deploys", "arguments": {}, "result": null, "error": "HTTP 503" }),
        ),
        step(4, StepKind::Reasoning, json!({})),
    ]
}

fn concluded(claims: &[(&str, &[i32])]) -> Conclusion {
    let claim = |(text, steps): &(&str, &[i32])| Claim {
        text: (*text).into(),
        steps: steps.to_vec(),
        verified: true,
    };
    let conclusion = Conclusion {
        confidence: Some(0.8),
        claims: claims.iter().map(claim).collect(),
        ..Conclusion::new(Verdict::Real, "It crashes.")
    };
    check_claims(
        conclusion,
        &steps(),
        &json!({ "alerts": [{ "title": "Pod api-7 crash-loops", "occurrences": 12 }] }),
    )
}

/// Is a claim that cites these steps verified?
#[track_caller]
fn check(text: &str, cited: &[i32], verified: bool) {
    let conclusion = concluded(&[(text, cited)]);
    assert_eq!(conclusion.claims[0].verified, verified, "{:?}", conclusion.remarks);
}

#[test]
fn a_value_must_occur_in_what_a_cited_step_brought_to_light() {
    check("It restarted 7 times.", &[2], true);
    check("It restarted 8 times.", &[2], false);
    check("It restarted 7 times.", &[3], false);
    check("The log says \"exit code  137\".", &[2], true);
    check("The log says “exit code 139”.", &[2], false);
    check("It was `OOMKilled`.", &[2], true);
    check("The deploy history answers 503.", &[3], true);
    check("The alert came 12 times.", &[1], true);
}

#[test]
fn what_the_model_said_or_asked_for_is_no_evidence() {
    check("The answer is 4711.", &[4], false);
    check("At most 99 rows.", &[2], false);
}

#[test]
fn a_number_may_be_rounded_or_counted() {
    check("The load is 0.93.", &[2], true);
    check("The load is 93%.", &[2], true);
    check("The load is 0.94.", &[2], false);
    check("There are 3 items.", &[2], true);
}

#[test]
fn names_dates_and_citations_are_no_values() {
    check("api-9 of v3.2 failed at 14:05 on 2026-11-21, p99 too, as steps 2 and 3 [2, 3] show", &[2], true);
}

#[test]
fn a_claim_without_a_step_is_dropped_with_a_remark() {
    let conclusion =
        concluded(&[("It restarted 7 times.", &[2, 2, 9]), ("The moon is full.", &[9]), ("So be it.", &[])]);
    let kept: Vec<_> =
        conclusion.claims.iter().map(|claim| (claim.text.as_str(), claim.steps.as_slice())).collect();
    assert_eq!(kept, [("It restarted 7 times.", [2].as_slice())]);
    assert_eq!(
        conclusion.remarks,
        [
            "A claim was dropped because it cites no step of this run: The moon is full.",
            "A claim was dropped because it cites no step of this run: So be it.",
        ]
    );
    assert_eq!(conclusion.verdict, Verdict::Real);
}

#[test]
fn what_is_not_verified_lowers_the_confidence() {
    let conclusion = concluded(&[("It restarted 7 times.", &[2]), ("It restarted 70 times.", &[2])]);
    assert_eq!(conclusion.confidence, Some(0.4));
    assert_eq!(
        conclusion.remarks,
        ["Not found in the cited steps: 70. The claim was: It restarted 70 times."]
    );
}

#[test]
fn a_verdict_without_evidence_is_taken_back() {
    for claims in [vec![], vec![("The moon is full.", [9].as_slice())]] {
        let conclusion = concluded(&claims);
        assert_eq!((conclusion.verdict, conclusion.is_real_issue), (Verdict::Undetermined, None));
        let last = conclusion.remarks.last().unwrap();
        assert_eq!(last, "The verdict `real` was set aside: no claim of it cites a step of this run.");
    }
}

proptest! {
    #[test]
    fn any_text_can_be_looked_at(sentence in "\\PC{0,80}") {
        values_of(&sentence);
    }

    #[test]
    fn a_sentence_finds_its_own_values_in_itself(words in prop::collection::vec("[a-z]{1,6}|[0-9]{1,6}(\\.[0-9]{1,3})?%?|\"[a-z 0-9]{1,8}\"", 1..12)) {
        let sentence = words.join(" ");
        let mut evidence = Evidence::default();
        evidence.add(&Value::String(sentence.clone()));
        for value in values_of(&sentence) {
            prop_assert!(evidence.holds(&value), "{value} in {sentence}");
        }
    }
}
