//! The whole product, composed as `steward serve` composes it.

mod authorization;
mod canaries;
mod journey;
mod migrations;
mod openapi;
mod product;
mod processes;
mod spec_map;
