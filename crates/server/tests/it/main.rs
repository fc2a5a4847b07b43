//! The whole product, composed as `steward serve` composes it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test ends by a panic")]

mod authorization;
mod canaries;
mod cron;
mod declared;
mod disk;
mod domains;
mod door;
mod erasure;
mod files;
mod fleet;
mod journey;
mod migrations;
mod nodes;
mod openapi;
mod patience;
mod processes;
mod product;
mod readiness;
mod releases;
mod replicas;
mod retention;
mod rotation;
mod scale;
mod search;
mod spec_map;
mod starts;
mod statement_rows;
mod statements;
mod throwaway;
mod upgrade;
