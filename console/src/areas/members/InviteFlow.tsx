import { Modal } from "@mantine/core";
import { useState } from "react";
import type { Invited } from "@/api/types";
import { notifyDone } from "@/ui/notify";
import { InviteForm } from "./InviteForm";
import { LinkOnce } from "./LinkOnce";

/** Invites somebody, and shows the link where it is not mailed. */
export function InviteFlow({ onDone }: { onDone: () => void }) {
  const [invited, setInvited] = useState<Invited | null>(null);
  const take = (next: Invited) => {
    if (next.link) return setInvited(next);
    notifyDone(`An invitation is on its way to ${next.email}`);
    onDone();
  };
  return (
    <Modal
      opened
      onClose={onDone}
      title={invited ? "Hand over the link now" : "Invite somebody"}
      closeOnClickOutside={invited === null}
      closeOnEscape={invited === null}
      size="lg"
    >
      {invited?.link ? <LinkOnce email={invited.email} link={invited.link} onDone={onDone} /> : <InviteForm onInvited={take} />}
    </Modal>
  );
}
