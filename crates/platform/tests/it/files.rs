//! Files: the same promises over a folder and over an S3-compatible store, and what holds when one of them dies.

use std::{
    collections::BTreeMap,
    io::Write,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use bytes::Bytes;
use futures::{Stream, StreamExt, stream};
use kernel::{Error, OrgId, PageQuery, Result, Secret};
use platform::files::{Bucket, Copied, Fault, FileName, Files, NewFile, Place};
use sha2::{Digest, Sha256};
use testkit::peers::S3Server;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio_util::sync::CancellationToken;

/// Only to end a test that hangs.
const LONG: Duration = Duration::from_secs(60);
const ANY: NewFile<'static> = NewFile { content_type: "text/plain", limit: 1 << 30 };

struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        let path = std::env::temp_dir().join(format!("steward-files-{}", uuid::Uuid::new_v4().simple()));
        Self(path)
    }

    fn files(&self) -> Files {
        Files::open(&Place::Folder(self.0.clone())).unwrap()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _left = std::fs::remove_dir_all(&self.0);
    }
}

fn bucket(server: &S3Server) -> Bucket {
    Bucket {
        name: S3Server::BUCKET.into(),
        prefix: "of/steward".into(),
        endpoint: Some(server.endpoint().parse().unwrap()),
        region: "us-east-1".into(),
        access_key_id: Secret::new("somebody".into()),
        secret_access_key: Secret::new("sesame".into()),
        ca: server.ca.clone().map(String::into_bytes),
    }
}

fn in_bucket(bucket: Bucket) -> Files {
    Files::open(&Place::Bucket(Box::new(bucket))).unwrap()
}

/// Each promise is kept by both.
macro_rules! over_both {
    ($($promise:ident)+) => {
        mod in_a_folder {
            use super::*;
            $(#[tokio::test] async fn $promise() {
                let folder = Folder::new();
                super::$promise(folder.files()).await;
            })+
        }
        mod in_a_bucket {
            use super::*;
            $(#[tokio::test] async fn $promise() {
                let server = S3Server::start().await;
                super::$promise(in_bucket(bucket(&server))).await;
            })+
        }
    };
}

over_both! {
    what_is_stored_is_read_back_whole_and_in_part
    a_file_that_is_too_large_or_breaks_off_is_not_stored
    whoever_reads_while_a_file_is_replaced_reads_one_or_the_other
    an_area_is_listed_in_pages_and_holds_nothing_of_others
    what_is_not_there_is_not_found_and_may_be_deleted
    what_can_be_written_is_said_to_be
    a_copy_goes_on_where_it_was_broken_off
}

fn org() -> OrgId {
    OrgId::from(uuid::Uuid::new_v4())
}

fn name(org: OrgId, id: &str) -> FileName {
    FileName::new(org, "attachments", id).unwrap()
}

/// In pieces that fit no part.
fn content(bytes: &[u8]) -> impl Stream<Item = Result<Bytes>> + Send + Unpin + use<> {
    let pieces: Vec<_> = bytes.chunks(777_777).map(|piece| Ok(Bytes::copy_from_slice(piece))).collect();
    stream::iter(pieces)
}

fn some(length: usize) -> Vec<u8> {
    (0..length).map(|at| (at * 31 + at / 251) as u8).collect()
}

async fn read(files: &Files, name: &FileName) -> Result<Vec<u8>> {
    files.get(name, None).await?.bytes().await
}

async fn what_is_stored_is_read_back_whole_and_in_part(files: Files) {
    let org = org();
    // Nothing, less than a part, a part, and several.
    for length in [0, 1, 300, 8 << 20, (20 << 20) + 3] {
        let (name, bytes) = (name(org, &length.to_string()), some(length));
        let new = NewFile { content_type: "image/png", limit: length as u64 };
        let stored = files.put(&name, new, content(&bytes)).await.unwrap();
        assert_eq!(stored.sha256, hex::encode(Sha256::digest(&bytes)));
        let told = files.head(&name).await.unwrap();
        assert_eq!(stored, told);
        assert_eq!((told.size, told.content_type.as_str()), (length as u64, "image/png"));
        assert_eq!(read(&files, &name).await.unwrap(), bytes);
        for range in [0..1, 1..7, 290..301, 299..9999, (length as u64)..(length as u64 + 1), 5..5] {
            let part = files.get(&name, Some(range.clone())).await.unwrap().bytes().await.unwrap();
            let (start, end) = (range.start as usize, (range.end as usize).min(length));
            assert_eq!(part, bytes.get(start..end).unwrap_or_default(), "{range:?} of {length}");
        }
    }
}

async fn a_file_that_is_too_large_or_breaks_off_is_not_stored(files: Files) {
    let (org, large) = (org(), some(20 << 20));
    files.put(&name(org, "old"), ANY, content(b"as it was")).await.unwrap();
    for id in ["new", "old"] {
        let new = NewFile { limit: large.len() as u64 - 1, ..ANY };
        let refused = files.put(&name(org, id), new, content(&large)).await.unwrap_err();
        assert_eq!(refused.code().0, "file_too_large");
        let broken = content(&large[1..]).chain(stream::iter([Err(Error::unavailable("it broke off"))]));
        let refused = files.put(&name(org, id), ANY, broken).await.unwrap_err();
        assert_eq!(refused.to_string(), "it broke off");
    }
    assert_eq!(read(&files, &name(org, "old")).await.unwrap(), b"as it was");
    assert_eq!(files.head(&name(org, "new")).await.unwrap_err().code().0, "not_found");
    let page = files.list(org, "attachments", &PageQuery::default()).await.unwrap();
    assert_eq!(page.items.len(), 1);
}

async fn whoever_reads_while_a_file_is_replaced_reads_one_or_the_other(files: Files) {
    let name = name(org(), "replaced");
    let versions: Vec<_> = (0..4_usize).map(|version| vec![version as u8; 100_000 * (version + 1)]).collect();
    files.put(&name, ANY, content(&versions[0])).await.unwrap();
    let stop = CancellationToken::new();
    let writer = {
        let (files, name, versions, stop) = (files.clone(), name.clone(), versions.clone(), stop.clone());
        tokio::spawn(async move {
            for version in versions.iter().cycle() {
                if stop.is_cancelled() {
                    return;
                }
                files.put(&name, ANY, content(version)).await.unwrap();
                // A reader is let in between.
                tokio::task::yield_now().await;
            }
        })
    };
    let mut whole = 0;
    while whole < 20 {
        match read(&files, &name).await {
            Ok(bytes) => {
                assert!(versions.contains(&bytes), "{} bytes of several versions", bytes.len());
                whole += 1;
            }
            Err(error) => assert_eq!(error.code().0, "unavailable", "{error:?}"),
        }
    }
    stop.cancel();
    writer.await.unwrap();
}

async fn an_area_is_listed_in_pages_and_holds_nothing_of_others(files: Files) {
    let (org, other) = (org(), org());
    let mut ids: Vec<_> = (0..7).map(|number| format!("file-{number}.txt")).collect();
    for id in ids.iter().rev() {
        files.put(&name(org, id), ANY, content(id.as_bytes())).await.unwrap();
    }
    files.put(&name(other, "theirs"), ANY, content(b"theirs")).await.unwrap();
    files.put(&FileName::new(org, "attachments2", "elsewhere").unwrap(), ANY, content(b"")).await.unwrap();
    files.delete(&name(org, &ids.remove(2))).await.unwrap();
    let (mut seen, mut cursor) = (Vec::new(), None);
    loop {
        let page = files.list(org, "attachments", &PageQuery { limit: Some(4), cursor }).await.unwrap();
        assert!(page.items.len() <= 4 && page.items.iter().all(|file| file.size == 10));
        seen.extend(page.items.iter().map(|file| file.name.id().to_owned()));
        cursor = page.next_cursor;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(seen, ids);
    assert_eq!(files.list(org, "..", &PageQuery::default()).await.unwrap_err().code().0, "invalid_file");
    assert!(files.list(org, "empty", &PageQuery::default()).await.unwrap().items.is_empty());
}

async fn what_is_not_there_is_not_found_and_may_be_deleted(files: Files) {
    let (name, theirs) = (name(org(), "file"), name(org(), "file"));
    files.put(&theirs, ANY, content(b"theirs")).await.unwrap();
    for missing in [files.head(&name).await.err(), files.get(&name, None).await.err()] {
        assert_eq!(missing.unwrap().code().0, "not_found");
    }
    files.delete(&name).await.unwrap();
    assert_eq!(read(&files, &theirs).await.unwrap(), b"theirs");
}

async fn what_can_be_written_is_said_to_be(files: Files) {
    let steps = files.check().await;
    assert_eq!(steps.iter().map(|step| step.what).collect::<Vec<_>>(), ["write", "read", "list", "delete"]);
    assert!(steps.iter().all(|step| step.wrong.is_none()), "{steps:?}");
    assert_eq!(files.is_up(), None);
    tokio::spawn(files.clone().watch(CancellationToken::new()));
    tokio::time::timeout(LONG, files.becomes(true)).await.unwrap().unwrap();
}

async fn a_copy_goes_on_where_it_was_broken_off(files: Files) {
    let (folder, org) = (Folder::new(), org());
    let copy = folder.files();
    for number in 0..5 {
        let name = name(org, &format!("{number}"));
        files.put(&name, ANY, content(format!("number {number}").as_bytes())).await.unwrap();
    }
    let all = Copied { copied: 5, bytes: 40, there: 0 };
    assert_eq!(files.copy_all(&copy, |_| {}).await.unwrap(), all);
    // One was lost, and one is another: these are copied, and the rest is not.
    copy.delete(&name(org, "1")).await.unwrap();
    copy.put(&name(org, "3"), ANY, content(b"number 9")).await.unwrap();
    let rest = Copied { copied: 2, bytes: 16, there: 3 };
    assert_eq!(files.copy_all(&copy, |_| {}).await.unwrap(), rest);
    assert_eq!(read(&copy, &name(org, "3")).await.unwrap(), b"number 3");
    // And back.
    files.delete(&name(org, "0")).await.unwrap();
    let back = Copied { copied: 1, bytes: 8, there: 4 };
    assert_eq!(copy.copy_all(&files, |_| {}).await.unwrap(), back);
}

async fn wrong(files: &Files) -> Fault {
    let steps = files.check().await;
    let (fault, said) = steps.last().and_then(|step| step.wrong.clone()).expect("something is wrong");
    assert!(!said.contains("sesame"), "{said}");
    fault
}

#[tokio::test]
async fn a_store_that_goes_away_is_said_to_be_and_goes_on_when_it_is_back() {
    let mut server = S3Server::start().await;
    let (files, name) = (in_bucket(bucket(&server)), name(org(), "file"));
    tokio::spawn(files.clone().watch(CancellationToken::new()));
    tokio::time::timeout(LONG, files.becomes(true)).await.unwrap().unwrap();
    server.kill().await;
    let refused = files.put(&name, ANY, content(b"lost")).await.unwrap_err();
    assert_eq!(refused.code().0, "unavailable", "{refused:?}");
    assert_eq!(files.head(&name).await.unwrap_err().code().0, "unavailable");
    tokio::time::timeout(LONG, files.becomes(false)).await.unwrap().unwrap();
    assert_eq!(wrong(&files).await, Fault::Away);
    server.restart().await;
    tokio::time::timeout(LONG, files.becomes(true)).await.unwrap().unwrap();
    files.put(&name, ANY, content(b"kept")).await.unwrap();
    assert_eq!(read(&files, &name).await.unwrap(), b"kept");
}

#[tokio::test]
async fn a_store_may_have_a_certificate_by_an_authority_of_its_own() {
    let server = S3Server::with_tls().await;
    let trusting = in_bucket(bucket(&server));
    assert!(trusting.check().await.iter().all(|step| step.wrong.is_none()));
    let stranger = in_bucket(Bucket { ca: None, ..bucket(&server) });
    assert_eq!(wrong(&stranger).await, Fault::Certificate);
}

#[tokio::test]
async fn a_bucket_that_is_not_there_is_told_from_a_file_that_is_not() {
    let server = S3Server::start().await;
    let files = in_bucket(Bucket { name: "another".into(), ..bucket(&server) });
    assert_eq!(wrong(&files).await, Fault::Bucket);
    assert_eq!(files.head(&name(org(), "file")).await.unwrap_err().code().0, "unavailable");
}

#[tokio::test]
async fn refused_credentials_are_named() {
    let server = S3Server::that_refuses().await;
    assert_eq!(wrong(&in_bucket(bucket(&server))).await, Fault::Refused);
}

#[tokio::test]
async fn a_folder_that_cannot_be_made_is_no_reason_not_to_start() {
    let folder = Folder::new();
    std::fs::create_dir_all(&folder.0).unwrap();
    let file = folder.0.join("file");
    std::fs::write(&file, "in the way").unwrap();
    let files = Files::open(&Place::Folder(file.join("folder"))).unwrap();
    assert_eq!(wrong(&files).await, Fault::Away);
    assert_eq!(files.put(&name(org(), "file"), ANY, content(b"")).await.unwrap_err().code().0, "unavailable");
}

#[tokio::test]
async fn the_folder_is_closed_to_others_and_what_it_stands_in_is_not() {
    let folder = Folder::new();
    let place = folder.0.join("data/files");
    let files = Files::open(&Place::Folder(place.clone())).unwrap();
    files.put(&name(org(), "file"), ANY, content(b"ours")).await.unwrap();
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&place), 0o700);
    assert_ne!(mode(&folder.0.join("data")), 0o700);
}

#[tokio::test]
async fn a_file_that_was_changed_on_its_disk_is_not_passed_off_as_what_was_stored() {
    let folder = Folder::new();
    let (files, name) = (folder.files(), name(org(), "file"));
    files.put(&name, ANY, content(b"as it was")).await.unwrap();
    let path = folder.0.join(name.to_string());
    let changed = std::fs::read(&path).unwrap();
    std::fs::write(&path, [b"not", &changed[3..]].concat()).unwrap();
    assert_eq!(read(&files, &name).await.unwrap_err().code().0, "internal");
    std::fs::write(&path, &changed[..changed.len() - 1]).unwrap();
    assert_eq!(files.head(&name).await.unwrap_err().code().0, "internal");
}

#[tokio::test]
async fn what_was_acknowledged_is_there_and_nothing_half_written_when_the_writer_is_killed() {
    let folder = Folder::new();
    let program = std::env::current_exe().unwrap();
    for _ in 0..3 {
        let mut writer = tokio::process::Command::new(&program)
            .args(["--exact", "files::writes_until_it_is_killed", "--ignored", "--nocapture"])
            .env("STEWARD_TEST_FOLDER", &folder.0)
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(writer.stdout.take().unwrap()).lines();
        let mut stored = BTreeMap::new();
        while let Some(line) = tokio::time::timeout(LONG, lines.next_line()).await.unwrap().unwrap() {
            if let Some((id, sum)) = line.strip_prefix("stored ").and_then(|rest| rest.split_once(' ')) {
                stored.insert(id.to_owned(), sum.to_owned());
            }
            if stored.len() == 10 {
                // In the middle of those that are under way; what it said before is still read.
                writer.start_kill().unwrap();
            }
        }
        everything_is_whole(&folder.files(), &stored).await;
    }
}

async fn everything_is_whole(files: &Files, stored: &BTreeMap<String, String>) {
    assert!(stored.len() >= 10);
    for (id, sum) in stored {
        assert_eq!(&files.head(&name(nobody(), id)).await.unwrap().sha256, sum);
    }
    let page =
        files.list(nobody(), "attachments", &PageQuery { limit: Some(200), cursor: None }).await.unwrap();
    for file in page.items {
        // Its checksum is compared while it is read.
        assert_eq!(read(files, &file.name).await.unwrap().len() as u64, file.size);
    }
}

fn nobody() -> OrgId {
    OrgId::from(uuid::Uuid::nil())
}

#[tokio::test]
#[ignore = "a process of the test above"]
async fn writes_until_it_is_killed() {
    let Some(folder) = std::env::var_os("STEWARD_TEST_FOLDER") else { return };
    let files = Files::open(&Place::Folder(Path::new(&folder).into())).unwrap();
    let bytes = some(9 << 20);
    let writers = stream::iter(0_usize..60).map(|number| {
        let (files, bytes) = (&files, &bytes);
        async move {
            let id = uuid::Uuid::new_v4().simple().to_string();
            let stored = files.put(&name(nobody(), &id), ANY, content(&bytes[number..])).await.unwrap();
            writeln!(std::io::stdout(), "stored {id} {}", stored.sha256).unwrap();
        }
    });
    writers.buffer_unordered(4).collect::<Vec<()>>().await;
}
