//! Reads a JSON document field by field and collects every place that is wrong, so that its sender can fix all of
//! them at once.

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use kernel::{Code, Error, FieldError, Result};
use serde_json::{Map, Value};

use super::{normalize::cut, signal::Texts};

/// Problems and warnings beyond this many are counted, not listed.
const LISTED: usize = 20;
const MOST_TEXTS: usize = 256;
const LONGEST_KEY: usize = 255;
const LONGEST_VALUE: usize = 8_192;

/// What is wrong so far, and what had to be changed.
pub struct Reader {
    now: DateTime<Utc>,
    errors: Vec<FieldError>,
    more_errors: usize,
    warnings: Vec<String>,
    more_warnings: usize,
}

/// A JSON object and where it stands.
pub struct Object<'a> {
    pub fields: &'a Map<String, Value>,
    pub pointer: String,
}

/// Which values a map of texts may have.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Values {
    Strings,
    /// Strings, numbers and booleans; the latter two are written out.
    Scalars,
}

/// Parses a document.
///
/// # Errors
/// 400 `malformed_json` for bad syntax, nesting deeper than 128 levels, a lone surrogate or bytes that are no UTF-8.
pub fn document(body: &[u8]) -> Result<Value> {
    serde_json::from_slice(body)
        .map_err(|error| Error::invalid("malformed_json", format!("the body: {error}")))
}

impl<'a> Object<'a> {
    /// The JSON Pointer (RFC 6901) of a field.
    pub fn at(&self, key: &str) -> String {
        format!("{}/{}", self.pointer, key.replace('~', "~0").replace('/', "~1"))
    }

    /// A field that is there and not null.
    fn get(&self, key: &str) -> Option<&'a Value> {
        self.fields.get(key).filter(|value| !value.is_null())
    }
}

impl Reader {
    pub const fn new(now: DateTime<Utc>) -> Self {
        Self { now, errors: Vec::new(), more_errors: 0, warnings: Vec::new(), more_warnings: 0 }
    }

    pub const fn now(&self) -> DateTime<Utc> {
        self.now
    }

    pub fn error(&mut self, pointer: impl Into<String>, detail: impl Into<String>) {
        if self.errors.len() < LISTED {
            self.errors.push(FieldError { pointer: pointer.into(), detail: detail.into() });
        } else {
            self.more_errors += 1;
        }
    }

    pub fn warn(&mut self, pointer: &str, detail: &str) {
        if self.warnings.len() < LISTED {
            self.warnings.push(format!("{pointer}: {detail}"));
        } else {
            self.more_warnings += 1;
        }
    }

    /// The value and the warnings, if nothing is wrong.
    ///
    /// # Errors
    /// 422 `invalid_alert` with every wrong place.
    pub fn finish<T>(mut self, value: T) -> Result<(T, Vec<String>)> {
        if let Some(first) = self.errors.first() {
            let others = self.errors.len() - 1 + self.more_errors;
            let more = if others == 0 { String::new() } else { format!(" (and {others} more)") };
            let detail = format!("{}: {}{more}; nothing was stored", first.pointer, first.detail);
            return Err(Error::Invalid { code: Code("invalid_alert"), detail, fields: self.errors });
        }
        if self.more_warnings > 0 {
            self.warnings.push(format!("and {} more", self.more_warnings));
        }
        Ok((value, self.warnings))
    }

    pub fn object<'a>(&mut self, value: &'a Value, pointer: String) -> Option<Object<'a>> {
        match value {
            Value::Object(fields) => Some(Object { fields, pointer }),
            other => {
                self.error(pointer, format!("must be an object, not {}", name_of(other)));
                None
            }
        }
    }

    pub fn array<'a>(&mut self, object: &Object<'a>, key: &str) -> Option<&'a [Value]> {
        match object.get(key) {
            Some(Value::Array(items)) => Some(items),
            Some(other) => {
                self.error(object.at(key), format!("must be an array, not {}", name_of(other)));
                None
            }
            None => {
                self.error(object.at(key), "is required");
                None
            }
        }
    }

    /// A text that says something, trimmed; null and blank are as good as absent.
    pub fn text<'a>(&mut self, object: &Object<'a>, key: &str) -> Option<&'a str> {
        match object.get(key)? {
            Value::String(text) => Some(text.trim()).filter(|text| !text.is_empty()),
            other => {
                self.error(object.at(key), format!("must be a string, not {}", name_of(other)));
                None
            }
        }
    }

    pub fn required_text<'a>(&mut self, object: &Object<'a>, key: &str) -> &'a str {
        let blank =
            object.get(key).is_none_or(|value| value.as_str().is_some_and(|text| text.trim().is_empty()));
        if blank {
            self.error(object.at(key), "is required");
        }
        self.text(object, key).unwrap_or_default()
    }

    /// Labels or annotations; absent means none.
    pub fn texts(&mut self, object: &Object<'_>, key: &str, values: Values) -> Texts {
        let Some(value) = object.get(key) else { return Texts::new() };
        let Some(map) = self.object(value, object.at(key)) else { return Texts::new() };
        if map.fields.len() > MOST_TEXTS {
            self.error(map.pointer, format!("may have {MOST_TEXTS} entries, not {}", map.fields.len()));
            return Texts::new();
        }
        let mut texts = Texts::new();
        for (key, value) in map.fields {
            let pointer = map.at(key);
            let text = match value {
                Value::String(text) => text.clone(),
                Value::Null => continue,
                Value::Number(number) if values == Values::Scalars => number.to_string(),
                Value::Bool(flag) if values == Values::Scalars => flag.to_string(),
                other => {
                    self.error(pointer, format!("must be a string, not {}", name_of(other)));
                    continue;
                }
            };
            texts.insert(self.fit(key, LONGEST_KEY, &pointer), self.fit(&text, LONGEST_VALUE, &pointer));
        }
        texts
    }

    /// A moment as RFC 3339 text or Unix time in seconds. Absent, and Go's zero time, are None; what lies outside
    /// of the time in which alerts happen is replaced by now.
    pub fn time(&mut self, object: &Object<'_>, key: &str) -> Option<DateTime<Utc>> {
        let parsed = match object.get(key)? {
            Value::String(text) => DateTime::parse_from_rfc3339(text.trim()).ok().map(|time| time.to_utc()),
            Value::Number(number) => number.as_f64().and_then(from_unix),
            _ => None,
        };
        let Some(time) = parsed else {
            self.error(object.at(key), "must be a time as in RFC 3339: 2026-11-21T09:00:00Z");
            return None;
        };
        if time.timestamp() == GO_ZERO_TIME {
            return None;
        }
        if time < DateTime::UNIX_EPOCH || time > self.now + TimeDelta::days(1) {
            self.warn(&object.at(key), "is not in the time that alerts happen in; now is taken instead");
            return Some(self.now);
        }
        Some(time.trunc_subsecs(6))
    }

    /// The text, cut to what can be stored.
    pub fn fit(&mut self, text: &str, longest: usize, pointer: &str) -> String {
        let (text, was_cut) = cut(text, longest);
        if was_cut {
            self.warn(pointer, &format!("was cut to {longest} characters"));
        }
        text
    }
}

/// 0001-01-01T00:00:00Z: how Alertmanager, a Go program, says "not yet".
const GO_ZERO_TIME: i64 = -62_135_596_800;

fn from_unix(seconds: f64) -> Option<DateTime<Utc>> {
    // Milliseconds are common too, and no alert is from after the year 5000.
    let seconds = if seconds.abs() > 1e11 { seconds / 1e3 } else { seconds };
    #[expect(clippy::cast_possible_truncation, reason = "a saturated moment is out of bounds and replaced")]
    DateTime::from_timestamp_micros((seconds * 1e6) as i64)
}

const fn name_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}
