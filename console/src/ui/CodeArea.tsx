import classes from "./CodeArea.module.css";

export interface LineNote {
  line: number;
  detail: string;
}

interface Props {
  value: string;
  onChange: (value: string) => void;
  label: string;
  errors?: LineNote[];
  /** It grows with its text, from and to so many pixels. */
  height?: [least: number, most: number];
  readOnly?: boolean;
}

const NO_ERRORS: LineNote[] = [];
const HEIGHT: [number, number] = [160, 320];

/**
 * A text area with line numbers. A hidden copy of each line gives its number the height of the wrapped text,
 * so numbers stay beside their lines, and the frame around both is the only thing that scrolls.
 */
export function CodeArea({ value, onChange, label, errors = NO_ERRORS, height: [minHeight, maxHeight] = HEIGHT, readOnly }: Props) {
  const bad = new Map(errors.map((note) => [note.line, note.detail]));
  return (
    <div className={classes.frame} style={{ minHeight, maxHeight }}>
      <div className={classes.sheet}>
        <div aria-hidden>
          {value.split("\n").map((line, index) => (
            // Lines have no identity but their number.
            // oxlint-disable-next-line react/no-array-index-key
            <div key={index} className={bad.has(index + 1) ? `${classes.line} ${classes.bad}` : classes.line}>
              <span className={classes.number} title={bad.get(index + 1)}>
                {index + 1}
              </span>
              <span className={classes.mirror}>{line}</span>
            </div>
          ))}
        </div>
        <textarea
          className={classes.area}
          aria-label={label}
          aria-invalid={errors.length > 0}
          spellCheck={false}
          autoCapitalize="off"
          autoComplete="off"
          value={value}
          readOnly={readOnly}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      </div>
    </div>
  );
}
