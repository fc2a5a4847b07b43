import classes from "./Meter.module.css";

interface Props {
  label: string;
  value: number;
  of: number;
}

/** How much of something there is, as a bar. The numbers stand beside it. */
export function Meter({ label, value, of }: Props) {
  const share = of > 0 ? Math.min(1, Math.max(0, value / of)) : 0;
  return (
    <span className={classes.track} role="meter" aria-label={label} aria-valuemin={0} aria-valuemax={of} aria-valuenow={Math.min(value, of)}>
      <span className={classes.fill} style={{ width: `${share * 100}%` }} />
    </span>
  );
}
