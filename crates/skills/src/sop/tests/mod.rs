mod conclusions;
mod grammar;
mod properties;

use super::{Sop, SopError, parse};

/// A pod that crash-loops: every construct of the format once.
const CRASH_LOOP: &str = r#"# A pod restarts again and again

Ask the team in #platform before you touch production.

## Steps

1. **Count the restarts.** The metrics know how often the pod came back.
   - run: `query_metrics(expr='increase(restarts{pod="{{ labels.pod }}"}[1h])', minutes=60)` as `restarts`
   - expect: `restarts.value > 3`
2. **Look at the last deploy.** Only if it restarts.
   - when: `restarts.value > 3`
   - run: `deploy_history(service=labels.app)` as `deploys`
3. Tell the owner.

## Verdict

- real if `restarts.value > 3 and deploys.items[0].age_minutes < 60`: "{{ labels.pod }} crash-loops since deploy {{ deploys.items[0].version }}"
  - cause: "Deploy {{ deploys.items[0].version }}"
  - because: "it restarted {{ restarts.value }} times" [restarts]
  - because: "{{ deploys.items[0].version }} is {{ deploys.items[0].age_minutes }} minutes old"
  - do: "Roll back to {{ deploys.items[1].version }}"
- false positive if `restarts.value <= 3`: "{{ labels.pod }} is stable"
  - because: "it restarted {{ restarts.value }} times"
- undetermined otherwise: "{{ labels.pod }} restarts, and no deploy explains it"
"#;

fn sop(text: &str) -> Sop {
    parse(text).unwrap_or_else(|errors| panic!("{errors:#?}"))
}

fn errors(text: &str) -> Vec<SopError> {
    parse(text).expect_err("the SOP is wrong")
}
