//! OpenAI's embeddings, which most model servers speak:
//! <https://platform.openai.com/docs/api-reference/embeddings>.

use futures::{FutureExt, future::BoxFuture};
use kernel::{Error, Result};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{DIMENSIONS, Embedder, normalized};
use crate::transport::Endpoint;

/// Texts in one call: servers of open models take far fewer than OpenAI's 2,048.
const BATCH: usize = 32;
/// About 8,000 tokens of the densest script, the usual window of an embedding model.
const MAX_TEXT_BYTES: usize = 16_000;

pub(super) struct OpenAi {
    endpoint: Endpoint,
    model: String,
}

#[derive(Deserialize)]
struct Answer {
    data: Vec<Item>,
}

#[derive(Deserialize)]
struct Item {
    index: usize,
    embedding: Vec<f32>,
}

impl OpenAi {
    pub(super) fn new(endpoint: Endpoint, model: String) -> Self {
        Self { endpoint, model }
    }

    async fn batch(&self, texts: &[String]) -> Result<Vec<Vec<f32>>> {
        let input: Vec<&str> = texts.iter().map(|text| input(text)).collect();
        let answer = self.endpoint.post(&json!({ "model": self.model, "input": input })).await?;
        self.vectors(answer, texts.len())
    }

    fn vectors(&self, answer: Value, count: usize) -> Result<Vec<Vec<f32>>> {
        let unreadable = || Error::from(self.endpoint.unreadable("a list of one embedding for each text"));
        let mut items = serde_json::from_value::<Answer>(answer).map_err(|_| unreadable())?.data;
        items.sort_by_key(|item| item.index);
        if !items.iter().map(|item| item.index).eq(0..count) {
            return Err(unreadable());
        }
        items.into_iter().map(|item| self.fitted(item.embedding)).collect()
    }

    fn fitted(&self, vector: Vec<f32>) -> Result<Vec<f32>> {
        let dimensions = vector.len();
        if dimensions > DIMENSIONS {
            let model = &self.model;
            let detail = format!(
                "{model} makes vectors of {dimensions} dimensions; --embeddings-model takes one of at most \
                 {DIMENSIONS}"
            );
            return Err(Error::conflict("embedding_too_long", detail));
        }
        let unreadable = || Error::from(self.endpoint.unreadable("a list of vectors"));
        normalized(padded(vector)).ok_or_else(unreadable)
    }
}

impl Embedder for OpenAi {
    fn model(&self) -> &str {
        &self.model
    }

    fn embed<'a>(&'a self, texts: &'a [String]) -> BoxFuture<'a, Result<Vec<Vec<f32>>>> {
        async move {
            let mut vectors = Vec::with_capacity(texts.len());
            for batch in texts.chunks(BATCH) {
                vectors.extend(self.batch(batch).await?);
            }
            Ok(vectors)
        }
        .boxed()
    }
}

pub(super) fn padded(mut vector: Vec<f32>) -> Vec<f32> {
    vector.resize(DIMENSIONS, 0.0);
    vector
}

/// The beginning of a text; an empty one is refused by providers.
fn input(text: &str) -> &str {
    match text.trim() {
        "" => "(nothing)",
        text => &text[..text.floor_char_boundary(MAX_TEXT_BYTES)],
    }
}
