import { Button, Modal, Tooltip } from "@mantine/core";
import { IconKey, IconPlus } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { membersQuery } from "@/api/members";
import { rowsOf } from "@/api/paging";
import { usePermission } from "@/api/rights";
import { useMe } from "@/api/session";
import { tokensQuery, useRevokeToken } from "@/api/tenancy";
import type { CreatedToken, Member, Token } from "@/api/types";
import { Can } from "@/components/Can";
import { Page } from "@/components/Page";
import { roleName } from "@/components/roles";
import { useNow } from "@/hooks/useNow";
import { confirm } from "@/ui/confirm";
import { type Column, DataTable } from "@/ui/DataTable";
import { humanize } from "@/ui/format";
import { notifyDone, notifyFailure } from "@/ui/notify";
import { Section } from "@/ui/Section";
import { Empty, Loaded } from "@/ui/states";
import { Tag } from "@/ui/Tag";
import { Time } from "@/ui/Time";
import { NewTokenForm } from "./NewTokenForm";
import { tokenState } from "./state";
import { TokenOnce } from "./TokenOnce";

export function TokensPage() {
  const { create } = useSearch({ from: "/app/tokens" });
  const navigate = useNavigate();
  const mayWrite = usePermission("tokens:write");
  const query = useInfiniteQuery({ ...tokensQuery, enabled: usePermission("tokens:read") });
  const [created, setCreated] = useState<CreatedToken | null>(null);
  const show = (open: boolean) => void navigate({ to: "/tokens", search: open ? { create: "yes" } : {} });
  const action = (
    <Can permission="tokens:write">
      <Button leftSection={<IconPlus size={14} />} onClick={() => show(true)}>New token</Button>
    </Can>
  );
  const close = () => {
    setCreated(null);
    show(false);
  };
  return (
    <Page title="Tokens" permission="tokens:read" actions={action}>
      <Section title="Keys for machines" flush>
        <Loaded query={query}>
          {(data) => {
            const tokens = rowsOf(data, (token) => token.id);
            if (tokens.length > 0) return <DataTable label="Tokens" columns={columns} rows={tokens} rowKey={(token) => token.id} more={query} />;
            return (
              <Empty icon={IconKey} title="No tokens yet">
                A token lets a machine in: Alertmanager to post alerts, or a script to use the API.
              </Empty>
            );
          }}
        </Loaded>
      </Section>
      <Modal
        opened={mayWrite && create === "yes"}
        onClose={close}
        size="lg"
        title={created ? "Copy the token now" : "New token"}
        closeOnClickOutside={created === null}
        closeOnEscape={created === null}
      >
        {created ? <TokenOnce created={created} onDone={close} /> : <NewTokenForm onCreated={setCreated} />}
      </Modal>
    </Page>
  );
}

const columns: Column<Token>[] = [
  {
    key: "name",
    title: "Token",
    cell: (token) => (
      <div style={{ minWidth: 140 }}>
        <div style={{ fontWeight: 500 }}>{token.name}</div>
        <span className="mono dim">{token.hint}</span>
      </div>
    ),
  },
  { key: "state", title: "State", width: 90, cell: (token) => <StateTag token={token} /> },
  { key: "scopes", title: "May", width: 150, cell: (token) => token.scopes.map((scope) => (scope === "ingest" ? "post alerts" : "use the API")).join(", "), optional: true },
  { key: "role", title: "Role", room: "much", width: 100, cell: (token) => <span className="dim">{roleName(token.role)}</span>, optional: true },
  { key: "node", title: "Counts in", width: 130, cell: (token) => <span className="dim">{token.node?.name ?? "Everywhere"}</span>, optional: true },
  { key: "owner", title: "Belongs to", room: "some", width: 130, cell: (token) => <Owner token={token} />, optional: true },
  { key: "used", title: "Last used", room: "much", width: 100, cell: (token) => <span className="dim"><Time at={token.last_used_at} /></span>, optional: true },
  { key: "expires", title: "Expires", room: "some", width: 100, cell: (token) => <span className="dim"><Time at={token.expires_at} /></span>, optional: true },
  { key: "actions", title: "", width: 90, align: "right", cell: (token) => <RevokeButton token={token} /> },
];

/** Who made a token, as far as the members are known. */
function useMaker(token: Token): Member | undefined {
  const members = useInfiniteQuery({ ...membersQuery, enabled: usePermission("members:read") });
  return rowsOf(members.data, (member) => member.user_id).find((member) => member.user_id === token.created_by);
}

/** Whose a token is: a person's ends with their membership, the organization's stays. */
function Owner({ token }: { token: Token }) {
  const mine = useMe().user?.id === token.created_by;
  const maker = useMaker(token);
  if (token.owner === "organization") return <span className="dim">Organization</span>;
  return (
    <Tooltip label="It never does what its maker may not, and ends when they leave">
      <span className="dim">{mine ? "You" : (maker?.name ?? maker?.email ?? "Its maker")}</span>
    </Tooltip>
  );
}

const TONES = { active: "ok", resting: "medium", expired: "medium", revoked: "neutral" } as const;

function StateTag({ token }: { token: Token }) {
  const state = tokenState(token, useNow(), useMaker(token));
  const tag = <Tag tone={TONES[state]}>{humanize(state)}</Tag>;
  if (state !== "resting") return tag;
  return (
    <Tooltip label="It is refused as long as its maker is inactive">
      <span>{tag}</span>
    </Tooltip>
  );
}

function RevokeButton({ token }: { token: Token }) {
  const revoke = useRevokeToken();
  if (tokenState(token, useNow()) !== "active") return null;
  const ask = () =>
    confirm({
      title: `Revoke ${token.name}?`,
      body: "Whatever uses it is refused from now on. This cannot be undone.",
      action: "Revoke token",
      onConfirm: () =>
        revoke.mutate(token.id, {
          onSuccess: () => notifyDone("Token revoked"),
          onError: (error) => notifyFailure("The token was not revoked", error),
        }),
    });
  return (
    <Can permission="tokens:write">
      <Button variant="default" size="compact-xs" onClick={ask}>Revoke</Button>
    </Can>
  );
}
