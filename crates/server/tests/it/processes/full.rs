//! The real binary on a small disk that fills up: nothing is stored, reading goes on, and PostgreSQL never notices.

use std::{
    fs,
    path::PathBuf,
    process::{Command, Output},
};

use serde_json::{Value, json};

use super::{
    platforms::Platforms,
    set_up,
    steward::{Steward, new_folder},
    until,
};

const MB: usize = 1 << 20;
/// What Steward leaves free.
const RESERVE: usize = 64;

/// A file system of its own, which only root can have.
struct SmallDisk(PathBuf);

impl SmallDisk {
    /// # Errors
    /// Why this machine does not let us.
    fn mount() -> Result<Self, String> {
        let folder = new_folder();
        let options = ["-t", "tmpfs", "-o", "size=300m,mode=755", "tmpfs"];
        let Output { status, stderr, .. } =
            Command::new("mount").args(options).arg(&folder).output().unwrap();
        if !status.success() {
            fs::remove_dir(&folder).unwrap();
            return Err(String::from_utf8_lossy(&stderr).into_owned());
        }
        Ok(Self(folder))
    }

    fn free(&self) -> usize {
        let said =
            Command::new("df").args(["--block-size=1", "--output=avail"]).arg(&self.0).output().unwrap();
        String::from_utf8(said.stdout).unwrap().split_whitespace().last().unwrap().parse().unwrap()
    }

    /// Leaves so much room.
    fn fill_up_to(&self, left: usize) {
        fs::write(self.0.join("filler"), vec![0; self.free() - left]).unwrap();
    }

    fn make_room(&self) {
        fs::remove_file(self.0.join("filler")).unwrap();
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ended = Command::new("umount").arg("--lazy").arg(&self.0).status();
        let _ = fs::remove_dir(&self.0);
    }
}

/// Sends a request as a program with a token does; answers the status, whether to come again, and the body.
async fn send(request: reqwest::RequestBuilder, token: &str) -> (u16, bool, Value) {
    let answer = request.bearer_auth(token).send().await.unwrap();
    let again = answer.headers().get("retry-after").is_some();
    (answer.status().as_u16(), again, answer.json().await.unwrap_or_default())
}

/// A request of 200 alerts that take some room.
fn alerts(request: usize) -> Value {
    let description = "What happened. ".repeat(200);
    let alert = |number: usize| {
        let labels = json!({ "number": number.to_string() });
        json!({ "title": "x", "fingerprint": format!("{request}/{number}"), "group_key": "one", "labels": labels,
            "description": description })
    };
    (0..200).map(alert).collect()
}

async fn read_everything(steward: &Steward, token: &str) {
    let client = reqwest::Client::new();
    for path in ["issues", "alerts", "overview", "skills", "me"] {
        let (status, _, said) = send(client.get(steward.url(&format!("/api/v1/{path}"))), token).await;
        assert_eq!(status, 200, "{path}: {said}");
    }
    let ready = reqwest::get(steward.url("/readyz")).await.unwrap().text().await.unwrap();
    assert_eq!(ready, "ready for reading only: the disk is full");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_refuses_changes_lets_people_read_and_is_no_end() {
    let disk = match SmallDisk::mount() {
        Ok(disk) => disk,
        Err(why) => return println!("skipped: a file system cannot be mounted: {why}"),
    };
    let platforms = Platforms::start().await;
    let settings = vec![
        ("STEWARD_DISK_RESERVE", RESERVE.to_string()),
        ("STEWARD_METRICS_TOKEN", "a token for metrics".into()),
    ];
    let folder = disk.0.join("data");
    fs::create_dir(&folder).unwrap();
    let steward = Steward::prepare_in(folder, &platforms, settings);
    let mut process = steward.serve().await;
    let token = steward.token(&["--scopes", "api,ingest", "--role", "admin"]);
    set_up(&steward, &token).await;
    let (client, hook) = (reqwest::Client::new(), steward.url("/hooks/generic"));
    let postmaster = steward.postmaster();

    disk.fill_up_to((RESERVE + 24) * MB);
    let mut stored = 0;
    let refused = loop {
        match send(client.post(&hook).json(&alerts(stored)), &token).await {
            (202, ..) => stored += 1,
            refused => break refused,
        }
    };
    assert_eq!((refused.0, refused.1, refused.2["code"].as_str()), (503, true, Some("disk_full")));
    assert!(stored > 0 && disk.free() > 16 * MB, "{stored} requests, {} bytes left", disk.free());
    let skill = json!({ "name": "Another", "problem_description": "Another", "sop": "" });
    let (status, _, said) = send(client.post(steward.url("/api/v1/skills")).json(&skill), &token).await;
    assert_eq!((status, said["code"].as_str()), (503, Some("disk_full")));
    read_everything(&steward, &token).await;
    let metrics = async || {
        let asked = client.get(steward.url("/metrics")).bearer_auth("a token for metrics");
        asked.send().await.unwrap().text().await.unwrap()
    };
    assert!(metrics().await.contains("steward_disk_full 1"));
    assert_eq!(steward.postmaster(), postmaster, "PostgreSQL was never out of space");

    // Not even a start needs room.
    process.kill_9().await;
    let mut process = steward.serve().await;
    read_everything(&steward, &token).await;

    disk.make_room();
    until("there is room", async || {
        let sent = send(client.post(&hook).json(&alerts(stored)), &token).await;
        sent.0 == 202
    })
    .await;
    assert!(metrics().await.contains("steward_disk_full 0"));
    until("every issue is concluded", async || steward.everything_is_done(&token).await).await;
    let mut db = steward.database().await;
    let kept: (i64, i64) = sqlx::query_as("select count(*), count(distinct fingerprint) from alerts")
        .fetch_one(&mut db)
        .await
        .unwrap();
    let expected = i64::try_from(200 * (stored + 1)).unwrap();
    assert_eq!(kept, (expected, expected));
    process.terminate().await;
}
