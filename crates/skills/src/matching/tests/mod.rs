mod corpus;
mod meaning;
mod patterns;
