//! Whether files can be written, and if not, why.

use std::time::Duration;

use bytes::Bytes;
use futures::{TryStreamExt, stream};
use kernel::Result;
use object_store::{ObjectStore, path::Path};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::{Fault, Files, NewFile, fault, write::Refused};

/// How often a store is looked at that can be written, and one that cannot.
const PROBE_EVERY: Duration = Duration::from_secs(30);
const PROBE_AGAIN: Duration = Duration::from_secs(1);
/// Beside the files, of which probes are none.
const ROOT: &str = "probe";
const CONTENT: &[u8] = b"Steward looks whether files can be kept here.\n";

/// A thing that was tried.
#[derive(Clone, Debug)]
pub struct ProbeStep {
    pub what: &'static str,
    pub took: Duration,
    /// What is wrong, and what the store said.
    pub wrong: Option<(Fault, String)>,
}

fn probe() -> Path {
    Path::from(ROOT).join(uuid::Uuid::new_v4().simple().to_string())
}

impl Files {
    /// Writes a probe, reads it back, lists and deletes it; ends at the first that fails.
    pub async fn check(&self) -> Vec<ProbeStep> {
        let (path, mut steps) = (probe(), Vec::new());
        if step(&mut steps, "write", self.write_probe(&path)).await
            && step(&mut steps, "read", self.read_probe(&path)).await
            && step(&mut steps, "list", self.list_probe(&path)).await
        {
            step(&mut steps, "delete", self.remove(&path)).await;
        }
        steps
    }

    async fn write_probe(&self, path: &Path) -> object_store::Result<()> {
        let content = stream::iter([Ok(Bytes::from_static(CONTENT))]);
        let new = NewFile { content_type: "text/plain", limit: u64::MAX };
        match self.write(path.clone(), new, content).await {
            Err(Refused::Store(error)) => Err(error),
            Err(Refused::Content(_)) | Ok(_) => Ok(()),
        }
    }

    async fn read_probe(&self, path: &Path) -> object_store::Result<()> {
        use object_store::ObjectStoreExt;
        let read = self.0.store.get(path).await?.bytes().await?;
        if read.starts_with(CONTENT) { Ok(()) } else { Err(missing(path)) }
    }

    async fn list_probe(&self, path: &Path) -> object_store::Result<()> {
        let mut objects = self.0.store.list(Some(&Path::from(ROOT)));
        while let Some(object) = objects.try_next().await? {
            if object.location == *path {
                return Ok(());
            }
        }
        Err(missing(path))
    }

    /// Looks whether files can be written, until stopped.
    pub async fn watch(self, stop: CancellationToken) {
        loop {
            let up = self.can_be_written().await;
            let was = self.0.up.send_replace(Some(up));
            if up && was == Some(false) {
                tracing::info!("files can be kept again");
            }
            let pause = async {
                match up {
                    // Whoever meets a store that is away has it looked at.
                    true => drop(tokio::time::timeout(PROBE_EVERY, self.0.doubted.notified()).await),
                    false => tokio::time::sleep(PROBE_AGAIN).await,
                }
            };
            if stop.run_until_cancelled(pause).await.is_none() {
                return;
            }
        }
    }

    async fn can_be_written(&self) -> bool {
        let path = probe();
        let tried = async {
            self.write_probe(&path).await?;
            self.remove(&path).await
        };
        let Err(error) = tried.await else { return true };
        if self.is_up() != Some(false) {
            let (fault, error) = (fault::of(&error), fault::chain(&error));
            tracing::warn!(error, "files cannot be kept: {}", fault.advice());
        }
        false
    }

    /// Returns when files can be written, or cannot any more.
    pub async fn becomes(&self, up: bool) -> Result<()> {
        let mut state = self.0.up.subscribe();
        state.wait_for(|now| *now == Some(up)).await.map(|_| ()).map_err(kernel::Error::internal)
    }
}

fn missing(path: &Path) -> object_store::Error {
    object_store::Error::NotFound { path: path.to_string(), source: "it was just written".into() }
}

/// Tries one thing; whether it went well.
async fn step(
    steps: &mut Vec<ProbeStep>,
    what: &'static str,
    tried: impl Future<Output = object_store::Result<()>>,
) -> bool {
    let began = Instant::now();
    let wrong = tried.await.err().map(|error| (fault::of(&error), fault::chain(&error)));
    steps.push(ProbeStep { what, took: began.elapsed(), wrong });
    steps.last().is_some_and(|step| step.wrong.is_none())
}
