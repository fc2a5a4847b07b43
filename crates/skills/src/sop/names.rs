//! Does every name in an SOP stand for something where it is used?

use std::collections::BTreeSet;

use super::{
    ALERT, Argument, ClaimTemplate, Sop, SopError, SopStep,
    directive::nearest,
    evaluate::AlertFacts,
    template::{Expression, Template},
};

/// Every variable is a field of the alert or the result of an earlier step; every citation is a step.
pub fn check(sop: &Sop) -> Vec<SopError> {
    let mut errors = Vec::new();
    for (at, step) in sop.steps.iter().enumerate() {
        let before = &sop.steps[..at];
        for (_, argument) in &step.arguments {
            let (Argument::Text(Template { names, .. }) | Argument::Value(Expression { names, .. })) =
                argument;
            errors.extend(unknown(step.line, names, before, sop));
        }
        if let Some(when) = &step.when {
            errors.extend(unknown(step.line, &when.names, before, sop));
        }
        if let Some(expect) = &step.expect {
            errors.extend(unknown(step.line, &expect.names, &sop.steps[..=at], sop));
        }
    }
    for rule in &sop.rules {
        let texts = std::iter::once(&rule.summary).chain(&rule.cause).chain(&rule.actions);
        let names =
            texts.map(|text| &text.names).chain(rule.condition.as_ref().map(|condition| &condition.names));
        errors.extend(names.flat_map(|names| unknown(rule.line, names, &sop.steps, sop)));
        for claim in &rule.claims {
            errors.extend(unknown(claim.line, &claim.text.names, &sop.steps, sop));
            errors.extend(uncited(claim, sop));
        }
    }
    errors
}

fn unknown(line: usize, names: &BTreeSet<String>, known: &[SopStep], sop: &Sop) -> Vec<SopError> {
    let is_known = |name: &&String| {
        AlertFacts::FIELDS.contains(&name.as_str()) || known.iter().any(|step| step.name == **name)
    };
    let complaint = |name: &String| match sop.steps.iter().find(|step| step.name == *name) {
        Some(later) => format!("`{name}` is not known yet: it is the result of line {}", later.line),
        None => {
            let known = known.iter().map(|step| step.name.as_str());
            let candidates: Vec<&str> = AlertFacts::FIELDS.into_iter().chain(known).collect();
            let hint =
                nearest(name, &candidates).map_or(String::new(), |near| format!("; did you mean `{near}`?"));
            format!("nothing is called `{name}`{hint}")
        }
    };
    let wrong = names.iter().filter(|name| !is_known(name));
    wrong.map(|name| SopError { line, detail: complaint(name) }).collect()
}

fn uncited(claim: &ClaimTemplate, sop: &Sop) -> Vec<SopError> {
    let is_step = |name: &&String| *name == ALERT || sop.steps.iter().any(|step| step.name == **name);
    let wrong = claim.steps.iter().filter(|name| !is_step(name));
    wrong
        .map(|name| SopError { line: claim.line, detail: format!("no step has a result called `{name}`") })
        .collect()
}
