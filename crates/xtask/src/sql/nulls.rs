//! Which columns of a statement's answer may be null, as far as its text says: aggregates, sub-queries, `case`, the far side of an
//! outer join. Of a plain column the database knows it.

use super::names::plain;

/// For each column whether it may be null; none where the text does not tell. Nothing if the columns are not written out.
pub fn of(statement: &str) -> Vec<Option<bool>> {
    let text = blank(statement);
    let Some((columns, behind)) = outputs(&text) else { return Vec::new() };
    let from = From { outer: outer(behind), grouped: word(behind, "group").is_some() };
    columns.iter().map(|column| from.may_be_null(column)).collect()
}

/// What the columns come from.
struct From {
    /// The tables on the far side of an outer join.
    outer: Vec<String>,
    grouped: bool,
}

impl From {
    fn may_be_null(&self, expr: &str) -> Option<bool> {
        let expr = uncast(unwrapped(expr.trim()));
        if let Some(inside) = expr.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
            return sub_query(inside);
        }
        for either in ["and", "or"] {
            if let Some(at) = word(expr, either) {
                let (left, right) =
                    (self.may_be_null(&expr[..at]), self.may_be_null(&expr[at + either.len()..]));
                return (left == Some(false) && right == Some(false)).then_some(false);
            }
        }
        let never = ["is null", "is not null"].iter().any(|end| expr.ends_with(end));
        if never || word(expr, "distinct").is_some() || expr.starts_with("not exists") || is_literal(expr) {
            return Some(false);
        }
        if expr == "null" || top(expr, "->") {
            return Some(true);
        }
        if expr.starts_with("case ") {
            return word(expr, "else").is_none().then_some(true);
        }
        if let Some((table, _)) = expr.split_once('.').filter(|_| is_name(expr)) {
            return self.outer.iter().any(|outer| outer == table).then_some(true);
        }
        let (name, arguments) = call(expr)?;
        let parts = || arguments.iter().map(|part| self.may_be_null(part)).collect::<Vec<_>>();
        match name {
            "count" | "exists" | "array" | "row_number" | "rank" | "now" | "jsonb_build_object"
            | "jsonb_build_array" | "to_regclass_exists" => Some(false),
            "coalesce" | "greatest" | "least" => match parts() {
                parts if parts.contains(&Some(false)) => Some(false),
                parts => parts.iter().all(|part| *part == Some(true)).then_some(true),
            },
            "min" | "max" | "sum" | "avg" | "array_agg" | "jsonb_agg" | "string_agg" | "bool_or"
            | "bool_and"
                if !self.grouped =>
            {
                Some(true)
            }
            "nullif" | "to_regclass" => Some(true),
            _ => None,
        }
    }
}

/// A sub-query in the place of a value: null where it finds nothing, unless it aggregates all.
fn sub_query(text: &str) -> Option<bool> {
    let (columns, behind) = outputs(text)?;
    let from = From { outer: outer(behind), grouped: word(behind, "group").is_some() };
    let value = from.may_be_null(columns.first()?);
    let counts = call(uncast(columns.first()?)).is_some_and(|(name, arguments)| {
        let aggregate = |name: &str| {
            ["count", "min", "max", "sum", "avg", "array_agg", "jsonb_agg", "bool_or"].contains(&name)
        };
        aggregate(name) || arguments.iter().any(|part| call(part).is_some_and(|(name, _)| aggregate(name)))
    });
    if behind.is_empty() || counts && !from.grouped { value } else { Some(true) }
}

/// The statement without what is quoted, in lower case.
fn blank(statement: &str) -> String {
    let text = plain(statement).split_whitespace().collect::<Vec<_>>().join(" ");
    let pieces =
        text.split('\'').enumerate().map(|(number, piece)| if number % 2 == 1 { "_" } else { piece });
    pieces.collect::<Vec<_>>().join("'")
}

/// The columns that a statement answers with, and what follows them.
fn outputs(text: &str) -> Option<(Vec<String>, &str)> {
    let mut text = text.trim();
    if text.starts_with("with ") {
        let begins = ["select", "insert", "update", "delete", "merge"];
        text = &text[begins.iter().filter_map(|begin| word(text, begin)).min()?..];
    }
    let (list, behind) = if let Some(list) = text.strip_prefix("select ") {
        // Which of several answers a row comes from is not told.
        if word(list, "union").is_some() {
            return None;
        }
        let ends = ["from", "where", "group", "order", "limit", "for"];
        let end = ends.iter().filter_map(|end| word(list, end)).min().unwrap_or(list.len());
        (list[..end].strip_prefix("distinct ").unwrap_or(&list[..end]), &list[end..])
    } else {
        let at = word(text, "returning")?;
        (&text[at + "returning".len()..], &text[..at])
    };
    let columns: Vec<String> = split(list).iter().map(|column| unnamed(column).to_owned()).collect();
    columns.iter().all(|column| !column.ends_with('*')).then_some((columns, behind))
}

/// The names of what stands on the far side of outer joins.
fn outer(from: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (at, _) in from.match_indices("left join ") {
        let rest = &from[at + "left join ".len()..];
        let end = word(rest, "on").unwrap_or(rest.len());
        found.extend(rest[..end].split_whitespace().last().map(str::to_owned));
    }
    found
}

/// The places outside of parentheses.
fn outside(text: &str) -> impl Iterator<Item = (usize, char)> {
    let mut depth = 0_usize;
    text.char_indices().filter(move |(_, sign)| {
        match sign {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            _ => return depth == 0,
        }
        false
    })
}

/// Where a word stands outside of parentheses. The `from` of `is distinct from` is none, nor is what stands within a `case`.
fn word(text: &str, word: &str) -> Option<usize> {
    let is_part =
        |sign: Option<char>| sign.is_some_and(|sign| sign.is_alphanumeric() || sign == '_' || sign == '.');
    let places = outside(text).map(|(at, _)| at);
    places.filter(|at| text[*at..].starts_with(word)).find(|at| {
        let (before, after) = (&text[..*at], &text[at + word.len()..]);
        let whole = !is_part(before.chars().next_back()) && !is_part(after.chars().next());
        let cases = |text: &str, of: &str| text.split_whitespace().filter(|word| *word == of).count();
        let in_case = word != "else" && cases(before, "case") > cases(before, "end");
        whole && !in_case && !before.ends_with("distinct ")
    })
}

fn top(text: &str, sign: &str) -> bool {
    outside(text).any(|(at, _)| text[at..].starts_with(sign))
}

fn split(list: &str) -> Vec<&str> {
    let (mut parts, mut begin) = (Vec::new(), 0);
    for (at, sign) in outside(list) {
        if sign == ',' {
            parts.push(list[begin..at].trim());
            begin = at + 1;
        }
    }
    parts.push(list[begin..].trim());
    parts
}

/// Without `as name`.
fn unnamed(column: &str) -> &str {
    word(column, "as").map_or(column, |at| column[..at].trim())
}

/// Without `::type`.
fn uncast(expr: &str) -> &str {
    let expr = expr.trim();
    outside(expr).find(|(at, _)| expr[*at..].starts_with("::")).map_or(expr, |(at, _)| {
        let is_type = expr[at + 2..].chars().all(|sign| sign.is_alphanumeric() || "_[] ".contains(sign));
        if is_type { unwrapped(&expr[..at]) } else { expr }
    })
}

/// Without parentheses around all of it, unless these make a sub-query of it.
fn unwrapped(expr: &str) -> &str {
    let whole = expr.starts_with('(') && expr.ends_with(')') && outside(expr).next().is_none();
    let inside = expr.get(1..expr.len().saturating_sub(1)).unwrap_or_default();
    let balanced = inside.chars().try_fold(0_i32, |depth, sign| match sign {
        '(' => Some(depth + 1),
        ')' => (depth > 0).then_some(depth - 1),
        _ => Some(depth),
    });
    if whole && balanced.is_some() && !inside.starts_with("select ") {
        unwrapped(inside.trim())
    } else {
        expr
    }
}

/// A call and its arguments; what it is filtered by, or done over, changes nothing.
fn call(expr: &str) -> Option<(&str, Vec<&str>)> {
    let expr = ["filter (", "over ("].iter().fold(expr, |expr, more| {
        outside(expr).find(|(at, _)| expr[*at..].starts_with(more)).map_or(expr, |(at, _)| expr[..at].trim())
    });
    let open = expr.find('(')?;
    let name = expr[..open].trim();
    let whole = expr.ends_with(')') && outside(&expr[open..]).next().is_none() && is_name(name);
    whole.then(|| (name, split(&expr[open + 1..expr.len() - 1])))
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|sign| sign.is_alphanumeric() || sign == '_' || sign == '.')
}

fn is_literal(text: &str) -> bool {
    let number = text.chars().all(|sign| sign.is_ascii_digit() || sign == '.');
    !text.is_empty() && (number || text == "true" || text == "false" || text == "'_'")
}
