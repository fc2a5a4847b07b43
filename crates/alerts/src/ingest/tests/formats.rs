//! What each format reads out of a body.

use chrono::{DateTime, Utc};
use kernel::Error;
use serde_json::{Value, json};

use super::{firing, webhook};
use crate::{
    Severity,
    ingest::{
        alertmanager, generic, normalize,
        reader::Reader,
        signal::{Parsed, Signal, State},
    },
};

fn now() -> DateTime<Utc> {
    testkit::start_of_time()
}

fn read_generic(body: &Value) -> Result<Parsed, Error> {
    generic::parse(body.to_string().as_bytes(), Reader::new(now()), None)
}

fn read_webhook(body: &Value) -> Result<Parsed, Error> {
    alertmanager::parse(body.to_string().as_bytes(), Reader::new(now()), None)
}

#[track_caller]
fn only(parsed: Result<Parsed, Error>) -> Signal {
    let mut signals = parsed.unwrap().signals;
    assert_eq!(signals.len(), 1);
    signals.remove(0)
}

/// The places that are wrong.
#[track_caller]
fn wrong(parsed: Result<Parsed, Error>) -> Vec<String> {
    match parsed.unwrap_err() {
        Error::Invalid { code, fields, .. } => {
            assert_eq!(code.0, "invalid_alert");
            fields.into_iter().map(|field| field.pointer).collect()
        }
        other => panic!("{other}"),
    }
}

#[test]
fn a_title_is_all_that_a_generic_alert_needs() {
    let alert = only(read_generic(&json!({ "title": "  Backup failed " })));
    assert_eq!(alert.title, "Backup failed");
    assert_eq!((alert.source.as_str(), alert.alert_type.as_str()), ("webhook", "alert"));
    assert_eq!((alert.severity, alert.state), (Severity::Medium, State::Firing));
    assert_eq!(alert.starts_at, now());
    assert_eq!(alert.group_key, alert.fingerprint);
    assert_eq!(alert.raw, json!({ "title": "  Backup failed " }));
}

#[test]
fn every_field_of_a_generic_alert_is_read() {
    let alert = only(read_generic(&json!({
        "title": "Disk full", "severity": "P1", "source": "cron", "type": "DiskFull", "description": "97 %",
        "status": "firing", "fingerprint": "disk-1", "group_key": "disks", "starts_at": "2026-11-21T10:00:00+01:00",
        "labels": { "host": "db-1", "used": 97.5, "raid": true, "none": null }, "annotations": { "note": "x" },
        "url": "https://grafana.example/d/1", "unknown": [1],
    })));
    assert_eq!((alert.severity, alert.alert_type.as_str()), (Severity::Critical, "DiskFull"));
    assert_eq!((alert.fingerprint.as_str(), alert.group_key.as_str()), ("disk-1", "cron:disks"));
    let labels: Vec<(&str, &str)> =
        alert.labels.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
    assert_eq!(labels, [("host", "db-1"), ("raid", "true"), ("used", "97.5")]);
    assert_eq!(alert.starts_at.to_rfc3339(), "2026-11-21T09:00:00+00:00");
    assert_eq!(alert.generator_url.as_deref(), Some("https://grafana.example/d/1"));
    assert_eq!(alert.description.as_deref(), Some("97 %"));
}

#[test]
fn severities_are_read_in_many_tongues() {
    let check = |word: &str, expected: Severity| {
        let parsed = read_generic(&json!({ "title": "x", "severity": word })).unwrap();
        assert_eq!((parsed.signals[0].severity, parsed.warnings.len()), (expected, 0), "{word}");
    };
    for word in ["critical", "CRITICAL", "page", "P1", "fatal", "sev1"] {
        check(word, Severity::Critical);
    }
    for word in ["high", "error", "major", "p2"] {
        check(word, Severity::High);
    }
    for word in ["medium", "warning", "Warn", "P3", "average"] {
        check(word, Severity::Medium);
    }
    for word in ["low", "info", "none", "p5", " notice "] {
        check(word, Severity::Low);
    }
    let unknown = read_generic(&json!({ "title": "x", "severity": "purple" })).unwrap();
    assert_eq!(unknown.signals[0].severity, Severity::Medium);
    assert_eq!(unknown.warnings, ["/severity: is no severity that is known; medium is taken instead"]);
}

#[test]
fn states_are_read_in_many_tongues() {
    for word in ["resolved", "OK", "closed", "recovered"] {
        let alert = only(read_generic(&json!({ "title": "x", "status": word })));
        assert_eq!(alert.state, State::Resolved(now()), "{word}");
    }
    for word in ["firing", "Alerting", "open", "triggered"] {
        assert_eq!(
            only(read_generic(&json!({ "title": "x", "status": word }))).state,
            State::Firing,
            "{word}"
        );
    }
    assert_eq!(wrong(read_generic(&json!({ "title": "x", "status": "maybe" }))), ["/status"]);
}

#[test]
fn a_time_outside_of_the_time_of_alerts_is_replaced_by_now() {
    let check = |time: Value, expected: &str, warnings: usize| {
        let parsed = read_generic(&json!({ "title": "x", "starts_at": time })).unwrap();
        assert_eq!(parsed.signals[0].starts_at, expected.parse::<DateTime<Utc>>().unwrap(), "{time}");
        assert_eq!(parsed.warnings.len(), warnings, "{time}");
    };
    check(json!("2026-11-21T08:00:00Z"), "2026-11-21T08:00:00Z", 0);
    check(json!(1_795_248_000), "2026-11-21T08:00:00Z", 0);
    check(json!(1_795_248_000_000_u64), "2026-11-21T08:00:00Z", 0);
    check(json!("0001-01-01T00:00:00Z"), "2026-11-21T12:00:00Z", 0);
    check(json!("1969-12-31T23:59:59Z"), "2026-11-21T12:00:00Z", 1);
    check(json!("2030-01-01T00:00:00Z"), "2026-11-21T12:00:00Z", 1);
    for time in [json!("yesterday"), json!(1e300), json!(true)] {
        assert_eq!(wrong(read_generic(&json!({ "title": "x", "starts_at": time }))), ["/starts_at"]);
    }
}

#[test]
fn every_wrong_place_is_named() {
    let check = |body: Value, expected: &[&str]| assert_eq!(wrong(read_generic(&body)), expected, "{body}");
    check(json!({}), &["/title"]);
    check(json!({ "title": "  " }), &["/title"]);
    check(
        json!({ "title": 1, "severity": 2, "labels": [], "annotations": { "a": {} } }),
        &["/title", "/severity", "/labels", "/annotations/a"],
    );
    check(
        json!([{ "title": "x" }, 3, { "title": null, "labels": { "a/b": [] } }]),
        &["/1", "/2/title", "/2/labels/a~1b"],
    );
    check(json!("text"), &[""]);

    let check = |body: Value, expected: &[&str]| assert_eq!(wrong(read_webhook(&body)), expected, "{body}");
    check(json!([]), &[""]);
    check(json!({}), &["/alerts"]);
    check(json!({ "alerts": {} }), &["/alerts"]);
    check(json!({ "alerts": [{}] }), &["/alerts/0/labels"]);
    check(json!({ "alerts": [{ "labels": { "a": 1 } }] }), &["/alerts/0/labels/a"]);
    check(
        json!({ "alerts": [{ "labels": { "a": "b" }, "status": "on", "startsAt": "noon" }] }),
        &["/alerts/0/status", "/alerts/0/startsAt"],
    );
}

#[test]
fn too_many_alerts_are_refused() {
    let many = |count| json!({ "alerts": vec![json!({ "labels": { "a": "b" } }); count] });
    assert_eq!(read_webhook(&many(2_000)).unwrap().signals.len(), 2_000);
    assert_eq!(wrong(read_webhook(&many(2_001))), ["/alerts"]);
    assert_eq!(wrong(read_generic(&json!(vec![json!({ "title": "x" }); 1_001]))), [""]);
}

#[test]
fn bad_json_is_refused_by_the_parser() {
    let check = |body: &[u8], expected: &str| {
        let error = generic::parse(body, Reader::new(now()), None).unwrap_err();
        assert_eq!(error.code().0, "malformed_json");
        assert!(error.to_string().contains(expected), "{error}");
    };
    check(b"", "EOF");
    check(b"{\"title\": ", "EOF");
    check(b"{} {}", "trailing characters");
    check(br#"{"title":"\ud800"}"#, "hex escape");
    check(b"{\"title\":\"\xff\"}", "unicode");
    check("[".repeat(100_000).as_bytes(), "recursion limit");
}

#[test]
fn long_texts_are_cut_at_a_character_and_say_so() {
    let parsed = read_generic(&json!({ "title": "é".repeat(600), "source": "s".repeat(101) })).unwrap();
    assert_eq!(parsed.signals[0].title.chars().count(), 500);
    assert!(parsed.signals[0].title.ends_with("é…"));
    assert_eq!(parsed.warnings, ["/title: was cut to 500 characters", "/source: was cut to 100 characters"]);
}

#[test]
fn long_keys_are_hashed_so_that_they_stay_different() {
    let key = |end: &str| {
        only(read_generic(&json!({ "title": "x", "fingerprint": "k".repeat(300) + end }))).fingerprint
    };
    assert_ne!(key("a"), key("b"));
    assert!(key("a").starts_with("sha256:"));
}

#[test]
fn a_link_that_is_no_web_address_is_left_out() {
    let parsed = read_generic(&json!({ "title": "x", "url": "javascript:alert(1)" })).unwrap();
    assert_eq!((&parsed.signals[0].generator_url, parsed.warnings.len()), (&None, 1));
}

#[test]
fn an_alert_without_a_fingerprint_is_known_by_its_labels_in_any_order() {
    let read = |labels: &str| {
        let body = format!(r#"{{"alerts":[{{"labels":{labels}}}]}}"#);
        only(alertmanager::parse(body.as_bytes(), Reader::new(now()), None)).fingerprint
    };
    assert_eq!(read(r#"{"a":"1","b":"2"}"#), read(r#"{"b":"2","a":"1"}"#));
    assert_ne!(read(r#"{"a":"1","b":"2"}"#), read(r#"{"a":"1b","":"2"}"#));
    assert_ne!(normalize::hash(["ab", "c"]), normalize::hash(["a", "bc"]));
}

#[test]
fn a_title_is_found_wherever_a_rule_put_it() {
    let check = |labels: Value, annotations: Value, expected: &str| {
        let mut alert = firing("a");
        (alert["labels"], alert["annotations"]) = (labels, annotations);
        assert_eq!(only(read_webhook(&webhook(&[alert]))).title, expected);
    };
    check(json!({ "alertname": "Down" }), json!({ "summary": "S", "title": "T" }), "S");
    check(json!({ "alertname": "Down" }), json!({ "summary": " ", "title": "T" }), "T");
    check(json!({ "alertname": "Down" }), json!({ "message": "M" }), "M");
    check(json!({ "alertname": "Down", "job": "j", "pod": "p-1" }), json!({}), "Down (p-1)");
    check(json!({ "alertname": "Down" }), json!({}), "Down");
    check(json!({ "alertname": " ", "x": "y" }), json!({}), "alert");
}
