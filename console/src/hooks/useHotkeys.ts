import { useEffect, useRef } from "react";

/** Keys and what they do: "j", "Enter", "Shift+X", or a sequence such as "g a". */
export type Hotkeys = Record<string, (event: KeyboardEvent) => void>;

const SEQUENCE_MS = 900;

/** Whether typing goes into the element, so that letters must not be taken as commands. */
export function takesText(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return !["checkbox", "radio", "button", "submit"].includes(target.type);
  return target.isContentEditable || ["TEXTAREA", "SELECT"].includes(target.tagName);
}

/** The name of a pressed key as it is written in `Hotkeys`; null when a system modifier is held. */
export function keyName(event: KeyboardEvent): string | null {
  if (event.ctrlKey || event.metaKey || event.altKey) return null;
  return event.key;
}

/** Whether something lies over the page. Closed lists of choices stay in the document, unseen. */
function isLayerOpen(): boolean {
  const layers = document.querySelectorAll('[role="dialog"], [role="menu"], [role="listbox"]');
  return Array.from(layers).some((layer) => layer.checkVisibility());
}

/** Listens for keys on the whole page while no dialog or menu is open and no text is typed. */
export function useHotkeys(hotkeys: Hotkeys): void {
  const current = useRef(hotkeys);
  useEffect(() => {
    current.current = hotkeys;
  });

  useEffect(() => {
    let prefix = "";
    let pressedAt = 0;
    const onKeyDown = (event: KeyboardEvent) => {
      const key = keyName(event);
      if (key === null || event.defaultPrevented || takesText(event.target) || isLayerOpen()) return;
      const sequence = prefix && event.timeStamp - pressedAt < SEQUENCE_MS ? `${prefix} ${key}` : key;
      const isPrefix = Object.keys(current.current).some((name) => name.startsWith(`${key} `));
      prefix = isPrefix ? key : "";
      pressedAt = event.timeStamp;
      const action = current.current[sequence];
      if (!action) return;
      event.preventDefault();
      prefix = "";
      action(event);
    };
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, []);
}
