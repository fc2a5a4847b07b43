import classes from "./Labels.module.css";

/** Labels as Prometheus writes them: name="value". */
export function Labels({ labels }: { labels: Record<string, string> }) {
  const entries = Object.entries(labels);
  if (entries.length === 0) return <span className="dim">none</span>;
  return (
    <span className={classes.labels}>
      {entries.map(([name, value]) => (
        <span key={name} className={classes.label}>
          <b>{name}=</b>
          {String(value)}
        </span>
      ))}
    </span>
  );
}
