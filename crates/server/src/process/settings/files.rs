//! Where files are kept.

use std::path::{Path, PathBuf};

use clap::Args;
use kernel::{Error, Result};
use platform::files::{Bucket, Place};
use url::Url;

use super::SecretText;

/// The folder or bucket of files.
#[derive(Args, Clone, Debug)]
// Its name is also that of a subcommand, and clap names groups after both.
#[group(skip)]
pub struct Files {
    /// Where files are kept: a folder, or s3://bucket/prefix for an S3-compatible store; processes on several machines need the
    /// same [default: files in the data folder]
    #[arg(long, env = "STEWARD_FILES_URL", hide_env_values = true, value_name = "URL")]
    pub files_url: Option<String>,

    /// Address of the S3-compatible store [default: Amazon's]
    #[arg(long, env = "STEWARD_FILES_S3_ENDPOINT", value_name = "URL")]
    pub files_s3_endpoint: Option<Url>,

    /// Region of the bucket
    #[arg(long, env = "STEWARD_FILES_S3_REGION", value_name = "NAME", default_value = "us-east-1")]
    pub files_s3_region: String,

    /// Access key of an account that may get, put, delete and list there
    #[arg(long, env = "STEWARD_FILES_S3_ACCESS_KEY_ID", hide_env_values = true, value_name = "ID")]
    pub files_s3_access_key_id: Option<SecretText>,

    /// Its secret
    #[arg(long, env = "STEWARD_FILES_S3_SECRET_ACCESS_KEY", hide_env_values = true, value_name = "SECRET")]
    pub files_s3_secret_access_key: Option<SecretText>,

    /// File of certificates (PEM) that the store may show beside those the machine trusts
    #[arg(long, env = "STEWARD_FILES_S3_CA_FILE", value_name = "FILE")]
    pub files_s3_ca_file: Option<PathBuf>,
}

impl Files {
    /// Where files are kept, by themselves in the data folder.
    ///
    /// # Errors
    /// `invalid_setting`, naming the setting.
    pub fn place(&self, data_dir: &Path) -> Result<Place> {
        match &self.files_url {
            Some(url) => self.place_of("--files-url", url),
            None => Ok(Place::Folder(data_dir.join("files"))),
        }
    }

    /// The place that a setting names.
    ///
    /// # Errors
    /// `invalid_setting`, naming the setting.
    pub fn place_of(&self, setting: &'static str, text: &str) -> Result<Place> {
        let wrong = |detail: &str| Error::field("invalid_setting", setting, detail);
        let Some((scheme, rest)) = text.split_once("://") else {
            let folder = std::path::absolute(text).map_err(|error| wrong(&error.to_string()))?;
            return Ok(Place::Folder(folder));
        };
        let (name, prefix) = rest.split_once('/').unwrap_or((rest, ""));
        let named = name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-.".contains(&b));
        if scheme != "s3" || name.is_empty() || !named {
            return Err(wrong("must be a folder, or a bucket as s3://bucket or s3://bucket/prefix"));
        }
        self.bucket(name, prefix.trim_end_matches('/')).map(|bucket| Place::Bucket(Box::new(bucket)))
    }

    fn bucket(&self, name: &str, prefix: &str) -> Result<Bucket> {
        let wrong = |setting, detail: &str| Error::field("invalid_setting", setting, detail);
        let given = |setting, value: Option<&SecretText>| {
            value.map(SecretText::secret).ok_or_else(|| wrong(setting, "is needed with s3://"))
        };
        if let Some(endpoint) = &self.files_s3_endpoint
            && !matches!(endpoint.scheme(), "http" | "https")
        {
            return Err(wrong("--files-s3-endpoint", "must begin with http:// or https://"));
        }
        let ca = self.files_s3_ca_file.as_ref().map(std::fs::read).transpose();
        Ok(Bucket {
            name: name.to_owned(),
            prefix: prefix.to_owned(),
            endpoint: self.files_s3_endpoint.clone(),
            region: self.files_s3_region.clone(),
            access_key_id: given("--files-s3-access-key-id", self.files_s3_access_key_id.as_ref())?,
            secret_access_key: given(
                "--files-s3-secret-access-key",
                self.files_s3_secret_access_key.as_ref(),
            )?,
            ca: ca.map_err(|error| wrong("--files-s3-ca-file", &error.to_string()))?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::process::settings::Settings;

    fn files(change: impl FnOnce(&mut Files)) -> Result<Place> {
        let mut files = Settings::defaults().unwrap().files;
        change(&mut files);
        files.place(Path::new("/data"))
    }

    fn with_keys(files: &mut Files) {
        files.files_s3_access_key_id = Some("canary-id".parse().unwrap());
        files.files_s3_secret_access_key = Some("canary-secret".parse().unwrap());
    }

    #[test]
    fn files_stand_in_the_data_folder_unless_another_place_is_named() {
        let folder = |place| match place {
            Ok(Place::Folder(folder)) => folder,
            _ => panic!("no folder"),
        };
        assert_eq!(folder(files(|_| {})), Path::new("/data/files"));
        assert_eq!(folder(files(|files| files.files_url = Some("/srv/f".into()))), Path::new("/srv/f"));
        let place = files(|files| {
            with_keys(files);
            files.files_url = Some("s3://bucket/a/b/".into());
            files.files_s3_endpoint = Some("https://s3.example".parse().unwrap());
            files.files_s3_region = "eu-1".into();
        });
        let Ok(Place::Bucket(bucket)) = place else { panic!("no bucket") };
        assert_eq!((bucket.name.as_str(), bucket.prefix.as_str()), ("bucket", "a/b"));
        assert_eq!((bucket.region.as_str(), bucket.ca), ("eu-1", None));
        assert_eq!(bucket.endpoint.unwrap().as_str(), "https://s3.example/");
        assert_eq!(bucket.secret_access_key.expose(), "canary-secret");
    }

    #[test]
    fn what_leads_nowhere_is_refused_by_its_name() {
        let refused = |name: &str, change: &dyn Fn(&mut Files)| {
            let error = files(|files| {
                files.files_url = Some("s3://bucket".into());
                with_keys(files);
                change(files);
            });
            let error = format!("{:?}", error.err().unwrap());
            assert!(error.contains(name) && !error.contains("canary"), "{error}");
        };
        refused("--files-url", &|files| files.files_url = Some("s3://".into()));
        refused("--files-url", &|files| files.files_url = Some("s3://id:canary@bucket".into()));
        refused("--files-url", &|files| files.files_url = Some("gs://bucket".into()));
        refused("--files-s3-access-key-id", &|files| files.files_s3_access_key_id = None);
        refused("--files-s3-secret-access-key", &|files| files.files_s3_secret_access_key = None);
        refused("--files-s3-ca-file", &|files| files.files_s3_ca_file = Some("/nowhere".into()));
        refused("--files-s3-endpoint", &|files| {
            files.files_s3_endpoint = Some("ftp://host".parse().unwrap());
        });
    }
}
