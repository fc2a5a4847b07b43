import { alerts } from "./alerts.mjs";
import { bindings, skills } from "./knowledge.mjs";

/** A rough copy of the server's check: under a numbered step `- run:` names a call; bold verdicts are rules. */
export function check(sop) {
  const result = { ok: true, errors: [], steps: [], rules: [] };
  for (const [index, text] of sop.split("\n").entries()) {
    const line = index + 1;
    const step = /^\d+\.\s+(.*)$/.exec(text);
    if (step) result.steps.push({ line, label: step[1], tool: null });
    const call = /^\s+- run: `(\w+)\((.*?)`/.exec(text);
    if (call && !call[2].endsWith(")")) result.errors.push({ line, detail: "the call is not closed: `)` is missing" });
    if (call && result.steps.length > 0) result.steps.at(-1).tool = call[1];
    const rule = /\*\*(real|false positive)\*\*/.exec(text);
    if (rule) result.rules.push({ line, verdict: rule[1].replace(" ", "_") });
  }
  result.ok = result.errors.length === 0;
  return result;
}

function matches(pattern, alert) {
  const regex = /^\/(.*)\/(i?)$/.exec(pattern);
  const texts = [alert.title, alert.alert_type ?? "", alert.description ?? "", ...Object.values(alert.labels ?? {})];
  return texts.some((text) => (regex ? new RegExp(regex[1], regex[2]).test(text) : text.toLowerCase().includes(pattern.toLowerCase())));
}

/** Which of the skills that are for the alert's owner it would get. */
export function match(alert, isFor) {
  const forIt = skills.filter((skill) => isFor(skill.node_id));
  const bound = bindings.find((binding) => forIt.some((skill) => skill.id === binding.skill.id) && matches(binding.alert_pattern, alert));
  const words = alert.title.toLowerCase().split(/\W+/);
  const candidates = forIt.map((skill) => {
    const shared = words.filter((word) => word.length > 3 && skill.problem_description.toLowerCase().includes(word)).length;
    const isBound = bound?.skill.id === skill.id;
    return { skill_id: skill.id, name: skill.name, score: isBound ? 1 : Math.min(0.95, 0.15 + shared * 0.25), reason: isBound ? `Bound by ${bound.alert_pattern}` : `${shared} words in common`, how: isBound ? "binding" : "semantic" };
  }).toSorted((a, b) => b.score - a.score);
  const best = candidates[0]?.score >= 0.62 ? candidates[0] : null;
  return { matched: best && { skill_id: best.skill_id, name: best.name, how: best.how }, threshold: 0.62, candidates: candidates.slice(0, 3) };
}

export function dryRun({ pattern, skill_id }) {
  const patterns = pattern ? [pattern] : bindings.filter((binding) => binding.skill.id === skill_id).map((binding) => binding.alert_pattern);
  const found = alerts.filter((alert) => patterns.some((one) => matches(one, alert))).slice(0, 20);
  return {
    checked: alerts.length,
    matched: found.map(({ id, title, alert_type, received_at }) => ({ alert_id: id, title, alert_type, received_at, how: "binding", score: null, current: null })),
  };
}
