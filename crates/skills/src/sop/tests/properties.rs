//! Laws of the format.

use proptest::prelude::*;

use super::{super::parse, CRASH_LOOP, sop};

/// Pieces that make Markdown and near-directives likely.
fn fragments() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("- run: `a(x='{{ b }}')` as `r`\n".to_owned()),
        Just("  - expect: `r >".to_owned()),
        Just("1. **".to_owned()),
        Just("- real if `".to_owned()),
        Just("`: \"{{".to_owned()),
        Just("}}\" [r]\n".to_owned()),
        Just("> ```\n".to_owned()),
        Just("\n\n".to_owned()),
        Just("   ".to_owned()),
        "\\PC{0,12}",
        any::<String>(),
    ];
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

/// A sentence that is no directive and no Markdown structure.
fn prose() -> impl Strategy<Value = String> {
    "[A-Z][a-zäöü ]{3,30}[a-z][.]"
}

/// What an SOP does, without where it says so.
fn meaning(text: &str) -> String {
    let shown = format!("{:?}", sop(text));
    regex::Regex::new(r"line: \d+").unwrap().replace_all(&shown, "").into_owned()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn reading_never_panics(text in fragments()) {
        if let Err(errors) = parse(&text) {
            let lines = text.split('\n').count();
            prop_assert!(!errors.is_empty());
            prop_assert!(errors.iter().all(|error| (1..=lines).contains(&error.line)), "{:?}", errors);
        }
    }

    #[test]
    fn prose_between_directives_changes_nothing(words in prose(), line in 0_usize..25) {
        let mut lines: Vec<String> = CRASH_LOOP.lines().map(str::to_owned).collect();
        // as another item beside the line that follows
        let indent: String = lines.get(line).map_or(String::new(), |l| l.chars().take_while(|c| *c == ' ').collect());
        let at = line.min(lines.len());
        lines.insert(at, format!("{indent}- {words}"));
        // inside the list of steps an item of another kind would end that list, so continue it there
        let before = lines.get(at + 1).is_some_and(|l| l.starts_with(|c: char| c.is_ascii_digit()));
        if before {
            lines[at] = format!("1. {words}");
        }
        prop_assert_eq!(meaning(&lines.join("\n")), meaning(CRASH_LOOP));
    }

    #[test]
    fn a_sentence_after_a_directive_changes_nothing(words in prose(), line in 7_usize..12) {
        let mut lines: Vec<String> = CRASH_LOOP.lines().map(str::to_owned).collect();
        prop_assume!(lines[line].trim_start().starts_with("- "));
        lines[line].push(' ');
        lines[line].push_str(&words);
        prop_assert_eq!(meaning(&lines.join("\n")), meaning(CRASH_LOOP));
    }
}
