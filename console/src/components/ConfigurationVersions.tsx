import { Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { ApiError } from "@/api/client";
import { type ConfigurationKey, configurationVersionsQuery, useForgetConfigurations, useRestoreConfiguration } from "@/api/tenancy";
import { Loaded, RowsSkeleton } from "@/ui/states";
import { SecretVersions } from "./SecretVersions";

/** The versions of a sealed value. */
export function ConfigurationVersions({ of }: { of: ConfigurationKey }) {
  const query = useQuery(configurationVersionsQuery(of));
  const changes = { restore: useRestoreConfiguration(of), forget: useForgetConfigurations(of) };
  if (query.error instanceof ApiError && query.error.status === 404) {
    return <Text><span className="mono">{of.config_key}</span> is not set</Text>;
  }
  return (
    <Loaded query={query} skeleton={<RowsSkeleton rows={2} />}>
      {({ items }) => <SecretVersions name={of.config_key} versions={items} changes={changes} permission="settings:write" />}
    </Loaded>
  );
}
