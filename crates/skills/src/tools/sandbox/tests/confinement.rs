//! What is left to a process that broke out of the engine. The attempts are made by this test binary, confined as a process
//! of the sandbox is.

use std::{
    fs::File,
    net::{TcpStream, UdpSocket},
    os::unix::{net::UnixStream, process::ExitStatusExt},
    process::{Command, ExitStatus, Stdio, exit},
};

use nix::{
    libc::SIGSYS,
    sys::signal::{Signal, kill},
    unistd::{Pid, geteuid, getppid},
};

use super::*;
use crate::tools::sandbox::confine;

/// How an attempt ends: it went through, it was refused, or what the test wants was not there.
const THROUGH: i32 = 10;
const REFUSED: i32 = 11;

const ATTEMPTS: [&str; 7] = ["read", "write", "connect", "listen", "pair", "exec", "signal"];

/// Not a test of its own.
#[test]
#[ignore = "run by the tests of this file"]
fn a_process_that_broke_out() {
    let attempt = std::env::var_os("STEWARD_ATTEMPT").unwrap_or_default();
    let filtered = match std::env::var_os("STEWARD_LAYERS") {
        Some(layers) if layers == "limits" => confine::limit().map(|()| false),
        Some(_) => confine::confine(),
        None => return,
    };
    let filtered = filtered.unwrap();
    let done = match attempt.to_str() {
        Some("read") => File::open("/etc/hostname").is_ok(),
        Some("write") => File::create("/tmp/steward-broke-out").is_ok(),
        Some("connect") => {
            TcpStream::connect("127.0.0.1:1").is_err_and(|error| error.raw_os_error() == Some(111))
        }
        Some("listen") => UdpSocket::bind("127.0.0.1:0").is_ok(),
        Some("pair") => UnixStream::pair().is_ok(),
        Some("exec") => Command::new("/bin/true").spawn().is_ok(),
        Some("signal") => kill(getppid(), None::<Signal>).is_ok(),
        Some("nothing") => !filtered,
        _ => return,
    };
    exit(if done { THROUGH } else { REFUSED });
}

fn attempt(what: &str, layers: &str) -> ExitStatus {
    Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "tools::sandbox::tests::confinement::a_process_that_broke_out"])
        .env_clear()
        .env("STEWARD_ATTEMPT", what)
        .env("STEWARD_LAYERS", layers)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .status()
        .unwrap()
}

#[test]
fn the_kernel_kills_what_asks_for_a_file_a_socket_or_a_process() {
    if attempt("nothing", "all").code() == Some(THROUGH) {
        eprintln!("this kernel filters no system calls");
        return;
    }
    for what in ATTEMPTS {
        assert_eq!(attempt(what, "all").signal(), Some(SIGSYS), "{what}");
    }
}

#[test]
fn where_the_kernel_filters_nothing_the_limits_refuse_it() {
    for what in ATTEMPTS {
        // the parent of a process that is root's own is of another user
        if what == "signal" && !geteuid().is_root() {
            continue;
        }
        assert_eq!(attempt(what, "limits").code(), Some(REFUSED), "{what}");
    }
}

#[tokio::test]
async fn a_process_has_given_up_what_it_does_not_need() {
    let sandbox = sandbox();
    let mut lease = sandbox.pool.lease(some_org()).await.unwrap();
    let id = lease.process().id().unwrap();
    let read = |name: &str| std::fs::read_to_string(format!("/proc/{id}/{name}")).unwrap();
    let status = read("status");
    let of = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(&format!("{name}:")));
        line.unwrap_or_else(|| panic!("{name} in {status}")).split_whitespace().collect::<Vec<_>>().join(" ")
    };
    assert_eq!((of("NoNewPrivs"), of("CapEff")), ("1".into(), "0000000000000000".into()));
    assert_eq!(of("Seccomp"), if lease.process().filtered { "2" } else { "0" });
    let limits = read("limits");
    for (name, value) in [
        ("Max open files", "0"),
        ("Max processes", "0"),
        ("Max file size", "0"),
        ("Max core file size", "0"),
        ("Max cpu time", "600"),
    ] {
        let line = limits.lines().find_map(|line| line.strip_prefix(name)).unwrap();
        assert_eq!(line.split_whitespace().take(2).collect::<Vec<_>>(), [value, value], "{name}");
    }
    assert!(!limits.contains("Max address space         unlimited"), "{limits}");
    if geteuid().is_root() {
        let nobody_else = "65533 65533 65533 65533".to_owned();
        assert_eq!((of("Uid"), of("Gid"), of("Groups")), (nobody_else.clone(), nobody_else, String::new()));
        assert_eq!(read("environ"), "");
        assert_eq!(std::fs::read_link(format!("/proc/{id}/cwd")).unwrap(), std::path::Path::new("/"));
        assert_eq!(descriptors(id), ["/dev/null", "/dev/null", "socket"]);
    }
    assert_ne!(Pid::from_raw(id.cast_signed()), getppid());
}

/// What a process has open; a socket without its number.
fn descriptors(id: u32) -> Vec<String> {
    let entries = std::fs::read_dir(format!("/proc/{id}/fd")).unwrap();
    let target = |path: std::path::PathBuf| std::fs::read_link(path).unwrap().display().to_string();
    let mut open: Vec<String> =
        entries.map(|entry| target(entry.unwrap().path()).split(':').next().unwrap().to_owned()).collect();
    open.sort();
    open
}
