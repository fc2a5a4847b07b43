import { Button, Select, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useQuery } from "@tanstack/react-query";
import { useInvite } from "@/api/members";
import { authMethodsQuery } from "@/api/session";
import type { Invited, Role } from "@/api/types";
import { NodeSelect, WHOLE_ORGANIZATION } from "@/components/NodeSelect";
import { useIsDivided } from "@/components/owner";
import { ROLE_CHOICES } from "@/components/roles";
import { notifyFailure } from "@/ui/notify";

export function InviteForm({ onInvited }: { onInvited: (invited: Invited) => void }) {
  const invite = useInvite();
  const { data: methods } = useQuery(authMethodsQuery);
  const divided = useIsDivided();
  const form = useForm({
    initialValues: { email: "", role: "member", node_id: null as string | null, delivery: "mail" },
    validate: { email: (value) => (/^\S+@\S+$/.test(value.trim()) ? null : "Enter an e-mail address") },
  });
  const mails = methods?.mail ?? false;
  const byMail = mails && form.values.delivery === "mail";
  const submit = form.onSubmit(({ email, role, node_id, delivery }) =>
    invite.mutate(
      { email: email.trim(), role: role as Role, node_id, delivery: mails && delivery === "mail" ? "mail" : "link" },
      { onSuccess: onInvited, onError: (error) => notifyFailure("Nobody was invited", error) },
    ),
  );
  return (
    <form onSubmit={submit} autoComplete="off" noValidate>
      <Stack gap="sm">
        <TextInput label="E-mail" type="email" required data-autofocus {...form.getInputProps("email")} />
        <Select label="Role" data={ROLE_CHOICES} allowDeselect={false} {...form.getInputProps("role")} />
        {divided && (
          <NodeSelect
            label="Counts in"
            description="In a unit or team the role counts there and below only"
            whole={WHOLE_ORGANIZATION}
            value={form.values.node_id}
            onChange={(id) => form.setFieldValue("node_id", id)}
          />
        )}
        {mails && (
          <Select
            label="The link"
            allowDeselect={false}
            data={[{ value: "mail", label: "Goes to the address by mail" }, { value: "link", label: "Is shown to me, to hand over" }]}
            {...form.getInputProps("delivery")}
          />
        )}
        <Text c="dimmed" size="xs">
          {byMail
            ? "They choose a password of their own, or join with the account they have. You see their name once they have accepted."
            : "You get a link to hand over. They choose a password of their own; an account made this way works in this organization only."}
        </Text>
        <Button type="submit" loading={invite.isPending}>Invite</Button>
      </Stack>
    </form>
  );
}
