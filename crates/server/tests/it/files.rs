//! Where files are kept: what an operator is told, by the command line and by the server's health.

use std::{
    path::{Path, PathBuf},
    process::{Command, Output},
    time::Duration,
};

use bytes::Bytes;
use futures::stream;
use kernel::OrgId;
use platform::files::{FileName, Files, NewFile, Place};
use testkit::peers::S3Server;
use tokio_util::sync::CancellationToken;

use crate::product::TestProduct;

/// Only to end a test that hangs.
const LONG: Duration = Duration::from_secs(60);

struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        let path = std::env::temp_dir().join(format!("steward-files-{}", uuid::Uuid::new_v4().simple()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    /// Such as `steward files check`.
    fn steward(&self, arguments: &[&str], settings: &[(&str, &str)]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_steward"));
        command.env_clear().env("STEWARD_DATA_DIR", &self.0).envs(settings.iter().copied());
        command.args(arguments).output().unwrap()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _left = std::fs::remove_dir_all(&self.0);
    }
}

fn bucket<'a>(endpoint: &'a str, url: &'a str) -> [(&'static str, &'a str); 4] {
    [
        ("STEWARD_FILES_URL", url),
        ("STEWARD_FILES_S3_ENDPOINT", endpoint),
        ("STEWARD_FILES_S3_ACCESS_KEY_ID", "canary-id"),
        ("STEWARD_FILES_S3_SECRET_ACCESS_KEY", "canary-secret"),
    ]
}

fn said(output: &Output) -> String {
    let said = [output.stdout.as_slice(), &output.stderr].concat();
    let said = String::from_utf8(said).unwrap();
    assert!(!said.contains("canary"), "{said}");
    said
}

fn files_in(folder: &Path) -> Files {
    Files::open(&Place::Folder(folder.into())).unwrap()
}

async fn store(files: &Files, org: OrgId, id: &str) {
    let content = stream::iter([Ok(Bytes::from(id.to_owned()))]);
    let name = FileName::new(org, "attachments", id).unwrap();
    files.put(&name, NewFile { content_type: "text/plain", limit: 100 }, content).await.unwrap();
}

#[tokio::test]
async fn the_command_line_says_that_files_can_be_kept() {
    let (folder, server) = (Folder::new(), S3Server::start().await);
    let endpoint = server.endpoint();
    for settings in [&bucket(&endpoint, "s3://steward/of/ours")[..], &[]] {
        let checked = folder.steward(&["files", "check"], settings);
        let told = said(&checked);
        assert!(checked.status.success(), "{told}");
        for step in ["write", "read", "list", "delete"] {
            assert!(told.lines().any(|line| line.starts_with(step) && line.ends_with(" ms")), "{told}");
        }
    }
    assert!(folder.0.join("files").exists(), "that was the folder");
}

#[tokio::test]
async fn the_command_line_says_what_is_wrong_with_the_store() {
    let folder = Folder::new();
    let (server, stranger) = (S3Server::start().await, S3Server::that_refuses().await);
    let nowhere = "http://127.0.0.1:1";
    for (endpoint, url, expected) in [
        (server.endpoint().as_str(), "s3://another", "no such bucket"),
        (stranger.endpoint().as_str(), "s3://steward", "access is refused"),
        (nowhere, "s3://steward", "does not answer"),
        (nowhere, "gs://steward", "--files-url"),
    ] {
        let checked = folder.steward(&["files", "check"], &bucket(endpoint, url));
        assert!(!checked.status.success() && said(&checked).contains(expected), "{}", said(&checked));
    }
}

#[tokio::test]
async fn files_move_from_a_folder_to_a_bucket_and_back() {
    let (folder, server, org) = (Folder::new(), S3Server::start().await, OrgId::from(uuid::Uuid::new_v4()));
    let (here, back) = (folder.0.join("files"), folder.0.join("back"));
    for id in ["one", "two"] {
        store(&files_in(&here), org, id).await;
    }
    let endpoint = server.endpoint();
    let copy = |from: &str, to: &str, expected: &str| {
        let copied = folder.steward(&["files", "copy", "--from", from, "--to", to], &bucket(&endpoint, "/x"));
        assert!(copied.status.success() && said(&copied).contains(expected), "{}", said(&copied));
    };
    let (here, in_bucket) = (here.to_str().unwrap(), "s3://steward/of/ours");
    copy(here, in_bucket, "done: 2 copied (6 bytes), 0 there already");
    copy(here, in_bucket, "done: 0 copied (0 bytes), 2 there already");
    copy(in_bucket, back.to_str().unwrap(), "done: 2 copied (6 bytes), 0 there already");
    let typo =
        folder.steward(&["files", "copy", "--from", "/nowhere", "--to", in_bucket], &bucket(&endpoint, "/x"));
    assert!(!typo.status.success() && said(&typo).contains("--from"), "{}", said(&typo));
    let name = FileName::new(org, "attachments", "two").unwrap();
    assert_eq!(files_in(&back).get(&name, None).await.unwrap().bytes().await.unwrap(), b"two");
}

#[tokio::test]
async fn a_server_goes_on_and_says_so_while_files_cannot_be_kept() {
    let folder = Folder::new();
    let place = folder.0.join("in/the/way");
    std::fs::write(folder.0.join("in"), "a file").unwrap();
    let product = TestProduct::with(|settings| {
        settings.files.files_url = Some(place.to_str().unwrap().to_owned());
    });
    let product = product.await;
    let files = product.product.files.clone();
    tokio::spawn(files.clone().watch(CancellationToken::new()));
    let ready = async || product.anonymous().get("/readyz").await.expect(200);
    tokio::time::timeout(LONG, files.becomes(false)).await.unwrap().unwrap();
    assert_eq!(ready().await, "ready; files cannot be kept");
    std::fs::remove_file(folder.0.join("in")).unwrap();
    tokio::time::timeout(LONG, files.becomes(true)).await.unwrap().unwrap();
    assert_eq!(ready().await, "ready");
}
