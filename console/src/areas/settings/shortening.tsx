import { previewSetting } from "@/api/settings";
import type { Setting, SettingPreview } from "@/api/types";
import { confirm } from "@/ui/confirm";
import { formatCount, formatDay } from "@/ui/format";
import { said } from "./setting";

/** More are not counted. */
const MOST_COUNTED = 10_000;

/** Asks before something goes sooner, with what would go. Where that cannot be told it asks without. */
export async function askBeforeShortening(setting: Setting, next: number, onConfirm: () => void): Promise<void> {
  const preview = await previewSetting(setting.key, next).catch(() => null);
  confirm({
    title: `${setting.title}: keep ${said(setting, next)} only?`,
    body: (
      <>
        <p style={{ marginTop: 0 }}><strong>{whatGoes(preview?.over ?? null)}</strong></p>
        <p style={{ marginBottom: 0 }}>{setting.help}</p>
      </>
    ),
    action: `Keep ${said(setting, next)}`,
    onConfirm,
  });
}

function whatGoes(over: SettingPreview["over"]): string {
  if (!over) return "What is older goes within the hour. That cannot be undone.";
  if (over.count === 0) return "Nothing is that old now. What gets older goes within the hour, and that cannot be undone.";
  const count = over.count >= MOST_COUNTED ? `More than ${formatCount(MOST_COUNTED)}` : formatCount(over.count);
  const oldest = over.oldest ? `, the oldest of ${formatDay(over.oldest)},` : "";
  return `${count} of them${oldest} ${over.count === 1 ? "goes" : "go"} within the hour. That cannot be undone.`;
}
