import classes from "./ScoreBar.module.css";

/** A score from 0 to 1, with the mark it had to reach. */
export function ScoreBar({ score, threshold }: { score: number; threshold?: number }) {
  const hit = threshold === undefined || score >= threshold;
  return (
    <span className={classes.row}>
      <span className={classes.track}>
        <span
          className={hit ? `${classes.fill} ${classes.hit}` : classes.fill}
          style={{ display: "block", width: `${Math.min(100, Math.max(0, score * 100))}%` }}
        />
        {threshold !== undefined && (
          <span className={classes.threshold} style={{ left: `${threshold * 100}%` }} title={`Threshold ${threshold.toFixed(2)}`} />
        )}
      </span>
      <span className="mono">{score.toFixed(2)}</span>
    </span>
  );
}
