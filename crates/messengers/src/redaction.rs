//! What must not be seen in an error, whoever repeats it.

use kernel::{Redactor, Secret};
use url::Url;

/// A shorter end of a webhook's path is an ordinary word.
const SHORTEST_TOKEN: usize = 6;

/// Strikes credentials out of texts; of an address of a webhook also the token, which is the last part of its path.
pub fn redactor<'a>(credentials: impl IntoIterator<Item = &'a Secret<String>>) -> Redactor {
    let mut values: Vec<Secret<String>> = credentials.into_iter().cloned().collect();
    let tokens: Vec<_> = values.iter().filter_map(token_of).collect();
    values.extend(tokens);
    Redactor::new(&values)
}

fn token_of(credential: &Secret<String>) -> Option<Secret<String>> {
    let url = Url::parse(credential.expose()).ok()?;
    let token = url.path_segments()?.next_back()?;
    (token.len() >= SHORTEST_TOKEN).then(|| Secret::new(token.to_owned()))
}
