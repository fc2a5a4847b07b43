import { useSuspended } from "@/api/session";
import { Shell } from "@/components/Shell";
import { SuspendedPage } from "./SuspendedPage";

/** The console, or why it is shut. */
export function AppFrame() {
  return useSuspended() ? <SuspendedPage /> : <Shell />;
}
