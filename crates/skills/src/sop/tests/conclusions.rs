//! What follows from the outcomes of steps.

use serde_json::{Value, json};

use super::{
    super::{AlertFacts, Context, Decision, RuleConclusion, StepOutcome, Verdict},
    CRASH_LOOP, sop,
};

fn alert() -> AlertFacts {
    let labels = [("pod", "api-7"), ("app", "api")].map(|(k, v)| (k.to_owned(), v.to_owned()));
    AlertFacts { title: "crash loop".into(), labels: labels.into(), ..AlertFacts::default() }
}

/// The conclusion of the crash-loop SOP after these outcomes.
fn conclude(restarts: StepOutcome, deploys: StepOutcome) -> RuleConclusion {
    let sop = sop(CRASH_LOOP);
    let mut context = Context::new(&alert());
    context.record(&sop.steps[0], restarts);
    context.record(&sop.steps[1], deploys);
    sop.verdict(&context)
}

fn done(result: Value) -> StepOutcome {
    StepOutcome::Done(result)
}

fn deploys(age: i64) -> StepOutcome {
    done(
        json!({ "items": [{ "version": "v2", "age_minutes": age }, { "version": "v1", "age_minutes": 9000 }] }),
    )
}

#[test]
fn arguments_are_made_from_the_alert_and_earlier_results() {
    let sop = sop(
        "- run: `a(x='{{ labels.pod }}: {{ [1, 2] | length }}', y=[labels.app, 3], z='\\d+\\'s', n=none)`\n\
                   - run: `b(v=a.rows[1].n * 2)`",
    );
    let mut context = Context::new(&alert());
    let arguments = sop.steps[0].arguments(&context).unwrap();
    assert_eq!(Value::from(arguments), json!({ "x": "api-7: 2", "y": ["api", 3], "z": "\\d+'s", "n": null }));

    context.record(&sop.steps[0], done(json!({ "rows": [{ "n": 1 }, { "n": 21 }] })));
    assert_eq!(Value::from(sop.steps[1].arguments(&context).unwrap()), json!({ "v": 42 }));
}

#[test]
fn a_missing_value_is_an_error_that_names_it() {
    let check = |call: &str, expected: &str| {
        let sop = sop(&format!("- run: `{call}`"));
        assert_eq!(sop.steps[0].arguments(&Context::new(&alert())).unwrap_err(), expected);
    };
    check("a(x='{{ labels.node }}')", "argument `x`: `labels.node` is not defined");
    check("a(x=labels.node)", "argument `x`: `labels.node` is not defined");
    check("a(x=labels.node.name)", "argument `x`: `labels.node` is not defined");
}

#[test]
fn nothing_makes_much_out_of_little() {
    let refused = |code: &str| {
        let checked =
            super::super::parse(&format!("- run: `a(x={code})`")).map_err(|errors| format!("{errors:?}"));
        match checked {
            Err(errors) => errors,
            Ok(sop) => sop.steps[0].arguments(&Context::new(&alert())).expect_err(code),
        }
    };
    for (code, error) in [
        ("'{% set a = \"a\" %}{% set a = a ~ a %}{{ a }}'", "statements"),
        ("'{% include \"/etc/passwd\" %}'", "statements"),
        ("'a' * 9999", "only be multiplied"),
        ("['a'] * 9999", "only be multiplied"),
        ("9999 * 'a'", "takes a number on its right"),
        ("9 * 9|string", "takes a number on its right"),
        ("'{{ 9 * labels.app }}'", "takes a number on its right"),
        ("'{{ {\"a\": {}}.a * labels.app }}'", "takes a number on its right"),
        ("'a' | replace('', 'b' | replace('b', 'bb')) | indent(99999999999)", "indent"),
        ("'%99999999999d' | format(1)", "format"),
        ("[1] | batch(99999999999, 1)", "batch"),
        ("[1] | slice(99999999999)", "slice"),
        ("range(99999)", "range"),
        ("[1] | tojson(indent=99999999999)", "argument"),
        ("[{}] | map(attribute='a', default='b')", "argument"),
    ] {
        assert!(refused(code).contains(error), "{code}: {}", refused(code));
    }
    let growing = format!("labels.app{}", " | replace('', labels.app)".repeat(40));
    assert!(refused(&growing).contains("too long"), "{}", refused(&growing));
    let quoted = format!("'\"'{}", " | tojson".repeat(40));
    assert!(refused(&quoted).contains("too long"), "{}", refused(&quoted));
    let joined = format!("'a'{}", " ~ 'a'".repeat(80));
    assert!(refused(&joined).contains("more than 64"), "{}", refused(&joined));
}

#[test]
fn what_expressions_are_for_still_works() {
    let value = |code: &str| {
        let sop = sop(&format!("- run: `a(x={code})`"));
        let arguments = sop.steps[0].arguments(&Context::new(&alert())).unwrap();
        arguments["x"].clone()
    };
    assert_eq!(value("1 + 21 * 2"), json!(43));
    assert_eq!(value("1.5 * 2"), json!(3.0));
    assert_eq!(value("2 ** 3"), json!(8));
    assert_eq!(value("[1, 2] | join('*')"), json!("1*2"));
    assert_eq!(value("'a*b' | replace('*', '-')"), json!("a-b"));
    assert_eq!(value("[{'n': 1}, {'n': 2}] | map(attribute='n') | sum"), json!(3));
    assert_eq!(value("['a'] | map('upper') | first"), json!("A"));
    assert_eq!(value("'{{ [1, 2] | tojson }} * {'"), json!("[1,2] * {"));
}

#[test]
fn the_first_rule_that_holds_concludes_with_its_evidence() {
    let conclusion = conclude(done(json!({ "value": 7 })), deploys(12));
    assert_eq!(conclusion.verdict, Verdict::Real);
    assert_eq!(conclusion.rule, Some(17));
    assert_eq!(conclusion.summary, "api-7 crash-loops since deploy v2");
    assert_eq!(conclusion.cause.as_deref(), Some("Deploy v2"));
    assert_eq!(conclusion.actions, ["Roll back to v1"]);
    let claims: Vec<_> = conclusion.claims.iter().map(|c| (c.text.as_str(), c.steps.join(","))).collect();
    assert_eq!(
        claims,
        [("it restarted 7 times", "restarts".to_owned()), ("v2 is 12 minutes old", "deploys".to_owned())]
    );
}

#[test]
fn a_rule_on_a_skipped_step_does_not_hold() {
    let conclusion =
        conclude(done(json!({ "value": 1 })), StepOutcome::Skipped("`restarts.value > 3` is false".into()));
    assert_eq!(conclusion.verdict, Verdict::FalsePositive);
    assert_eq!(conclusion.considered[0].decision, Decision::DoesNotHold(None));
}

#[test]
fn otherwise_concludes_when_no_condition_holds() {
    assert_eq!(conclude(done(json!({ "value": 7 })), deploys(600)).rule, Some(24));
}

#[test]
fn a_failed_tool_never_makes_a_false_positive() {
    let failed = || StepOutcome::Failed("connection refused".into());
    let conclusion = conclude(done(json!({ "value": 7 })), failed());
    assert_eq!((conclusion.verdict, conclusion.rule), (Verdict::Undetermined, None));
    assert_eq!(
        conclusion.summary,
        "The rule on line 17 could not be decided: `deploys` failed: connection refused"
    );
    // what failed does not matter where the rest decides
    assert_eq!(conclude(done(json!({ "value": 1 })), failed()).verdict, Verdict::FalsePositive);
}

#[test]
fn a_field_that_a_result_does_not_have_leaves_it_undetermined() {
    let conclusion = conclude(done(json!({ "count": 7 })), deploys(1));
    assert_eq!(conclusion.verdict, Verdict::Undetermined);
    assert_eq!(
        conclusion.summary,
        "The rule on line 17 could not be decided: `restarts.value` is not defined"
    );
}

#[test]
fn a_failure_can_be_the_evidence() {
    let sop = sop(
        "- run: `ping()`\n- real if `ping is undefined`: \"it does not answer\"\n  - because: \"no answer\" [ping]",
    );
    let mut context = Context::new(&alert());
    context.record(&sop.steps[0], StepOutcome::Failed("timed out".into()));
    let conclusion = sop.verdict(&context);
    assert_eq!(conclusion.verdict, Verdict::Real);
    assert_eq!(conclusion.claims[0].steps, ["ping"], "a failed call is a step that can be looked at");
}

#[test]
fn a_claim_that_cannot_be_written_is_left_out_with_a_remark() {
    let sop = sop(
        "- run: `a()`\n- real if `true`: \"x\"\n  - because: \"{{ a.n }} times\"\n  - do: \"call {{ labels.owner }}\"",
    );
    let mut context = Context::new(&alert());
    context.record(&sop.steps[0], done(json!({})));
    let conclusion = sop.verdict(&context);
    assert!(conclusion.claims.is_empty() && conclusion.actions.is_empty());
    assert_eq!(
        conclusion.remarks,
        [
            "\"call {{ labels.owner }}\" was left out: `labels.owner` is not defined",
            "the claim on line 3 was left out: `a.n` is not defined",
        ]
    );
}

#[test]
fn a_claim_about_the_alert_alone_rests_on_the_alert() {
    let sop = sop(
        "- false positive if `title == 'crash loop'`: \"known\"\n  - because: \"{{ labels.app }} does that\"",
    );
    let conclusion = sop.verdict(&Context::new(&alert()));
    assert_eq!(conclusion.claims[0].steps, ["alert"]);
}

#[test]
fn when_and_expect_say_what_they_found() {
    let sop = sop(CRASH_LOOP);
    let mut context = Context::new(&alert());
    context.record(&sop.steps[0], done(json!({ "value": 2 })));
    assert!(!sop.steps[0].expect(&context).unwrap().met);
    assert_eq!(sop.steps[1].when(&context), Decision::DoesNotHold(None));
    context.record(&sop.steps[0], StepOutcome::Failed("no route".into()));
    assert_eq!(sop.steps[1].when(&context), Decision::Undecided("`restarts` failed: no route".into()));
}

#[test]
fn an_sop_without_rules_leaves_it_undetermined() {
    let conclusion = sop("- run: `a()`").verdict(&Context::new(&alert()));
    assert_eq!((conclusion.verdict, conclusion.rule), (Verdict::Undetermined, None));
}
