import { Group, Title } from "@mantine/core";
import { useDocumentTitle } from "@mantine/hooks";
import { Link, type LinkProps } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { usePermission } from "@/api/rights";
import { NoPermission } from "@/ui/states";
import classes from "./Page.module.css";

interface Props {
  title: string;
  /** Where the page hangs: the pages above it, outermost first. */
  above?: { label: string; to: LinkProps["to"] }[];
  /** The state of what the page shows, beside its name. */
  tag?: ReactNode;
  actions?: ReactNode;
  /** Shown only to callers with this permission; to everybody without one. */
  permission?: string;
  /** For pages that lay out their own edges. */
  full?: true;
  children: ReactNode;
}

const TOP: NonNullable<Props["above"]> = [];

/** A page: its place, its name, what can be done on it, and itself. */
export function Page({ title, above = TOP, tag, actions, permission, full, children }: Props) {
  useDocumentTitle(`${title} · Steward`);
  const allowed = usePermission(permission ?? "") || !permission;
  return (
    <>
      <header className={classes.head}>
        <div className={classes.trail}>
          {above.length > 0 && (
            <nav aria-label="Breadcrumbs" className={classes.crumbs}>
              {above.map((place) => (
                <span key={place.label}>
                  <Link to={place.to} className="dim">{place.label}</Link> /
                </span>
              ))}
            </nav>
          )}
          <Title order={1} title={title}>
            {title}
          </Title>
          {allowed && tag}
        </div>
        {allowed && actions && <Group gap="xs">{actions}</Group>}
      </header>
      <div className={full ? `${classes.body} ${classes.full}` : classes.body}>
        {allowed ? children : <NoPermission detail={`Your role lacks the permission ${permission}. Ask an administrator.`} />}
      </div>
    </>
  );
}
