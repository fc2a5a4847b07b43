import { Fragment } from "react";
import classes from "./Jobs.module.css";

/** A name out of the program, which breaks between its words where there is no room. */
export function Name({ of }: { of: string }) {
  const [first, ...others] = of.split("_");
  return (
    <span className={`mono ${classes.name}`}>
      {first}
      {others.map((word, index) => <Fragment key={others.slice(0, index + 1).join("_")}>_<wbr />{word}</Fragment>)}
    </span>
  );
}
