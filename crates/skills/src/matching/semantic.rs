//! Matching by meaning: vectors and words, fused into one score ([`score`](super::score)).

use std::collections::BTreeSet;

use kernel::{NodeId, Result};
use llm::Embedder;
use pgvector::Vector;
use platform::db::TenantTx;

use super::{
    AlertText, Candidate, How,
    score::{reason, score},
    store::{self, Similarity},
};
use crate::SkillId;

/// Skills that are looked at more closely, by each of the two ways.
const NEAREST: i64 = 10;
/// Candidates that are shown.
const SHOWN: usize = 5;
/// Words of an alert that are searched for.
const MAX_WORDS: usize = 64;
/// Labels that say where, how bad or who noticed, never what.
const TELLS_NOTHING: [&str; 19] = [
    "alertname",
    "severity",
    "prometheus",
    "job",
    "instance",
    "cluster",
    "region",
    "environment",
    "env",
    "team",
    "endpoint",
    "uid",
    "namespace",
    "pod",
    "container",
    "service",
    "app",
    "node",
    "host",
];

/// An alert, ready to be compared with skills.
#[derive(Clone, Debug)]
pub struct Query {
    alert: AlertText,
    /// None when the model could not be asked: the words alone must do.
    vector: Option<Vector>,
    model: String,
    words: String,
}

impl Query {
    /// Asks the embedder for the alert's vector. Not inside a transaction: it may be far away.
    pub async fn new(embedder: &dyn Embedder, alert: AlertText) -> Self {
        let mut queries = Self::batch(embedder, vec![alert]).await;
        queries.pop().unwrap_or_else(|| Self::of(embedder, AlertText::default(), None))
    }

    /// [`Query::new`] of many alerts at once.
    pub(crate) async fn batch(embedder: &dyn Embedder, alerts: Vec<AlertText>) -> Vec<Self> {
        let texts: Vec<String> = alerts.iter().map(alert_text).collect();
        // alerts repeat themselves, and a model is paid for each text
        let distinct: Vec<String> = texts.iter().cloned().collect::<BTreeSet<_>>().into_iter().collect();
        let vectors = embedder.embed(&distinct).await.unwrap_or_else(|error| {
            tracing::warn!(%error, "an alert could not be embedded; it is matched by its words");
            Vec::new()
        });
        let vector_of =
            |text: &String| vectors.get(distinct.binary_search(text).ok()?).cloned().map(Vector::from);
        alerts
            .into_iter()
            .zip(&texts)
            .map(|(alert, text)| Self::of(embedder, alert, vector_of(text)))
            .collect()
    }

    fn of(embedder: &dyn Embedder, alert: AlertText, vector: Option<Vector>) -> Self {
        let words = any_word_of(&alert);
        Self { alert, vector, model: embedder.model().to_owned(), words }
    }

    pub(crate) fn alert(&self) -> &AlertText {
        &self.alert
    }
}

/// The most similar active skills, the best first.
pub(super) async fn search(tx: &mut TenantTx, query: &Query, node: Option<NodeId>) -> Result<Vec<Candidate>> {
    let vector = (query.vector.as_ref(), query.model.as_str());
    let found = store::nearest(tx, node, vector, &query.words, NEAREST).await?;
    let mut candidates: Vec<Candidate> = found.into_iter().map(candidate).collect();
    candidates.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.name.cmp(&b.name)));
    candidates.truncate(SHOWN);
    Ok(candidates)
}

fn candidate(found: Similarity) -> Candidate {
    let (score, reason) = (score(&found), reason(&found));
    Candidate { skill_id: found.skill_id, name: found.name, score, reason, how: How::Semantic }
}

/// The score of one skill for each of these alerts.
pub(crate) async fn pair_scores(tx: &mut TenantTx, skill: SkillId, queries: &[Query]) -> Result<Vec<f64>> {
    let Some(first) = queries.first() else { return Ok(Vec::new()) };
    let pairs: Vec<_> = queries.iter().map(|query| (query.vector.clone(), query.words.clone())).collect();
    let found = store::similarities(tx, skill, &first.model, &pairs).await?;
    Ok(found.iter().map(score).collect())
}

/// The vectors of skills' texts.
pub(crate) async fn embed_skills(embedder: &dyn Embedder, texts: &[String]) -> Result<Vec<Vector>> {
    Ok(embedder.embed(texts).await?.into_iter().map(Vector::from).collect())
}

/// What of a skill is compared with alerts. The steps are left out: they speak of everything that may be behind
/// a problem, the description of the problem itself.
pub(crate) fn skill_text(name: &str, problem_description: &str) -> String {
    format!("{name}\n{problem_description}")
}

fn alert_text(alert: &AlertText) -> String {
    let telling = alert.labels.iter().filter(|(key, value)| {
        !TELLS_NOTHING.contains(&key.as_str()) && !value.contains(|c: char| c.is_numeric())
    });
    let labels: Vec<&str> = telling.map(|(_, value)| value.as_str()).collect();
    [&alert.alert_type, &alert.title, &alert.description, &labels.join(" ")].map(String::as_str).join("\n")
}

/// The words of an alert as a query of PostgreSQL that any of them satisfies: `disk | full`.
fn any_word_of(alert: &AlertText) -> String {
    let texts = [&alert.alert_type, &alert.title, &alert.description];
    let runs = texts.into_iter().flat_map(|text| text.split(|c: char| !c.is_alphanumeric()));
    let mut seen = BTreeSet::new();
    let words = runs.flat_map(|run| std::iter::once(run).chain(humps(run))).map(str::to_lowercase);
    // a number or the random end of a name is no word, and PostgreSQL refuses very long ones
    let words =
        words.filter(|word| (3..=50).contains(&word.chars().count()) && !word.starts_with(char::is_numeric));
    words.filter(|word| seen.insert(word.clone())).take(MAX_WORDS).collect::<Vec<_>>().join(" | ")
}

/// The parts of an identifier: `PodCrashLooping` has three.
fn humps(word: &str) -> Vec<&str> {
    let mut starts = vec![0];
    let characters: Vec<(usize, char)> = word.char_indices().collect();
    for pair in characters.windows(2) {
        if pair[0].1.is_lowercase() && pair[1].1.is_uppercase() {
            starts.push(pair[1].0);
        }
    }
    starts.push(word.len());
    starts.windows(2).map(|range| &word[range[0]..range[1]]).collect()
}
