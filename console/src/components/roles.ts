import { humanize } from "@/ui/format";

/** Roles a person can have, from the most to the least permitted. */
export const ROLE_CHOICES = ["admin", "supervisor", "engineer", "agent", "member", "viewer"].map((value) => ({
  value,
  label: humanize(value),
}));

/** Roles a token can have: those of people, and one made for machines. */
export const TOKEN_ROLE_CHOICES = [{ value: "api", label: "API" }, ...ROLE_CHOICES];
