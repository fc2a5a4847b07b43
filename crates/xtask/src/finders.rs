//! What is looked up says by its name whether it must be there: in `actions.rs`, `views.rs` and `store.rs` a function `get` answers the thing or an error,
//! `find` what there is, which may be nothing.

const FILES: [&str; 3] = ["/actions.rs", "/views.rs", "/store.rs"];

/// Functions whose name promises what their type does not. Methods are left out: `get` of a map is the language's own word.
pub fn misnamed(file: &str, text: &str) -> Vec<String> {
    if !file.contains("/src/") || !FILES.iter().any(|end| file.ends_with(end)) {
        return Vec::new();
    }
    let mut said = Vec::new();
    for (at, _) in text.match_indices("fn ") {
        let line = text[..at].rsplit('\n').next().unwrap_or_default();
        if !line.is_empty() && !line.starts_with("pub") && !line.starts_with("async") {
            continue;
        }
        let rest = &text[at + 3..];
        let name: String = rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
        let answer =
            rest.split(" {\n").next().and_then(|head| head.rsplit_once("-> ")).map_or("", |(_, of)| of);
        let open = answer.contains("Option<") || answer.contains("Vec<");
        let wrong = match name.split('_').next() {
            Some("get") if open => "`get` answers the thing or an error: name it `find`",
            Some("find") if !open => "`find` may answer nothing: name it `get`",
            _ => continue,
        };
        said.push(format!("{file}:{}: {name}: {wrong}", text[..at].matches('\n').count() + 1));
    }
    said
}

#[cfg(test)]
mod tests {
    use super::misnamed;

    #[test]
    fn get_is_there_and_find_may_not_be() {
        let text = "pub async fn get(tx: &mut Tx) -> Result<Option<Tool>> {\n}\nasync fn find_active(\n    tx: &mut Tx,\n) -> Result<Tool> {\n}\n\
            fn find(id: Id) -> Vec<Tool> {\n}\npub(crate) fn get_node() -> Result<Node> {\n}\nimpl Map {\n    fn get(&self) -> Option<u8> {\n    }\n}\n";
        let said = misnamed("crates/skills/src/tools/views.rs", text);
        assert_eq!(
            said,
            [
                "crates/skills/src/tools/views.rs:1: get: `get` answers the thing or an error: name it `find`",
                "crates/skills/src/tools/views.rs:3: find_active: `find` may answer nothing: name it `get`",
            ]
        );
        assert!(misnamed("crates/skills/src/tools/routes.rs", text).is_empty());
    }
}
