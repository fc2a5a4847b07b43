import { Button, Stack } from "@mantine/core";
import { IconUserPlus, IconUsers } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { membersQuery } from "@/api/members";
import { rowsOf } from "@/api/paging";
import { usePermission } from "@/api/rights";
import { Can } from "@/components/Can";
import { Page } from "@/components/Page";
import { DataTable } from "@/ui/DataTable";
import { Section } from "@/ui/Section";
import { Empty, Loaded } from "@/ui/states";
import { Invitations } from "./Invitations";
import { InviteFlow } from "./InviteFlow";
import { MEMBER_COLUMNS } from "./columns";

export function MembersPage() {
  const { invite } = useSearch({ from: "/app/members" });
  const navigate = useNavigate();
  const mayWrite = usePermission("members:write");
  const query = useInfiniteQuery({ ...membersQuery, enabled: usePermission("members:read") });
  const show = (open: boolean) => void navigate({ to: "/members", search: open ? { invite: "yes" } : {} });
  const action = (
    <Can permission="members:write">
      <Button leftSection={<IconUserPlus size={14} />} onClick={() => show(true)}>Invite</Button>
    </Can>
  );
  return (
    <Page title="Members" permission="members:read" actions={action}>
      <Stack gap="md">
        <Section title="People of this organization" flush>
          <Loaded query={query}>
            {(data) => {
              const members = rowsOf(data, (member) => member.user_id);
              if (members.length === 0) return <Empty icon={IconUsers} title="No members yet" />;
              return <DataTable label="Members" columns={MEMBER_COLUMNS} rows={members} rowKey={(member) => member.user_id} more={query} />;
            }}
          </Loaded>
        </Section>
        <Invitations />
      </Stack>
      {mayWrite && invite === "yes" && <InviteFlow onDone={() => show(false)} />}
    </Page>
  );
}
