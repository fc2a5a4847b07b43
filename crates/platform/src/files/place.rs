use std::{path::PathBuf, sync::Arc, time::Duration};

use kernel::{Error, Result, Secret};
use object_store::{
    BackoffConfig, Certificate, ClientOptions, ObjectStore, RetryConfig, aws::AmazonS3Builder,
    local::LocalFileSystem, path::Path, prefix::PrefixStore,
};
use url::Url;

/// Longest wait for one answer: eight megabytes go out in that time over a slow line.
const PATIENCE: Duration = Duration::from_secs(60);
const CONNECT: Duration = Duration::from_secs(5);
/// A store that fails for a moment is asked again for as long.
const RETRIES: Duration = Duration::from_secs(10);

/// Where files stand.
#[derive(Clone)]
pub enum Place {
    /// Made when there is none.
    Folder(PathBuf),
    Bucket(Box<Bucket>),
}

/// A bucket of an S3-compatible store.
#[derive(Clone)]
pub struct Bucket {
    pub name: String,
    /// What all names begin with there; may be empty.
    pub prefix: String,
    /// None for Amazon's own.
    pub endpoint: Option<Url>,
    pub region: String,
    pub access_key_id: Secret<String>,
    pub secret_access_key: Secret<String>,
    /// Certificates (PEM) that are trusted beside those of the machine.
    pub ca: Option<Vec<u8>>,
}

fn wrong(name: &'static str, error: impl std::fmt::Display) -> Error {
    Error::field("invalid_setting", name, error.to_string())
}

impl Place {
    pub(super) fn open(&self) -> Result<Arc<dyn ObjectStore>> {
        match self {
            Self::Folder(folder) => {
                let prefix = Path::from_absolute_path(folder).map_err(|error| wrong("--files-url", error))?;
                let store = LocalFileSystem::new().with_fsync(true);
                Ok(Arc::new(PrefixStore::new(store, prefix)))
            }
            Self::Bucket(bucket) => bucket.open(),
        }
    }
}

impl Bucket {
    fn open(&self) -> Result<Arc<dyn ObjectStore>> {
        let prefix = Path::parse(&self.prefix).map_err(|error| wrong("--files-url", error))?;
        let mut client = ClientOptions::new().with_timeout(PATIENCE).with_connect_timeout(CONNECT);
        if let Some(ca) = &self.ca {
            let certificates = Certificate::from_pem_bundle(ca);
            for certificate in certificates.map_err(|error| wrong("--files-s3-ca-file", error))? {
                client = client.with_root_certificate(certificate);
            }
        }
        let backoff = BackoffConfig { max_backoff: Duration::from_secs(2), ..BackoffConfig::default() };
        let mut store = AmazonS3Builder::new()
            .with_bucket_name(&self.name)
            .with_region(&self.region)
            .with_access_key_id(self.access_key_id.expose())
            .with_secret_access_key(self.secret_access_key.expose())
            .with_retry(RetryConfig { backoff, max_retries: 3, retry_timeout: RETRIES });
        if let Some(endpoint) = &self.endpoint {
            // The store's address, which the library wants without the last slash.
            store = store.with_endpoint(endpoint.as_str().trim_end_matches('/'));
            client = client.with_allow_http(endpoint.scheme() == "http");
        }
        let store = store.with_client_options(client).build().map_err(|error| wrong("--files-url", error))?;
        Ok(Arc::new(PrefixStore::new(store, prefix)))
    }
}
