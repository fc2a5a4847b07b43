//! Text as a vector, so that what means the same lies close together.
//!
//! Every vector has [`DIMENSIONS`] dimensions, that of the columns that keep them. A model with fewer is padded
//! with zeros, which changes no cosine. The name of the model is kept with each vector: vectors of two models
//! cannot be compared, so another name means that they are to be made again.

mod concepts;
mod hashed;
mod openai;
#[cfg(test)]
mod tests;
mod words;

use std::sync::Arc;

use futures::future::BoxFuture;
use kernel::{Result, Secret};
use reqwest::Client;
use url::Url;

use self::{hashed::Hashed, openai::OpenAi};
use crate::{
    options::{address, required},
    transport::{Auth, Endpoint},
};

/// The dimensions of every vector.
pub const DIMENSIONS: usize = 1536;

/// Makes vectors of texts.
pub trait Embedder: Send + Sync {
    /// The name to keep with the vectors.
    fn model(&self) -> &str;

    /// One vector of length 1 for each text, in order.
    fn embed<'a>(&'a self, texts: &'a [String]) -> BoxFuture<'a, Result<Vec<Vec<f32>>>>;
}

/// Where vectors come from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EmbeddingProvider {
    /// Hashed words, made here: no model, no download, no cost.
    #[default]
    Builtin,
    /// Any endpoint that speaks OpenAI's embeddings.
    OpenAi,
}

/// The settings below `embeddings`.
#[derive(Clone, Default)]
pub struct EmbeddingOptions {
    pub provider: EmbeddingProvider,
    /// Where the API begins, version included; OpenAI's public address unless given.
    pub base_url: Option<Url>,
    /// Absent for a server that asks for none.
    pub api_key: Option<Secret<String>>,
    pub model: Option<String>,
}

impl EmbeddingOptions {
    /// The configured embedder. An error names the setting that is wrong.
    pub fn build(&self, client: Client) -> Result<Arc<dyn Embedder>> {
        if self.provider == EmbeddingProvider::Builtin {
            return Ok(Arc::new(Hashed));
        }
        let what = "the name of the embedding model, as the provider knows it";
        let model = required(self.model.as_deref(), "--embeddings-model", what)?;
        let base = self.base_url.as_ref().map_or("https://api.openai.com/v1", Url::as_str);
        let url = address(base, "--embeddings-base-url", &["embeddings"])?;
        let endpoint = Endpoint::new(client, "embeddings", &url, Auth::bearer(self.api_key.as_ref()))?;
        Ok(Arc::new(OpenAi::new(endpoint, model)))
    }
}

/// Brings a vector to length 1; none if it has no direction.
fn normalized(mut vector: Vec<f32>) -> Option<Vec<f32>> {
    let length = vector.iter().map(|x| f64::from(*x).powi(2)).sum::<f64>().sqrt();
    if !length.is_normal() {
        return None;
    }
    vector.iter_mut().for_each(|x| *x = (f64::from(*x) / length) as f32);
    Some(vector)
}
