//! Language models and embeddings: calling them, paying for them, and letting them call tools.
//!
//! Actors. A [`ChatModel`] is one configured model behind an OpenAI-compatible or Anthropic endpoint; it
//! takes a [`Request`] and gives a [`Reply`] with the [`Tokens`] it counted. A [`Budget`] says what a run
//! may still spend. A [`ToolLoop`] lets a model work with tools until it concludes. An [`Embedder`] turns
//! text into vectors, with or without a model.
//!
//! Flow. [`Options::build`] makes the model once, at start. A run begins a [`Transcript`] and calls
//! [`ToolLoop::advance`] again and again: each call is one [`Turn`], a reply of the model or one tool to
//! run, and between two turns the caller stores the transcript. A run that is taken up again after a
//! crash loads it and goes on at the very turn it had reached.
//!
//! Invariants.
//! - A call is made only when its worst case fits the budget: reserve, call, commit.
//! - A call that may have been billed without an answer is charged in full and never repeated here.
//! - What comes from outside stands between marks with a secret name, which the system prompt declares to
//!   be data.
//! - An error names the setting to look at and never holds a key.
//!
//! Nothing here holds a query or knows what an alert is.

mod budget;
mod embeddings;
mod error;
mod model;
mod options;
mod providers;
mod retry;
mod tool_loop;
mod transport;
mod usage;

pub use budget::{Budget, Limit, Limits, Reservation};
pub use embeddings::{DIMENSIONS, Embedder, EmbeddingOptions, EmbeddingProvider};
pub use error::LlmError;
pub use model::{
    Arguments, ChatModel, Message, Profile, Reply, Request, Stop, Tool, ToolCall, ToolChoice, ToolResult,
};
pub use options::{Options, Provider};
pub use retry::Retry;
pub use tool_loop::{Fence, ToolLoop, ToolOutput, Transcript, Turn, Why};
pub use usage::{Prices, Tokens, Usage, Usd};
