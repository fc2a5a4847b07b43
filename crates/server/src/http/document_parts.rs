//! The OpenAPI document in files, as it is committed: one for each tag and one for each subject of events, so that a change is read where it belongs. Together
//! they are the document: what stands in several is merged, member by member.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use kernel::{Error, Result};
use serde_json::{Map, Value};
use utoipa::openapi::OpenApi;

/// What no tag has for itself: what the document says of the whole, and shapes that several use.
const SHARED: &str = "shared";

/// The parts by the names of their files.
pub fn parts(document: &OpenApi) -> Result<BTreeMap<String, Value>> {
    let Value::Object(mut shared) = serde_json::to_value(document)? else {
        unreachable!("a document is an object")
    };
    let mut parts = BTreeMap::<String, Map<String, Value>>::new();
    for section in ["paths", "webhooks"] {
        for (path, method, operation) in operations(shared.remove(section)) {
            let tag = operation["tags"][0].as_str().unwrap_or(SHARED);
            let name = match section {
                "webhooks" => format!("{tag}.{}", path.split('.').next().unwrap_or_default()),
                _ => tag.to_owned(),
            };
            member(member(parts.entry(name).or_default(), section), &path).insert(method, operation);
        }
    }
    let shapes = member(member(&mut shared, "components"), "schemas").clone();
    let mut users = BTreeMap::<String, BTreeSet<String>>::new();
    for (user, part) in &parts {
        let mut used = BTreeSet::new();
        part.values().for_each(|section| collect(section, &shapes, &mut used));
        for name in used {
            users.entry(name).or_default().insert(user.clone());
        }
    }
    for (name, parts_with_it) in users {
        if let (Some(only), 1) = (parts_with_it.first(), parts_with_it.len())
            && let Some(shape) = member(member(&mut shared, "components"), "schemas").remove(&name)
        {
            member(member(parts.entry(only.clone()).or_default(), "components"), "schemas")
                .insert(name, shape);
        }
    }
    parts.insert(SHARED.to_owned(), shared);
    Ok(parts.into_iter().map(|(name, part)| (name, Value::Object(part))).collect())
}

/// Writes the parts into a folder, and nothing else is left there.
pub fn write(document: &OpenApi, folder: &Path) -> Result<()> {
    fs::create_dir_all(folder).map_err(Error::internal)?;
    let parts = parts(document)?;
    for entry in fs::read_dir(folder).map_err(Error::internal)? {
        let file = entry.map_err(Error::internal)?.path();
        let known =
            file.file_stem().and_then(|name| name.to_str()).is_some_and(|name| parts.contains_key(name));
        if !known && file.extension().is_some_and(|extension| extension == "json") {
            fs::remove_file(file).map_err(Error::internal)?;
        }
    }
    for (name, part) in parts {
        fs::write(folder.join(format!("{name}.json")), text(&part)?).map_err(Error::internal)?;
    }
    Ok(())
}

/// As it stands in the file.
pub fn text(part: &Value) -> Result<String> {
    Ok(serde_json::to_string_pretty(part)? + "\n")
}

fn operations(section: Option<Value>) -> Vec<(String, String, Value)> {
    let Some(Value::Object(paths)) = section else { return Vec::new() };
    let of = |(path, item): (String, Value)| {
        let Value::Object(methods) = item else { return Vec::new() };
        methods.into_iter().map(|(method, operation)| (path.clone(), method, operation)).collect()
    };
    paths.into_iter().flat_map(of).collect()
}

fn member<'m>(object: &'m mut Map<String, Value>, name: &str) -> &'m mut Map<String, Value> {
    let value = object.entry(name).or_insert_with(|| Value::Object(Map::new()));
    let Value::Object(member) = value else { unreachable!("{name} is an object") };
    member
}

/// The names of the shapes that a value refers to, and those to which these refer.
fn collect(value: &Value, shapes: &Map<String, Value>, used: &mut BTreeSet<String>) {
    match value {
        Value::Object(object) => {
            let name = object.get("$ref").and_then(Value::as_str).and_then(|to| to.rsplit('/').next());
            if let Some(name) = name
                && used.insert(name.to_owned())
                && let Some(shape) = shapes.get(name)
            {
                collect(shape, shapes, used);
            }
            object.values().for_each(|value| collect(value, shapes, used));
        }
        Value::Array(values) => values.iter().for_each(|value| collect(value, shapes, used)),
        _ => {}
    }
}
