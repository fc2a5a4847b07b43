import { Stack, Text } from "@mantine/core";
import { useMe } from "@/api/session";
import { Page } from "@/components/Page";
import { Section } from "@/ui/Section";
import { MyInvitations } from "./MyInvitations";
import { Password } from "./Password";
import { Profile } from "./Profile";
import { Sessions } from "./Sessions";

/** What belongs to the person, whatever organization they are in. */
export function AccountPage() {
  const { user } = useMe();
  return (
    <Page title="Account">
      {user ? (
        <Stack gap="md" maw={920}>
          <Profile user={user} />
          <MyInvitations proved={user.email_verified} />
          <Password has={user.has_password} />
          <Sessions />
        </Stack>
      ) : (
        <Section title="No account"><Text c="dimmed">You came in with a token; only people have accounts.</Text></Section>
      )}
    </Page>
  );
}
