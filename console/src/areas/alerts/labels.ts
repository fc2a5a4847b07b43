/* Labels that repeat what a row already shows. */
const SHOWN_ELSEWHERE = new Set(["alertname", "severity", "__name__"]);

/* The labels that say where something is, most telling first. */
const TELLING = ["namespace", "pod", "container", "service", "job", "instance", "node", "device", "mountpoint"];

function rank(name: string): number {
  const index = TELLING.indexOf(name);
  return index < 0 ? TELLING.length : index;
}

/** The few labels that tell one alert of a kind from another, as `name=value`. */
export function summarizeLabels(labels: Record<string, string>, most = 3): string {
  return Object.entries(labels)
    .filter(([name]) => !SHOWN_ELSEWHERE.has(name))
    .toSorted(([a], [b]) => rank(a) - rank(b) || a.localeCompare(b))
    .slice(0, most)
    .map(([name, value]) => `${name}=${value}`)
    .join(" ");
}
