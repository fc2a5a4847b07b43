import { Button } from "@mantine/core";
import type { UseMutationResult } from "@tanstack/react-query";
import type { Where } from "@/api/rights";
import type { SecretVersion } from "@/api/types";
import { confirm } from "@/ui/confirm";
import { plural } from "@/ui/format";
import { notifyDone, notifyFailure } from "@/ui/notify";
import { Tag } from "@/ui/Tag";
import { Time } from "@/ui/Time";
import { Can } from "./Can";
import classes from "./SecretVersions.module.css";

export interface VersionChanges {
  restore: UseMutationResult<unknown, Error, number>;
  forget: UseMutationResult<unknown, Error, void>;
}

interface Props {
  /** What it is called, for people. */
  name: string;
  versions: SecretVersion[];
  changes: VersionChanges;
  permission: string;
  where?: Where;
}

/** The versions of a secret that count: when each was set and by whom, never what it is. */
export function SecretVersions({ name, versions, changes: { restore, forget }, permission, where }: Props) {
  const earlier = versions.length - 1;
  const use = (version: number) =>
    restore.mutate(version, {
      onSuccess: () => notifyDone(`Version ${version} is in use again`),
      onError: (error) => notifyFailure("The version was not restored", error),
    });
  const ask = () =>
    confirm({
      title: `Forget ${plural(earlier, "earlier version")} of ${name}?`,
      body: "What is in use stays. The earlier ones are erased and cannot be used again.",
      action: "Forget",
      onConfirm: () =>
        forget.mutate(undefined, {
          onSuccess: () => notifyDone("Earlier versions forgotten"),
          onError: (error) => notifyFailure("Nothing was forgotten", error),
        }),
    });
  return (
    <div className={classes.secret}>
      <div className={classes.head}>
        <span className="mono">{name}</span>
        {earlier > 0 && (
          <Can permission={permission} where={where}>
            <Button variant="default" size="compact-xs" loading={forget.isPending} onClick={ask}>Forget earlier</Button>
          </Can>
        )}
      </div>
      <ul className={classes.versions} aria-label={`Versions of ${name}`}>
        {versions.map((one) => (
          <li key={one.version} className={classes.version}>
            <span className={classes.told}>
              <span className="nowrap">Version {one.version}</span>
              {one.is_current ? <Tag tone="ok">In use</Tag> : null}
              <span className="dim">set <Time at={one.set_at} /> by {one.set_by_name ?? "a program"}</span>
              {one.until && <span className="dim">erased <Time at={one.until} /></span>}
            </span>
            {!one.is_current && (
              <Can permission={permission} where={where}>
                <Button
                  variant="default"
                  size="compact-xs"
                  aria-label={`Use version ${one.version} of ${name} again`}
                  loading={restore.isPending && restore.variables === one.version}
                  onClick={() => use(one.version)}
                >
                  Use this one again
                </Button>
              </Can>
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}
