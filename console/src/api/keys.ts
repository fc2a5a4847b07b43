/** Every key of the query cache. The live stream invalidates by these prefixes, so they are written only here. */
export const keys = {
  me: ["me"] as const,
  authMethods: ["auth-methods"] as const,
  overview: ["overview"] as const,
  alerts: {
    all: ["alerts"] as const,
    lists: ["alerts", "list"] as const,
    list: (filters: object) => ["alerts", "list", filters] as const,
    facets: ["alerts", "facets"] as const,
    one: (id: string) => ["alerts", "one", id] as const,
  },
  issues: {
    all: ["issues"] as const,
    lists: ["issues", "list"] as const,
    list: (filters: object) => ["issues", "list", filters] as const,
    one: (id: string) => ["issues", "one", id] as const,
    runs: (id: string) => ["issues", "runs", id] as const,
  },
  runs: {
    all: ["runs"] as const,
    one: (id: string) => ["runs", id] as const,
  },
  skills: {
    all: ["skills"] as const,
    list: (filters: object) => ["skills", "list", filters] as const,
    one: (id: string) => ["skills", "one", id] as const,
    check: (sop: string) => ["skill-check", sop] as const,
  },
  bindings: ["bindings"] as const,
  tools: {
    all: ["tools"] as const,
    list: ["tools", "list"] as const,
    one: (id: string) => ["tools", "one", id] as const,
  },
  receivers: {
    all: ["receivers"] as const,
    list: ["receivers", "list"] as const,
    one: (id: string) => ["receivers", "one", id] as const,
    deliveries: (id: string) => ["receivers", "deliveries", id] as const,
  },
  members: ["members"] as const,
  tokens: ["tokens"] as const,
  nodes: ["nodes"] as const,
  organization: ["organization"] as const,
  configurations: ["configurations"] as const,
  audit: (filters: object) => ["audit", filters] as const,
  auditAll: ["audit"] as const,
  history: {
    all: ["history"] as const,
    of: (id: string) => ["history", id] as const,
  },
  deadJobs: ["dead-jobs"] as const,
};
