import type { components } from "./schema";

/* The names that the console uses for the generated schemas. */
type Schemas = components["schemas"];

/** A type whose enumerations are read as text: a console must live with values that only a newer server knows. */
type Open<T, Key extends keyof T> = Omit<T, Key> & { [K in Key]: string };

export type Problem = Schemas["ProblemBody"] & {
  /** Seconds, from the header Retry-After. */
  retry_after?: number;
};

export type Me = Schemas["Me"];
export type SupabaseMethod = Schemas["SupabaseMethod"];
export type Role = Schemas["Role"];
export type NamedRef = Schemas["Person"];
export type Member = Schemas["Member"];
export type MemberNode = Schemas["MemberNode"];
export type MemberStatus = Schemas["MemberStatus"];
export type Invitation = Open<Schemas["Invitation"], "state">;
export type NewInvitation = Schemas["Invite"];
export type Invited = Schemas["Invited"];
export type InvitationDelivery = Schemas["InvitationDelivery"];
/** An invitation as somebody sees it who holds its link. */
export type Offer = Schemas["Offer"];
/** An invitation as the invited person sees it. */
export type MyInvitation = Schemas["MyInvitation"];
export type Session = Schemas["Session"];
export type Token = Schemas["Token"];
export type NewToken = Schemas["CreateToken"];
export type CreatedToken = Schemas["CreatedToken"];
export type OrgNode = Schemas["Node"];
export type NewNode = Schemas["CreateNode"];
export type Organization = Schemas["Organization"];
export type Configuration = Schemas["Configuration"];
export type SecretVersion = Schemas["SecretVersion"];
export type Setting = Schemas["SettingState"];
export type SettingPreview = Schemas["SettingPreview"];
export type AuditEntry = Schemas["AuditLine"];
export type HistoryLine = Schemas["HistoryLine"];

export type AlertRow = Open<Schemas["AlertRow"], "severity" | "status">;
export type AlertIssue = Open<Schemas["AlertDetail"]["issues"][number], "status">;
export type Alert = Omit<Open<Schemas["AlertDetail"], "severity" | "status">, "issues"> & { issues: AlertIssue[] };
export type BulkRequest = Open<Schemas["AlertsBulk"], "action">;
export type BulkResult = Schemas["AlertsBulkAnswer"];

export type IssueRow = Open<Schemas["IssueRow"], "severity" | "status">;
export type Issue = Omit<Open<Schemas["IssueDetail"], "severity" | "status">, "alerts"> & { alerts: AlertRow[] };
export type Run = Open<Schemas["RunView"], "status">;
export type RunDetail = Omit<Open<Schemas["RunDetail"], "status">, "steps"> & { steps: Step[] };
export type Step = Open<Schemas["Step"], "kind">;

export type SkillRow = Open<Schemas["SkillRow"], "status">;
export type Skill = Open<Schemas["Skill"], "status">;
export type NewSkill = Omit<Schemas["SkillInput"], "status"> & { status: string };
export type SkillCheck = Schemas["SopCheck"];
export type MatchRequest = Schemas["AlertText"];
export type DryRun = Schemas["DryRun"];
export type DryRunRequest = Schemas["DryRunRequest"];
export type Binding = Schemas["BindingRow"];
export type NewBinding = Schemas["NewBinding"];

export type Tool = Open<Schemas["Tool"], "status" | "type">;
export type NewTool = Omit<Schemas["ToolInput"], "status" | "type"> & { status: string; type: string };
export type ToolRun = Schemas["ToolRun"];
export type McpTools = Schemas["McpTools"];

export type Receiver = Open<Schemas["Receiver"], "status" | "health" | "min_severity">;
export type ReceiverGap = Schemas["Gap"];
export type ReceiverHours = Schemas["ReceiverHours"];
export type NewReceiver = Omit<Open<Schemas["ReceiverInput"], "im_type" | "transport">, "min_severity"> & { status: string; min_severity: string };
export type Channel = Schemas["Channel"];
export type ChannelSetting = Schemas["ChannelSetting"];
export type ReceiverCredential = Open<Schemas["ReceiverCredential"], "credential">;
export type Delivery = Schemas["Delivery"];

export type Queue = Schemas["QueueSummary"];
export type QueueChange = Schemas["ChangeQueue"];
export type Job = Open<Schemas["Job"], "state">;
export type JobProgress = Schemas["Progress"];
export type DeadLetter = Schemas["DeadLetter"];
/** Its outcome is read as text, as all enumerations are. */
export type CronTask = Omit<Schemas["CronTask"], "last_outcome"> & { last_outcome?: string | null };
export type Overview = Schemas["Overview"];

export interface Page<T> {
  items: T[];
  next_cursor?: string | null;
}
