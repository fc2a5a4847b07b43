//! The two dialects that nearly every provider speaks.

mod anthropic;
mod openai;
#[cfg(test)]
mod tests;

pub(crate) use anthropic::Anthropic;
pub(crate) use openai::OpenAi;

use crate::Tokens;

/// Tokens where the server did not count them, at the usual four bytes of English text per token.
fn estimated(request: &serde_json::Value, text: &str) -> Tokens {
    let tokens = |bytes: usize| bytes.div_ceil(4) as u64;
    Tokens { input: tokens(request.to_string().len()), output: tokens(text.len()), cached: 0 }
}
