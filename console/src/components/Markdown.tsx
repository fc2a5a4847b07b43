import type { ComponentPropsWithoutRef } from "react";
import ReactMarkdown, { type Components } from "react-markdown";
import remarkGfm from "remark-gfm";
import classes from "./Markdown.module.css";

const plugins = [remarkGfm];

/* Headings of outside text must not disturb the outline of the page, so they are shown as bold lines. */
function heading(level: number) {
  return function Heading({ children }: ComponentPropsWithoutRef<"h1">) {
    return (
      <p className={classes.heading} data-level={level}>
        {children}
      </p>
    );
  };
}

const components: Components = {
  h1: heading(1),
  h2: heading(2),
  h3: heading(3),
  h4: heading(4),
  h5: heading(5),
  h6: heading(6),
  a: ({ href, children }) => (
    <a href={href} target="_blank" rel="noopener noreferrer nofollow">
      {children}
    </a>
  ),
  // An image would tell its host who reads this and when.
  img: ({ alt, src }) => <span className="mono">[image: {alt || String(src ?? "")}]</span>,
  pre: ({ children }) => (
    // A box that scrolls must be reachable without a mouse (WCAG 2.1.1).
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <pre tabIndex={0}>{children}</pre>
  ),
};

/** Markdown that others wrote: no HTML, no images, links open apart and tell nothing about where they came from. */
export function Markdown({ text }: { text: string }) {
  return (
    <div className={classes.markdown}>
      <ReactMarkdown remarkPlugins={plugins} components={components} skipHtml>
        {text}
      </ReactMarkdown>
    </div>
  );
}
