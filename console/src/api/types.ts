import type { components } from "./schema";

/* The names that the console uses for the generated schemas. */
type Schemas = components["schemas"];

export type Me = Schemas["Me"];
export type Problem = Schemas["Problem"];
export type Role = Schemas["Role"];
export type NamedRef = Schemas["NamedRef"];
export type AlertRow = Schemas["AlertRow"];
export type Alert = Schemas["Alert"];
export type AlertFacets = Schemas["AlertFacets"];
export type BulkRequest = Schemas["BulkRequest"];
export type BulkResult = Schemas["BulkResult"];
export type IssueRow = Schemas["IssueRow"];
export type Issue = Schemas["Issue"];
export type Run = Schemas["Run"];
export type RunDetail = Schemas["RunDetail"];
export type Step = Schemas["Step"];
export type SkillRow = Schemas["SkillRow"];
export type Skill = Schemas["Skill"];
export type NewSkill = Schemas["NewSkill"];
export type SkillCheck = Schemas["SkillCheck"];
export type SkillMatched = Schemas["SkillMatched"];
export type MatchRequest = Schemas["MatchRequest"];
export type DryRun = Schemas["DryRun"];
export type DryRunRequest = Schemas["DryRunRequest"];
export type Binding = Schemas["Binding"];
export type NewBinding = Schemas["NewBinding"];
export type Tool = Schemas["Tool"];
export type NewTool = Schemas["NewTool"];
export type ToolRun = Schemas["ToolRun"];
export type McpTools = Schemas["McpTools"];
export type Receiver = Schemas["Receiver"];
export type NewReceiver = Schemas["NewReceiver"];
export type Delivery = Schemas["Delivery"];
export type Member = Schemas["Member"];
export type NewMember = Schemas["NewMember"];
export type Token = Schemas["Token"];
export type NewToken = Schemas["NewToken"];
export type CreatedToken = Schemas["CreatedToken"];
export type Organization = Schemas["Organization"];
export type Configuration = Schemas["Configuration"];
export type AuditEntry = Schemas["AuditEntry"];
export type DeadJob = Schemas["DeadJob"];
export type Overview = Schemas["Overview"];

export interface Page<T> {
  items: T[];
  next_cursor?: string | null;
}
