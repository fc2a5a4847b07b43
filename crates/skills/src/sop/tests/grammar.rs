//! What counts as executable, what is prose, and what is wrong.

use super::{super::Verdict, CRASH_LOOP, errors, sop};

/// The steps as `line label tool name`.
fn steps(text: &str) -> Vec<String> {
    let shown =
        |step: &crate::sop::SopStep| format!("{} {} {} {}", step.line, step.label, step.tool, step.name);
    sop(text).steps.iter().map(shown).collect()
}

/// The single complaint, as `line: detail`.
#[track_caller]
fn check(text: &str, expected: &str) {
    let found: Vec<String> = errors(text).iter().map(|e| format!("{}: {}", e.line, e.detail)).collect();
    assert_eq!(found, [expected], "{text}");
}

#[track_caller]
fn is_prose(text: &str) {
    assert!(!sop(text).is_executable(), "{text}");
}

#[test]
fn a_step_is_the_list_item_its_run_stands_in() {
    assert_eq!(
        steps(CRASH_LOOP),
        ["8 Count the restarts query_metrics restarts", "12 Look at the last deploy deploy_history deploys"]
    );
    assert_eq!(sop(CRASH_LOOP).steps[1].guard(), Some("restarts.value > 3"));
}

#[test]
fn rules_keep_their_order_and_lines() {
    let rules: Vec<_> = sop(CRASH_LOOP).rules.iter().map(|rule| (rule.line, rule.verdict)).collect();
    assert_eq!(rules, [(17, Verdict::Real), (22, Verdict::FalsePositive), (24, Verdict::Undetermined)]);
}

#[test]
fn a_section_is_a_step_too_and_a_result_is_called_after_its_tool() {
    let text = "## Check *disk*\n\nLook.\n\n- run: `disk(path='/')`\n- expect: `disk.free < 5`\n\n### Logs\n* run: `logs()`";
    assert_eq!(steps(text), ["5 Check disk disk disk", "9 Logs logs logs"]);
}

#[test]
fn a_step_may_call_several_tools_and_expect_is_about_the_call_above() {
    let text = "1. Look around\n   - when: `severity == 'high'`\n   - run: `a()`\n   - expect: `a.ok`\n   - run: `b()`\n     - expect: `b.ok`";
    let sop = sop(text);
    let shown: Vec<_> =
        sop.steps.iter().map(|s| (s.guard(), s.expect.as_ref().map(|e| e.source.as_str()))).collect();
    assert_eq!(
        shown,
        [(Some("severity == 'high'"), Some("a.ok")), (Some("severity == 'high'"), Some("b.ok"))]
    );
}

#[test]
fn emphasis_capitals_checkboxes_curly_quotes_and_remarks_do_no_harm() {
    let text = "1. Look\n   - [ ] **Run:** `a(x=1)` as `r` on a quiet day\n   - *Expect:* `r > 1`, or else it is noise\n\n\
                * **False-positive if** `r > 1`: “nothing {{ r | default(\"-\") }}”\n  * Because: “it is \\\"{{ r }}\\\"” [`r`]";
    let sop = sop(text);
    assert_eq!(sop.steps[0].expect.as_ref().unwrap().source, "r > 1");
    assert_eq!(sop.rules[0].summary.source, "nothing {{ r | default(\"-\") }}");
    assert_eq!(sop.rules[0].claims[0].text.source, "it is \"{{ r }}\"");
}

#[test]
fn what_people_write_in_runbooks_is_prose() {
    is_prose("# Restart\n\nCall someone.");
    is_prose("- Run: `kubectl get pods`\n- run: the usual script\n- Run: `reboot`");
    is_prose("1. Log in\n   - when: `it is night`\n   - expect: `200 OK`\n   - Note: `ssh` is closed");
    is_prose("> 1. Look\n>    - run: `a()`\n\n```\n- run: `a()`\n```\n\n    - run: `a()`");
    is_prose("- It is real if `x` says so.\n- Otherwise: \"call\"\n- Escalate if `x`: \"page me\"");
    is_prose("");
}

#[test]
fn calls_are_checked() {
    check("- run: `a(x='1'`", "1: the call is not closed: `)` is missing");
    check("- run: `a(x='1)`", "1: a quotation is not closed: ' is missing");
    check("- run: `a(x=[1))`", "1: `)` closes a bracket that was not opened");
    check("- run: `a(1)`", "1: name the argument: `name=1`");
    check("- run: `a(x=1, x=2)`", "1: the argument `x` is given twice");
    check("- run: `a(x=1,)`", "1: an argument is empty: there is a comma too many");
    check("- run: `a(x=)`", "1: the argument `x` has no value");
    check("- run: `a() | b()`", "1: `| b()` follows the call; one `run` is one call");
    check("- run: `a` as `r`", "1: write `a()` to call the tool `a`");
    check("- run: `a()` as `my-r`", "1: `my-r` cannot be a name: use letters, digits and `_`");
    check("- run: `a()` as `labels`", "1: `labels` is a field of the alert; give the result another name");
    check("- run: `a()`\n- run: `a()`", "2: the result `a` is already that of line 1; add as `other_name`");
}

#[test]
fn expressions_and_templates_are_checked_where_they_stand() {
    let text = "\n1. Look\n\n   - run: `a()`\n   - expect: `a >`";
    assert_eq!(errors(text)[0].line, 5);
    assert!(errors(text)[0].detail.contains("syntax error"), "{:?}", errors(text));
    assert_eq!(errors("- real if `true`: \"{{ title\"")[0].line, 1);
    check("- real if `true`:", "1: the rule needs a summary in double quotes after the colon");
}

#[test]
fn a_word_that_is_nearly_right_is_a_mistake() {
    check("1. Look\n   - rnu: `a()`", "2: `rnu` is not a word an SOP knows; did you mean `run`?");
    check(
        "1. Look\n   - run: `a()`\n   - expects: `a.ok`",
        "3: `expects` is not a word an SOP knows; did you mean `expect`?",
    );
    check(
        "- reel if `true`: \"x\"",
        "1: `reel` is not a verdict: a verdict is `real`, `false positive` or `undetermined`; did you mean `real`?",
    );
    check(
        "- real if `true`: \"x\"\n- harmless otherwise: \"y\"",
        "2: `harmless` is not a verdict: a verdict is `real`, `false positive` or `undetermined`",
    );
    check(
        "- real if `true`: \"x\"\n  - becuase: \"{{ title }}\"",
        "2: `becuase` is not a part of a rule; did you mean `because`?",
    );
}

#[test]
fn names_must_be_known_where_they_are_used() {
    check("- run: `a(x=labls.pod)`", "1: nothing is called `labls`; did you mean `labels`?");
    check("- run: `a(x='{{ b.c }}')`\n- run: `b()`", "1: `b` is not known yet: it is the result of line 2");
    check(
        "1. Look\n   - run: `a()`\n   - when: `a.ok`",
        "2: `a` is not known yet: it is the result of line 2",
    );
    check("- real if `nothing.here`: \"x\"", "1: nothing is called `nothing`");
    check("- run: `a()`\n- real if `a`: \"x\"\n  - because: \"y\" [b]", "3: no step has a result called `b`");
    check(
        "- run: `a()`\n- real if `a`: \"x\"\n  - because: \"y\"",
        "3: a claim rests on a step: use its result, or name it: [name]",
    );
}

#[test]
fn a_step_has_one_when_and_a_call_one_expect() {
    check(
        "1. Look\n   - run: `a()`\n   - when: `true`\n   - when: `false`",
        "4: the step has a `when` on line 3 already; join them with `and`",
    );
    check(
        "1. Look\n   - run: `a()`\n   - expect: `a`\n   - expect: `a`",
        "4: the call has an `expect` already; join them with `and`",
    );
}

#[test]
fn every_mistake_is_reported_in_the_order_of_the_lines() {
    let lines: Vec<usize> = errors("- run: `a(`\n- real if `x`: \"{{ y }}\"\n- run: `b(`")
        .iter()
        .map(|error| error.line)
        .collect();
    assert_eq!(lines, [1, 2, 2, 3]);
}

#[test]
fn the_example_of_the_documentation_is_read_as_it_says() {
    let documentation = include_str!("../../../../../docs/skills.md");
    let (_, rest) = documentation.split_once("```markdown\n").unwrap();
    let (example, _) = rest.split_once("\n```").unwrap();
    let sop = sop(example);
    let tools: Vec<_> = sop.steps.iter().map(|step| step.tool.as_str()).collect();
    assert_eq!(tools, ["query_metrics", "deploy_history"]);
    let verdicts: Vec<_> = sop.rules.iter().map(|rule| rule.verdict).collect();
    assert_eq!(verdicts, [Verdict::Real, Verdict::FalsePositive, Verdict::Undetermined]);
}
