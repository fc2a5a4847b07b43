import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test, vi } from "vitest";
import type { Me, Member } from "@/api/types";
import { caller, show } from "@/test/show";
import { MEMBER_COLUMNS } from "./columns";
import { RolesDialog } from "./RolesDialog";

const admin: Me = { ...caller("members:write"), nodes: [{ id: "ops", name: "Ops", permissions: [] }] };
const sam: Member = {
  user_id: "u2",
  email: "sam@acme.test",
  name: "Sam",
  avatar_url: null,
  role: null,
  nodes: [{ node_id: "ops", name: "Ops", role: "viewer", permissions: [] }],
  status: "active",
  user_status: "active",
  email_verified: false,
  auth_provider: "local",
  last_sign_in_at: null,
  created_at: "2026-11-01T00:00:00Z",
};

afterEach(() => void vi.unstubAllGlobals());

test("a right that is chosen while another is being saved comes on top of it", async () => {
  const bodies: unknown[] = [];
  vi.stubGlobal("fetch", async (request: Request) => {
    bodies.push(await request.json());
    return new Promise(() => undefined);
  });
  show(<RolesDialog member={sam} onClose={() => undefined} />, admin);
  await userEvent.click(screen.getByRole("combobox", { name: "Single rights at Ops" }));
  for (const name of ["receivers:write", "audit:read"]) await userEvent.click(screen.getByRole("option", { name, hidden: true }));
  await vi.waitFor(() => expect(bodies).toHaveLength(2));
  expect(bodies[1]).toEqual({ role: "viewer", permissions: ["receivers:write", "audit:read"] });
});

const cell = (key: string, member: Member) => MEMBER_COLUMNS.find((column) => column.key === key)?.cell(member);

test("who has no role in the organization is shown by what they are in its teams", () => {
  const { container } = show(<>{cell("role", sam)}</>, admin);
  expect(container.textContent).toContain("Viewer · Ops");
  expect(container.textContent).not.toContain("No role");
});

test("who is nothing anywhere is shown as such, and an address that nobody proved as that", () => {
  const { container } = show(<>{cell("name", sam)}{cell("role", { ...sam, nodes: [] })}</>, admin);
  expect(container.textContent).toContain("not proved");
  expect(container.textContent).toContain("No role");
});
