//! The whole product, composed as `steward serve` composes it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test ends by a panic")]

mod authorization;
mod canaries;
mod declared;
mod disk;
mod domains;
mod door;
mod erasure;
mod files;
mod journey;
mod migrations;
mod nodes;
mod openapi;
mod patience;
mod processes;
mod product;
mod readiness;
mod replicas;
mod retention;
mod rotation;
mod scale;
mod search;
mod spec_map;
mod statement_rows;
mod statements;
mod throwaway;
mod upgrade;
