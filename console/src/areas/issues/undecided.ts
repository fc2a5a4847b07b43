/** The states in which somebody is at an issue, or has to be. */
export const UNDECIDED = new Set(["analyzing", "in_progress", "unable_to_resolve"]);
