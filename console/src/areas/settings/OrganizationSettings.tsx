import { Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { settingsQuery } from "@/api/settings";
import type { Setting } from "@/api/types";
import { Section } from "@/ui/Section";
import { Loaded, RowsSkeleton } from "@/ui/states";
import { isRetention, SettingField } from "./SettingField";

/** Every setting that the server declares; what there is, and what it may be, comes from there. */
export function OrganizationSettings() {
  const query = useQuery(settingsQuery);
  const others = query.data?.items.filter((one) => !isRetention(one)) ?? [];
  return (
    <>
      <Section title="Data retention">
        <Loaded query={query} skeleton={<RowsSkeleton rows={6} />}>
          {({ items }) => <Fields settings={items.filter(isRetention)} />}
        </Loaded>
      </Section>
      {others.length > 0 && (
        <Section title="Other settings">
          <Fields settings={others} />
        </Section>
      )}
    </>
  );
}

function Fields({ settings }: { settings: Setting[] }) {
  return (
    <Stack gap="lg">
      {settings.map((one) => <SettingField key={one.key} setting={one} />)}
    </Stack>
  );
}
