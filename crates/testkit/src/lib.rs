//! What tests stand on: a real database for each test, a client for any router, a scripted model, a real mail
//! server, a real Redis, NATS and S3-compatible store.
//!
//! A dev-dependency only. It knows kernel and platform, never a domain.

mod client;
mod database;
mod gateway;
pub mod mail;
mod organization;
pub mod peers;
pub mod scripted_llm;

pub use client::{Always, Response, TestClient, door};
pub use database::{TestDb, start_of_time};
pub use gateway::{Gateway, Way};
pub use organization::{TestOrg, outbound};
