import { ActionIcon } from "@mantine/core";
import { IconPencil } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import { usePermission } from "@/api/rights";
import type { Setting } from "@/api/types";
import { Tag } from "@/ui/Tag";
import { Time } from "@/ui/Time";
import { said } from "./setting";
import { SettingForm } from "./SettingForm";
import classes from "./Settings.module.css";

/** A setting as it is, and as a form once somebody edits it. */
export function SettingRow({ setting }: { setting: Setting }) {
  const mayWrite = usePermission("settings:write");
  const [state, setState] = useState<"shown" | "edited" | "closed">("shown");
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (state === "closed") button.current?.focus();
  }, [state]);
  if (state === "edited") {
    return (
      <li className={classes.edited} aria-label={setting.title}>
        <SettingForm setting={setting} onClose={() => setState("closed")} />
      </li>
    );
  }
  return (
    <li className={classes.row} aria-label={setting.title} data-editable={mayWrite || undefined}>
      <div className={classes.what}>
        <div>{setting.title}</div>
        <div className={classes.help}>{mayWrite ? firstSentence(setting.help) : setting.help}</div>
      </div>
      <div className={classes.value}>
        {said(setting, setting.value)}
        {!setting.is_set && <Tag tone="neutral">default</Tag>}
      </div>
      <div className={classes.changed}>
        {setting.changed_at && <><Time at={setting.changed_at} /> by {setting.changed_by}</>}
      </div>
      {mayWrite && (
        <ActionIcon aria-label={`Edit ${setting.title}`} ref={button} className={classes.edit} onClick={() => setState("edited")}>
          <IconPencil size={15} />
        </ActionIcon>
      )}
    </li>
  );
}

const firstSentence = (help: string) => /^.*?\.(?=\s|$)/.exec(help)?.[0] ?? help;
