import { humanize } from "@/ui/format";

/** What a role is called. */
export function roleName(role: string): string {
  return role === "api" ? "API" : humanize(role);
}

/** Roles a person can have, from the most to the least permitted. */
export const ROLE_CHOICES = ["admin", "supervisor", "engineer", "agent", "member", "viewer"].map((value) => ({
  value,
  label: roleName(value),
}));

/** Roles a token can have: those of people, and one made for machines. */
export const TOKEN_ROLE_CHOICES = [{ value: "api", label: roleName("api") }, ...ROLE_CHOICES];

/** Single rights that can be held at a unit or team. */
export const PERMISSION_CHOICES = [
  "alerts:read", "alerts:write", "issues:read", "issues:write", "skills:read", "skills:write", "tools:read", "tools:write", "tools:run",
  "receivers:read", "receivers:write", "audit:read", "ingest:write",
];
