mod corpus;
mod dry_runs;
mod meaning;
mod patterns;
