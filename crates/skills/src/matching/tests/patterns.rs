//! Patterns of bindings.

use super::super::{AlertText, Pattern};

fn alert() -> AlertText {
    let labels = [("namespace", "shop"), ("pod", "api-7")].map(|(k, v)| (k.to_owned(), v.to_owned()));
    AlertText {
        title: "Pod is crash looping".into(),
        alert_type: "KubePodCrashLooping".into(),
        description: "The bathroom light of Straße 5 is on".into(),
        labels: labels.into(),
    }
}

#[track_caller]
fn check(pattern: &str, expected: Option<&str>) {
    let found = Pattern::parse(pattern).unwrap().find(&alert());
    assert_eq!(found.as_deref(), expected, "{pattern}");
}

#[track_caller]
fn refused(pattern: &str, reason: &str) {
    let error = Pattern::parse(pattern).unwrap_err();
    assert!(error.contains(reason), "{pattern}: {error}");
}

#[test]
fn a_regular_expression_is_searched_for_in_each_field() {
    check("/crash.?loop/i", Some("/crash.?loop/i matched title"));
    check("/crash.?loop/", Some("/crash.?loop/ matched title"));
    check("/CrashLoop/", Some("/CrashLoop/ matched type"));
    check("/^namespace=(shop|web)$/", Some("/^namespace=(shop|web)$/ matched label namespace"));
    check("/crashloop/", None);
}

#[test]
fn keywords_must_all_be_found() {
    check("crash", Some("crash matched title"));
    check("CRASH shop", Some("CRASH shop matched title and label namespace"));
    check("crash shop disk", None);
    check("namespace=shop", Some("namespace=shop matched label namespace"));
}

#[test]
fn keywords_in_quotes_belong_together() {
    check("\"crash looping\"", Some("\"crash looping\" matched title"));
    check("\"looping crash\"", None);
}

#[test]
fn a_keyword_begins_a_word() {
    check("looping", Some("looping matched title"));
    check("pod", Some("pod matched title"));
    check("room", None);
    check("STRASSE", None);
    check("straße", Some("straße matched description"));
    check("api.7", None);
}

#[test]
fn what_is_no_pattern_is_refused() {
    refused("/open", "ends with");
    refused("//", "empty");
    refused("/(/", "unclosed group");
    refused("/a/x", "`x` is no flag");
    refused("  ", "empty");
    refused("\" \"", "empty");
    refused("/(a{1000}){1000}/", "size limit");
}

#[test]
fn a_nasty_expression_still_ends() {
    let long = AlertText { title: "a".repeat(50_000), ..AlertText::default() };
    assert!(Pattern::parse("/(a+)+$/").unwrap().find(&long).is_some());
    assert!(Pattern::parse("/(a+)+b$/").unwrap().find(&long).is_none());
}
