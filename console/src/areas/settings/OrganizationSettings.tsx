import { useQuery } from "@tanstack/react-query";
import { settingsQuery } from "@/api/settings";
import type { Setting } from "@/api/types";
import { Section } from "@/ui/Section";
import { Loaded, RowsSkeleton } from "@/ui/states";
import { grouped, isRetention } from "./setting";
import { SettingRow } from "./SettingRow";
import classes from "./Settings.module.css";

/** Every setting that the server declares; what there is, and what it may be, comes from there. */
export function OrganizationSettings() {
  const query = useQuery(settingsQuery);
  const others = query.data?.items.filter((one) => !isRetention(one)) ?? [];
  return (
    <>
      <Section title="Data retention" flush>
        <Loaded query={query} skeleton={<RowsSkeleton rows={6} />}>
          {({ items }) => grouped(items.filter(isRetention)).map((group) => (
            <div key={group.title}>
              <h3 className={classes.group}>{group.title}</h3>
              <Rows label={group.title} settings={group.settings} />
            </div>
          ))}
        </Loaded>
      </Section>
      {others.length > 0 && (
        <Section title="Other settings" flush>
          <Rows label="Other settings" settings={others} />
        </Section>
      )}
    </>
  );
}

function Rows({ label, settings }: { label: string; settings: Setting[] }) {
  return (
    <ul className={classes.rows} aria-label={label}>
      {settings.map((one) => <SettingRow key={one.key} setting={one} />)}
    </ul>
  );
}
