//! JSON Schemas of arguments, which people and MCP servers write.
//!
//! A schema of a few lines can ask for more work than there is time: definitions that each refer twice to the next one
//! double with every step. So before anything is checked, [`Cost`] counts the worst case: how often one value, with
//! those that it stands in, is looked at. Values that lie beside each other add up only as the arguments grow, so among
//! `properties` the dearest counts. To count it, every `$ref` must lead into the schema itself.

use std::collections::HashMap;

use jsonschema::{PatternOptions, Validator};
use serde_json::{Map, Value};

/// How often one value and those around it may be looked at.
const MAX_VISITS: u64 = 10_000;
/// How often values may be looked at in one check of arguments.
const MAX_WORK: u64 = 20_000_000;
/// How deep arguments may nest.
const MAX_DEPTH: usize = 32;
/// The nesting that every schema must allow for.
const SHALLOW: usize = 4;
/// How many schemas may stand in each other, references followed.
const MAX_CHAIN: usize = 500;
/// Steps back that a regular expression may take on one text.
const MAX_BACKTRACKING: usize = 10_000;

/// Fails with why it cannot be the schema of a tool.
pub fn validate(schema: &Value) -> Result<(), String> {
    visits(schema, SHALLOW)?;
    compile(schema).map(drop)
}

/// Checks arguments; the error names the JSON Pointer of what is wrong.
pub fn check(schema: &Value, arguments: &Value) -> Result<(), String> {
    let wrong = |error| format!("its input schema is wrong: {error}");
    let depth = depth(arguments, MAX_DEPTH).ok_or("the arguments nest too deep")?;
    let visits = visits(schema, depth).map_err(wrong)?;
    if visits.saturating_mul(count(arguments)) > MAX_WORK {
        return Err("the arguments are too large to be checked against the input schema".into());
    }
    let validator = compile(schema).map_err(wrong)?;
    let errors: Vec<String> = validator
        .iter_errors(arguments)
        .take(5)
        .map(|error| match error.instance_path().to_string() {
            place if place.is_empty() => error.to_string(),
            place => format!("{place}: {error}"),
        })
        .collect();
    if errors.is_empty() { Ok(()) } else { Err(format!("the arguments do not fit: {}", errors.join("; "))) }
}

fn compile(schema: &Value) -> Result<Validator, String> {
    let patterns = PatternOptions::fancy_regex().backtrack_limit(MAX_BACKTRACKING);
    let options = jsonschema::options().with_pattern_options(patterns);
    options.build(schema).map_err(|error| error.to_string())
}

/// How deep it nests; nothing if deeper than `most`.
fn depth(value: &Value, most: usize) -> Option<usize> {
    let inside = |mut children: Box<dyn Iterator<Item = &Value> + '_>| {
        children
            .try_fold(0, |deepest: usize, child| Some(deepest.max(1 + depth(child, most.checked_sub(1)?)?)))
    };
    match value {
        Value::Array(items) => inside(Box::new(items.iter())),
        Value::Object(fields) => inside(Box::new(fields.values())),
        _ => Some(0),
    }
}

fn count(value: &Value) -> u64 {
    1 + match value {
        Value::Array(items) => items.iter().map(count).sum(),
        Value::Object(fields) => fields.values().map(count).sum(),
        _ => 0_u64,
    }
}

/// How often one value and those around it are looked at in the worst case, if arguments nest that deep.
fn visits(schema: &Value, depth: usize) -> Result<u64, String> {
    if moves_base(schema, true, is_draft_4(schema)) {
        return Err("only its root may have `$id` and `$schema`".into());
    }
    let mut cost = Cost { root: schema, known: HashMap::new() };
    let visits = cost.of(schema, depth, 0)?;
    if visits > MAX_VISITS {
        return Err(format!("checking one value may take more than {MAX_VISITS} steps; simplify it"));
    }
    Ok(visits)
}

fn is_draft_4(schema: &Value) -> bool {
    schema["$schema"].as_str().is_some_and(|draft| draft.contains("draft-04"))
}

/// Whether something inside changes what references are relative to.
fn moves_base(value: &Value, root: bool, draft_4: bool) -> bool {
    match value {
        Value::Array(items) => items.iter().any(|item| moves_base(item, false, draft_4)),
        Value::Object(fields) => {
            let names = |key: &str| fields.get(key).is_some_and(Value::is_string);
            let moves = names("$id") || names("$schema") || (draft_4 && names("id"));
            (moves && !root) || fields.values().any(|field| moves_base(field, false, draft_4))
        }
        _ => false,
    }
}

struct Cost<'a> {
    root: &'a Value,
    /// By place in memory and depth; nothing while it is counted.
    known: HashMap<(*const Value, usize), Option<u64>>,
}

impl<'a> Cost<'a> {
    fn of(&mut self, schema: &'a Value, depth: usize, chain: usize) -> Result<u64, String> {
        let Value::Object(keywords) = schema else { return Ok(1) };
        if chain > MAX_CHAIN {
            return Err("its parts stand too deep in each other".into());
        }
        let key = (std::ptr::from_ref(schema), depth);
        match self.known.insert(key, None) {
            Some(Some(known)) => {
                self.known.insert(key, Some(known));
                return Ok(known);
            }
            Some(None) => return Err("a `$ref` leads back to itself without a property between".into()),
            None => {}
        }
        let same = self.same_value(keywords, depth, chain + 1)?;
        let inside = match depth.checked_sub(1) {
            Some(depth) => self.inside(keywords, depth, chain + 1)?,
            None => 0,
        };
        // what was not evaluated is found by evaluating once more
        let again = keywords.keys().any(|keyword| keyword.starts_with("unevaluated"));
        let listed = keywords.get("enum").and_then(Value::as_array).map_or(0, Vec::len) as u64 / 8;
        let times = if again { 3 } else { 1 };
        let cost = same.saturating_add(inside).saturating_mul(times).saturating_add(1 + listed);
        self.known.insert(key, Some(cost));
        Ok(cost)
    }

    /// Schemas for the same value.
    fn same_value(
        &mut self,
        keywords: &'a Map<String, Value>,
        depth: usize,
        chain: usize,
    ) -> Result<u64, String> {
        let mut sum = 0_u64;
        for (keyword, value) in keywords {
            let costs = match keyword.as_str() {
                "$ref" => vec![self.of(self.target(value)?, depth, chain)?],
                "$dynamicRef" | "$recursiveRef" => return Err(format!("`{keyword}` is not supported")),
                "not" | "if" | "then" | "else" | "extends" => vec![self.of(value, depth, chain)?],
                "allOf" | "anyOf" | "oneOf" | "dependentSchemas" | "dependencies" | "type" | "disallow" => {
                    self.each(value, depth, chain)?
                }
                _ => continue,
            };
            sum = costs.into_iter().fold(sum, u64::saturating_add);
        }
        Ok(sum)
    }

    /// Schemas for the values inside: one that stands in an object, or in an array.
    fn inside(
        &mut self,
        keywords: &'a Map<String, Value>,
        depth: usize,
        chain: usize,
    ) -> Result<u64, String> {
        let (mut sum, mut dearest) = (0_u64, 0);
        for (keyword, value) in keywords {
            match keyword.as_str() {
                "properties" | "prefixItems" => {
                    let costs = self.each(value, depth, chain)?;
                    dearest = costs.into_iter().fold(dearest, u64::max);
                }
                "items" if value.is_array() => {
                    let costs = self.each(value, depth, chain)?;
                    dearest = costs.into_iter().fold(dearest, u64::max);
                }
                "patternProperties" => {
                    sum = self.each(value, depth, chain)?.into_iter().fold(sum, u64::saturating_add);
                }
                "items"
                | "contains"
                | "additionalItems"
                | "additionalProperties"
                | "propertyNames"
                | "unevaluatedItems"
                | "unevaluatedProperties" => {
                    sum = sum.saturating_add(self.of(value, depth, chain)?);
                }
                _ => {}
            }
        }
        Ok(sum.saturating_add(dearest))
    }

    fn each(&mut self, schemas: &'a Value, depth: usize, chain: usize) -> Result<Vec<u64>, String> {
        match schemas {
            Value::Array(schemas) => schemas.iter().map(|schema| self.of(schema, depth, chain)).collect(),
            Value::Object(schemas) => schemas.values().map(|schema| self.of(schema, depth, chain)).collect(),
            _ => Ok(Vec::new()),
        }
    }

    fn target(&self, reference: &Value) -> Result<&'a Value, String> {
        let unknown = || format!("{reference} leads to nothing in this schema");
        let fragment = reference.as_str().and_then(|text| text.strip_prefix('#')).ok_or_else(unknown)?;
        // what stands encoded in a reference, such as %25, is decoded as in a query
        let decoded = url::form_urlencoded::parse(
            fragment.replace('+', "%2B").replace('&', "%26").replace('=', "%3D").as_bytes(),
        )
        .next()
        .map_or_else(String::new, |(name, _)| name.into_owned());
        self.root.pointer(&decoded).ok_or_else(unknown)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    /// Definitions of which each refers twice to the next.
    fn doubling(depth: usize, refer: impl Fn(Value) -> Value) -> Value {
        let definition = |at: usize| {
            let next = json!({ "$ref": format!("#/$defs/a{}", at + 1) });
            (format!("a{at}"), if at == depth { json!({ "type": "string" }) } else { refer(next) })
        };
        let definitions: Map<String, Value> = (0..=depth).map(definition).collect();
        json!({ "$ref": "#/$defs/a0", "$defs": definitions })
    }

    #[test]
    fn definitions_that_double_are_refused_on_save_and_at_the_call() {
        for keyword in ["anyOf", "oneOf", "allOf"] {
            let schema = doubling(40, |next| json!({ keyword: [next, next] }));
            assert!(validate(&schema).unwrap_err().contains("10000 steps"));
            assert!(check(&schema, &json!({})).unwrap_err().contains("10000 steps"));
        }
        assert_eq!(validate(&doubling(5, |next| json!({ "anyOf": [next, next] }))), Ok(()));
    }

    #[test]
    fn doubling_that_needs_deep_arguments_is_refused_with_those() {
        let twice = json!({ "properties": { "x": { "$ref": "#" } } });
        let schema = json!({ "anyOf": [twice, twice] });
        assert_eq!(check(&schema, &json!({ "x": { "x": {} } })), Ok(()));
        let deep = (0..30).fold(json!({}), |inner, _| json!({ "x": inner }));
        assert!(check(&schema, &deep).unwrap_err().contains("10000 steps"));
    }

    #[test]
    fn schemas_that_stand_in_themselves_are_refused() {
        for schema in [
            json!({ "$ref": "#" }),
            json!({ "anyOf": [{ "type": "string" }, { "$ref": "#" }] }),
            json!({ "$ref": "#/$defs/a", "$defs": { "a": { "not": { "$ref": "#/$defs/a" } } } }),
        ] {
            assert!(validate(&schema).unwrap_err().contains("leads back"), "{schema}");
        }
    }

    #[test]
    fn references_that_cannot_be_followed_are_refused() {
        for schema in [
            json!({ "$ref": "http://json-schema.org/draft-07/schema#" }),
            json!({ "$ref": "#/$defs/nothing" }),
            json!({ "$dynamicRef": "#a" }),
            json!({ "properties": { "a": { "$id": "http://a/", "$ref": "#" } } }),
        ] {
            assert!(validate(&schema).is_err(), "{schema}");
        }
    }

    #[test]
    fn a_tree_and_wide_objects_are_accepted() {
        let tree = json!({
            "$defs": { "a b": { "type": "object", "properties": {
                "left": { "$ref": "#/$defs/a%20b" }, "right": { "$ref": "#/$defs/a%20b" } } } },
            "$ref": "#/$defs/a%20b"
        });
        assert_eq!(validate(&tree), Ok(()));
        let deep = (0..30).fold(json!({}), |inner, _| json!({ "left": inner }));
        assert_eq!(check(&tree, &deep), Ok(()));
        assert_eq!(check(&tree, &json!({ "left": deep, "right": {} })), Ok(()));
        let wide: Map<String, Value> =
            (0..500).map(|at| (format!("p{at}"), json!({ "type": "string" }))).collect();
        assert_eq!(validate(&json!({ "properties": wide })), Ok(()));
    }

    #[test]
    fn arguments_that_nest_without_end_and_long_chains_are_refused() {
        let deep = (0..100).fold(json!({}), |inner, _| json!({ "x": inner }));
        assert_eq!(check(&json!({}), &deep), Err("the arguments nest too deep".into()));
        let chain = doubling(1_000, |next| next);
        assert!(validate(&chain).unwrap_err().contains("too deep"));
    }

    fn schemas() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(json!({ "type": "string" })),
            (0..4_usize).prop_map(|at| json!({ "$ref": format!("#/$defs/{at}") })),
        ];
        leaf.prop_recursive(3, 12, 3, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 1..4).prop_map(|of| json!({ "anyOf": of })),
                prop::collection::vec(inner.clone(), 1..4).prop_map(|of| json!({ "oneOf": of })),
                inner.clone().prop_map(|of| json!({ "properties": { "x": of } })),
                inner.prop_map(|of| json!({ "items": of, "unevaluatedItems": false })),
            ]
        })
    }

    fn arguments() -> impl Strategy<Value = Value> {
        Just(json!("a")).prop_recursive(6, 12, 2, |inner| {
            prop_oneof![
                inner.clone().prop_map(|of| json!({ "x": of })),
                prop::collection::vec(inner, 0..3).prop_map(Value::Array),
            ]
        })
    }

    proptest! {
        /// That it ends is the law.
        #[test]
        fn every_check_ends(definitions in prop::collection::vec(schemas(), 4), arguments in arguments()) {
            let definitions: Map<String, Value> =
                definitions.into_iter().enumerate().map(|(at, schema)| (at.to_string(), schema)).collect();
            let schema = json!({ "$ref": "#/$defs/0", "$defs": definitions });
            let _ = (validate(&schema), check(&schema, &arguments));
        }
    }
}
