//! A real PostgreSQL from the real pack: make it with `tools/pack-postgres.py` (part of `make setup`).

use std::{
    fs,
    io::{BufRead, BufReader, Write},
    net::{Ipv4Addr, TcpListener},
    os::unix::fs::{MetadataExt, PermissionsExt},
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::LazyLock,
    time::{Duration, Instant},
};

use nix::{
    sys::signal::{Signal, kill},
    unistd::{Pid, geteuid},
};
use sqlx::{Connection, PgConnection, Row};

use super::*;

static PACK: LazyLock<&'static [u8]> = LazyLock::new(|| {
    let name = format!("target/pg/pg-18.4-linux-{}.tar.xz", std::env::consts::ARCH);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(name);
    fs::read(&path).unwrap_or_else(|error| panic!("{}: {error} (run `make setup`)", path.display())).leak()
});

/// A data dir of its own, removed at the end.
struct Home(PathBuf);

impl Home {
    fn new() -> Self {
        let name = format!("steward-embedded-{}", hex::encode(rand::random::<[u8; 8]>()));
        Self(std::env::temp_dir().join(name))
    }

    fn options(&self) -> Options {
        Options {
            data_dir: self.0.clone(),
            pg_bin: None,
            pack: Some(*PACK),
            pack_name: "pg-of-the-tests",
            durability: Durability::Throwaway,
            max_connections: 10,
        }
    }

    fn start(&self) -> Embedded {
        Embedded::start(&self.options()).unwrap()
    }

    fn refusal(&self) -> EmbeddedError {
        refusal(&self.options())
    }

    fn postmaster(&self) -> Pid {
        let text = fs::read_to_string(self.0.join("cluster/postmaster.pid")).unwrap();
        Pid::from_raw(text.lines().next().unwrap().parse().unwrap())
    }

    fn log(&self) -> String {
        fs::read_to_string(self.0.join("postgres.log")).unwrap()
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn refusal(options: &Options) -> EmbeddedError {
    match Embedded::start(options) {
        Ok(_) => panic!("it started"),
        Err(error) => error,
    }
}

/// Runs one statement; its first value, if it returns one, is a text.
fn ask(embedded: &Embedded, sql: &'static str) -> String {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
        let mut connection = PgConnection::connect(embedded.url().expose()).await.unwrap();
        let row = sqlx::query(sql).fetch_optional(&mut connection).await.unwrap();
        row.map_or_else(String::new, |row| row.get(0))
    })
}

/// Waits for something that another process does.
fn wait_for(what: &str, mut happened: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(30);
    while !happened() {
        assert!(Instant::now() < deadline, "{what} did not happen within 30 s");
        std::thread::yield_now();
    }
}

fn is_running(pid: Pid) -> bool {
    kill(pid, None).is_ok()
}

/// A program that has nothing to do with us, run by the user that PostgreSQL runs as.
fn bystander() -> Child {
    let mut command = Command::new("sleep");
    command.arg("600");
    if geteuid().is_root() {
        let user = nix::unistd::User::from_name("nobody").unwrap().unwrap();
        command.uid(user.uid.as_raw()).gid(user.gid.as_raw());
    }
    command.spawn().unwrap()
}

fn end(mut child: Child) {
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn a_second_start_finds_what_the_first_wrote() {
    let home = Home::new();
    let first = home.start();
    ask(&first, "create table kept as select 'yes' as it");
    first.stop().unwrap();
    let second = home.start();
    assert_eq!(ask(&second, "select it from kept"), "yes");
    second.stop().unwrap();
    assert!(!home.log().contains("automatic recovery"), "the first was stopped in order");
}

#[test]
fn vectors_and_unicode_work() {
    let home = Home::new();
    let embedded = home.start();
    let nearest =
        "with made as (select '[1,2,3]'::vector as v) select upper('ä') || (v <-> '[1,2,4]')::text from made";
    ask(&embedded, "create extension vector");
    assert_eq!(ask(&embedded, nearest), "Ä1");
}

#[test]
fn commits_are_durable_when_asked_and_only_loopback_is_served() {
    let home = Home::new();
    let durable = Options { durability: Durability::Durable, ..home.options() };
    let embedded = Embedded::start(&durable).unwrap();
    let shown = ask(
        &embedded,
        "select string_agg(name || '=' || setting, ' ' order by name) from pg_settings where name in \
         ('fsync', 'full_page_writes', 'listen_addresses', 'synchronous_commit', 'unix_socket_directories')",
    );
    let expected = "fsync=on full_page_writes=on listen_addresses=127.0.0.1 synchronous_commit=on unix_socket_directories=";
    assert_eq!(shown, expected);
    let rules = ask(&embedded, "select string_agg(distinct auth_method, ' ') from pg_hba_file_rules");
    assert_eq!(rules, "scram-sha-256");
}

/// Not a test of its own: the steward that the next test kills. It runs in a process of its own.
#[test]
#[ignore = "run by killing_steward_ends_postgres_and_the_next_start_recovers"]
fn a_steward_to_be_killed() {
    let Some(data_dir) = std::env::var_os("STEWARD_TO_BE_KILLED") else { return };
    let mut home = Home::new();
    home.0 = data_dir.into();
    let embedded = Embedded::start(&Options { durability: Durability::Durable, ..home.options() }).unwrap();
    ask(&embedded, "create table kept as select 'yes' as it");
    println!("committed");
    std::thread::park();
}

#[test]
fn killing_steward_ends_postgres_and_the_next_start_recovers() {
    let home = Home::new();
    let mut steward = Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--nocapture", "a_steward_to_be_killed"])
        .env("STEWARD_TO_BE_KILLED", &home.0)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(steward.stdout.take().unwrap()).lines();
    assert!(lines.map_while(Result::ok).any(|line| line.ends_with("committed")), "{}", home.log());
    let postgres = home.postmaster();
    steward.kill().unwrap();
    steward.wait().unwrap();
    wait_for("the end of PostgreSQL", || !is_running(postgres));
    assert_eq!(ask(&home.start(), "select it from kept"), "yes");
}

#[test]
fn a_crashed_postgres_is_noticed_and_recovers_at_the_next_start() {
    let home = Home::new();
    let durable = Options { durability: Durability::Durable, ..home.options() };
    let mut first = Embedded::start(&durable).unwrap();
    assert!(first.ended().is_none());
    ask(&first, "create table kept as select 'yes' as it");
    kill(home.postmaster(), Signal::SIGKILL).unwrap();
    wait_for("the end of PostgreSQL", || first.ended().is_some());
    drop(first);
    assert_eq!(ask(&Embedded::start(&durable).unwrap(), "select it from kept"), "yes");
    assert!(home.log().contains("automatic recovery"));
}

#[test]
fn a_postgres_left_behind_in_our_data_dir_is_stopped_first() {
    let home = Home::new();
    let first = home.start();
    let bin = first.bin_dir().to_owned();
    first.stop().unwrap();
    let cluster = home.0.join("cluster");
    let mut leftover = Account::choose(&cluster)
        .unwrap()
        .command(&bin.join("postgres"))
        .arg("-D")
        .arg(&cluster)
        .args(["-c", "unix_socket_directories=", "-p"])
        .arg(fs::read_to_string(home.0.join("port")).unwrap())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    wait_for("its readiness", || {
        fs::read_to_string(cluster.join("postmaster.pid")).is_ok_and(|text| text.contains("\nready"))
    });
    // We are its parent here, so its end shows only once it is waited for.
    let reaper = std::thread::spawn(move || leftover.wait().unwrap());
    assert_eq!(ask(&home.start(), "select 'new'"), "new");
    assert!(reaper.join().unwrap().success());
}

#[test]
fn a_stale_pid_file_that_names_a_foreign_process_costs_it_nothing() {
    let home = Home::new();
    home.start().stop().unwrap();
    let mut bystander = bystander();
    let pid_file = home.0.join("cluster/postmaster.pid");
    fs::write(&pid_file, format!("{}\n{}\n", bystander.id(), home.0.join("cluster").display())).unwrap();
    assert_eq!(ask(&home.start(), "select 'new'"), "new");
    assert_eq!(bystander.try_wait().unwrap(), None);
    end(bystander);
}

#[test]
fn another_major_version_is_refused_with_both_versions_and_the_remedy() {
    let home = Home::new();
    home.start().stop().unwrap();
    fs::write(home.0.join("cluster/PG_VERSION"), "17\n").unwrap();
    let refusal = home.refusal();
    assert!(matches!(&refusal, EmbeddedError::OtherMajor { found, ours: 18, .. } if found == "17"));
    for part in ["PostgreSQL 17", "PostgreSQL 18", "pg_dump", "pg_restore"] {
        assert!(refusal.to_string().contains(part), "{refusal}");
    }
}

#[test]
fn a_data_dir_in_use_is_refused_and_its_user_keeps_running() {
    let home = Home::new();
    let first = home.start();
    let refusal = home.refusal();
    assert!(refusal.to_string().starts_with("another steward uses /"), "{refusal}");
    assert_eq!(ask(&first, "select 'still here'"), "still here");
}

#[test]
fn the_port_is_kept_until_somebody_takes_it() {
    let home = Home::new();
    let port_of = |embedded: Embedded| {
        let port = embedded.server.port;
        embedded.stop().unwrap();
        port
    };
    let first = port_of(home.start());
    assert_eq!(port_of(home.start()), first);
    let _taken = TcpListener::bind((Ipv4Addr::LOCALHOST, first)).unwrap();
    let embedded = home.start();
    assert_ne!(embedded.server.port, first);
    assert_eq!(ask(&embedded, "select 'elsewhere'"), "elsewhere");
}

#[test]
fn an_interrupted_first_start_is_begun_anew() {
    let home = Home::new();
    for unfinished in ["cluster.new/base", "postgres/unpacking/opt"] {
        fs::create_dir_all(home.0.join(unfinished)).unwrap();
    }
    for folder in [".", "postgres"] {
        fs::set_permissions(home.0.join(folder), fs::Permissions::from_mode(0o755)).unwrap();
    }
    assert_eq!(ask(&home.start(), "select 'whole'"), "whole");
    assert!(!home.0.join("cluster.new").exists() && !home.0.join("postgres/unpacking").exists());
}

#[test]
fn secrets_are_private_and_a_lost_password_is_told() {
    let home = Home::new();
    home.start().stop().unwrap();
    let mode = |path: &str| fs::metadata(home.0.join(path)).unwrap().mode() & 0o777;
    assert_eq!((mode("password"), mode("cluster"), mode("postgres.log")), (0o600, 0o700, 0o600));
    fs::remove_file(home.0.join("password")).unwrap();
    assert!(home.refusal().to_string().contains("password is missing"));
}

#[test]
fn a_server_that_cannot_start_is_explained_by_the_end_of_its_log() {
    let home = Home::new();
    home.start().stop().unwrap();
    fs::write(home.0.join("cluster/postgresql.conf"), "no_such_setting = 1\n").unwrap();
    let refusal = home.refusal().to_string();
    assert!(refusal.contains("no_such_setting") && refusal.contains("postgres.log"), "{refusal}");
    assert!(!refusal.contains("shut down"), "only what this start logged: {refusal}");
}

#[test]
fn a_long_log_is_put_aside_at_the_next_start() {
    let home = Home::new();
    home.start().stop().unwrap();
    let mut log = fs::OpenOptions::new().append(true).open(home.0.join("postgres.log")).unwrap();
    log.write_all(&vec![b'.'; 11 << 20]).unwrap();
    home.start().stop().unwrap();
    assert!(home.log().len() < 1 << 20);
    assert!(fs::metadata(home.0.join("postgres.log.1")).unwrap().len() > 11 << 20);
}

#[test]
fn root_drops_to_an_unprivileged_user() {
    if !geteuid().is_root() {
        return;
    }
    let home = Home::new();
    let _running = home.start();
    let status = fs::read_to_string(format!("/proc/{}/status", home.postmaster())).unwrap();
    let ids = |name: &str| -> Vec<u32> {
        let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap();
        line.split_whitespace().map(|id| id.parse().unwrap()).collect()
    };
    let owner = fs::metadata(home.0.join("cluster")).unwrap().uid();
    assert_ne!(owner, 0);
    assert_eq!(ids("Uid:"), [owner; 4]);
    assert!(!ids("Gid:").contains(&0) && !ids("Groups:").contains(&0), "{status}");
}

#[test]
fn a_folder_closed_to_the_unprivileged_user_is_named() {
    if !geteuid().is_root() {
        return;
    }
    let home = Home::new();
    fs::create_dir(&home.0).unwrap();
    fs::set_permissions(&home.0, fs::Permissions::from_mode(0o700)).unwrap();
    let inside = Options { data_dir: home.0.join("deeper/data"), ..home.options() };
    let refusal = refusal(&inside).to_string();
    assert!(refusal.contains(&format!("may not enter {}:", home.0.display())), "{refusal}");
    assert!(refusal.contains("--data-dir"), "{refusal}");
}

#[test]
fn a_folder_without_postgresql_is_not_taken_for_one() {
    let home = Home::new();
    let wrong = Options { pg_bin: Some("/usr/sbin".into()), ..home.options() };
    assert!(refusal(&wrong).to_string().contains("correct STEWARD_PG_BIN"));
}

#[test]
fn an_installation_that_the_operator_names_is_used() {
    let packed = Home::new();
    let bin = packed.start().bin_dir().to_owned();
    let home = Home::new();
    let embedded =
        Embedded::start(&Options { pg_bin: Some(bin.clone()), pack: None, ..home.options() }).unwrap();
    assert_eq!(embedded.bin_dir(), bin);
    assert_eq!(ask(&embedded, "select 'named'"), "named");
}

#[test]
fn the_major_version_is_read_from_what_postgres_prints() {
    let check = |text: &str, expected| assert_eq!(binaries::major_of(text), expected, "{text}");
    check("postgres (PostgreSQL) 18.4", Some(18));
    check("postgres (PostgreSQL) 15.20 (Debian 15.20-0+deb12u1)", Some(15));
    check("postgres (PostgreSQL) 19beta1", Some(19));
    check("postgres (PostgreSQL) devel", None);
    check("", None);
}

#[test]
fn an_ordinary_users_data_is_below_their_home() {
    let check = |xdg: Option<&str>, home: Option<&str>, expected: Option<&str>| {
        let found = data_dir::below_home(xdg.map(Path::new), home.map(Path::new));
        assert_eq!(found.as_deref(), expected.map(Path::new));
    };
    check(Some("/data"), Some("/home/ada"), Some("/data/steward"));
    check(None, Some("/home/ada"), Some("/home/ada/.local/share/steward"));
    check(Some("relative"), Some("/home/ada"), Some("/home/ada/.local/share/steward"));
    check(None, None, None);
}
