import { act, renderHook } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { dropLinkSecret, type LinkPage, receiveLinkSecret, useLinkSecret } from "./link-secret";

/** Opens an address; answers what it was replaced by. */
function open(pathname: string, hash: string) {
  const replaceState = vi.fn();
  receiveLinkSecret({ location: { pathname, hash }, history: { state: "kept", replaceState } } as unknown as Window);
  return replaceState;
}

const held = (page: LinkPage) => renderHook(() => useLinkSecret(page)).result.current?.secret ?? null;

afterEach(dropLinkSecret);

test.each(["/invitation", "/password", "/invitation/"])("the secret of a link to %s leaves the address at once", (pathname) => {
  const page = pathname.replace(/\/$/, "") as LinkPage;
  const replaced = open(pathname, "#AbC-_9");
  expect(replaced).toHaveBeenCalledExactlyOnceWith("kept", "", page);
  expect(held(page)).toBe("AbC-_9");
});

test.each([
  ["/invitation", ""],
  ["/invitation", "#"],
  ["/sign-in", "#AbC"],
  ["/invitations", "#AbC"],
  ["/", "#content"],
])("%s%s is left as it is", (pathname, hash) => {
  expect(open(pathname, hash)).not.toHaveBeenCalled();
  expect(held("/invitation")).toBeNull();
});

test("a secret is for its page alone, and gone once it was used", () => {
  open("/password", "#one");
  expect(held("/invitation")).toBeNull();
  expect(held("/password")).toBe("one");
  dropLinkSecret();
  expect(held("/password")).toBeNull();
});

test("a second link takes the place of the first, also while the page is open", () => {
  open("/invitation", "#one");
  const { result } = renderHook(() => useLinkSecret("/invitation"));
  const first = result.current?.round;
  act(() => void open("/invitation", "#two"));
  expect(result.current?.secret).toBe("two");
  expect(result.current?.round).not.toBe(first);
});
