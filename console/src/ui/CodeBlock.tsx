import { CopyButton } from "./CopyButton";
import classes from "./CodeBlock.module.css";

interface Props {
  code: string;
  label: string;
  maxHeight?: number;
  wrap?: true;
}

/** Text to read and copy, in a box that scrolls by itself and can be reached by keyboard. */
export function CodeBlock({ code, label, maxHeight = 420, wrap }: Props) {
  return (
    <div className={classes.block}>
      <pre
        className={wrap ? `${classes.code} ${classes.wrap}` : classes.code}
        style={{ maxHeight }}
        // A box that scrolls must be reachable without a mouse (WCAG 2.1.1).
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
        role="group"
        aria-label={label}
      >
        {code}
      </pre>
      <span className={classes.copy}>
        <CopyButton text={code} label={`Copy ${label.toLowerCase()}`} />
      </span>
    </div>
  );
}

export function JsonBlock({ value, label, maxHeight }: { value: unknown; label: string; maxHeight?: number }) {
  const code = typeof value === "string" ? value : JSON.stringify(value, null, 2);
  return <CodeBlock code={code ?? "null"} label={label} maxHeight={maxHeight} wrap />;
}
