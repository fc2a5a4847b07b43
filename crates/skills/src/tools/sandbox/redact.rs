//! Takes secret values out of what is stored and shown.

use kernel::Secret;
use serde_json::Value;

/// What stands in place of a secret.
const MARK: &str = "«secret»";
/// Shorter values would be found everywhere by chance, and are no secrets.
const SHORTEST: usize = 4;

/// Replaces every occurrence of some secret values.
#[derive(Default)]
pub struct Redactor {
    /// Each value as it is and as it stands in a URL, the longest first.
    forms: Vec<Secret<String>>,
}

impl Redactor {
    pub fn new<'a>(values: impl IntoIterator<Item = &'a Secret<String>>) -> Self {
        let mut forms = Vec::new();
        for value in values.into_iter().map(Secret::expose).filter(|value| value.len() >= SHORTEST) {
            let encoded: String = url::form_urlencoded::byte_serialize(value.as_bytes()).collect();
            if encoded != *value {
                forms.push(Secret::new(encoded));
            }
            forms.push(Secret::new(value.clone()));
        }
        forms.sort_by_key(|form| std::cmp::Reverse(form.expose().len()));
        Self { forms }
    }

    pub fn text(&self, text: &str) -> String {
        self.forms.iter().fold(text.to_owned(), |text, form| text.replace(form.expose().as_str(), MARK))
    }

    /// Also in the names of an object's members.
    pub fn json(&self, value: Value) -> Value {
        if self.forms.is_empty() {
            return value;
        }
        match value {
            Value::String(text) => Value::String(self.text(&text)),
            Value::Array(items) => items.into_iter().map(|item| self.json(item)).collect(),
            Value::Object(members) => {
                members.into_iter().map(|(name, value)| (self.text(&name), self.json(value))).collect()
            }
            other => other,
        }
    }
}
