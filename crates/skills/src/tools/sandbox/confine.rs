//! What a sandbox's process gives up before it runs its first program, layer by layer, so that one that broke out of the
//! engine still finds nothing:
//!
//! - descriptors: it closes what it inherited but its socket and `/dev/null`, and may open no other (`NOFILE` 0): neither
//!   files nor sockets, whatever the kernel filters;
//! - privileges: root becomes a user whose number belongs to nobody, and nothing it starts could gain any;
//! - processes: it may start none (`NPROC` 0);
//! - resources: address space, processor time, core dumps, size of files;
//! - system calls: all but a few kill it ([`super::filter`]).
//!
//! It dies with the server: the kernel kills it (the parent-death signal), and where it waits, the socket ends. Until then
//! it stays, also when a service manager asks every process of the service to end: which calls go on is the server's to
//! say. Its environment is empty and its folder is `/`, which is the server's doing ([`super::process`]).

use std::fs;

use nix::{
    errno::Errno,
    sys::{
        resource::{RLIM_INFINITY, Resource, rlim_t, setrlimit},
        signal::{SigSet, Signal},
    },
    unistd::{Gid, Uid, close, geteuid, setgid, setgroups, setuid},
};

/// Who root becomes. No user has this number, so no file and no process is its own; `nobody` may be who the embedded
/// PostgreSQL runs as.
const NOBODY_ELSE: u32 = 65_533;
/// Bytes of address space beyond what the process has when it starts: the largest heap, its waste, and frames.
const HEADROOM: rlim_t = 512 << 20;
/// Seconds of processor time, in case that nobody ends it. More than [`super::pool`] lets a process work.
const PROCESSOR_TIME: rlim_t = 600;
/// How far it stands back behind the server.
const NICE: i32 = 5;
/// Where descriptors are looked for when `/proc` does not list them.
const DESCRIPTORS: i32 = 1024;

/// Takes everything away; answers whether the kernel filters system calls.
///
/// # Errors
/// With the step that failed. The process must end then.
pub fn confine() -> Result<bool, String> {
    limit()?;
    super::filter::install()
}

/// All layers but the filter.
pub fn limit() -> Result<(), String> {
    close_inherited();
    for_the_server_to_end();
    // standing in front would not be dangerous
    let _ = rustix::process::nice(NICE);
    let size = address_space().map_or(RLIM_INFINITY, |bytes| bytes + HEADROOM);
    step("limit resources", || {
        set(Resource::RLIMIT_FSIZE, 0)?;
        set(Resource::RLIMIT_CORE, 0)?;
        set(Resource::RLIMIT_CPU, PROCESSOR_TIME)?;
        set(Resource::RLIMIT_AS, size)
    })?;
    if geteuid().is_root() {
        step("become an unprivileged user", || {
            setgroups(&[])?;
            setgid(Gid::from_raw(NOBODY_ELSE))?;
            setuid(Uid::from_raw(NOBODY_ELSE))
        })?;
    }
    // after the change of user, which would clear it
    die_with_the_server()?;
    step("give up processes and descriptors", || {
        set(Resource::RLIMIT_NPROC, 0)?;
        set(Resource::RLIMIT_NOFILE, 0)
    })
}

#[cfg(target_os = "linux")]
fn die_with_the_server() -> Result<(), String> {
    use nix::sys::prctl::{set_dumpable, set_name, set_no_new_privs, set_pdeathsig};

    step("die with the server", || {
        set_pdeathsig(Signal::SIGKILL)?;
        set_no_new_privs()?;
        // another process of the same user may not look into it
        set_dumpable(false)?;
        set_name(c"steward-sandbox")
    })
}

#[cfg(not(target_os = "linux"))]
fn die_with_the_server() -> Result<(), String> {
    Ok(())
}

/// These signals stay pending for ever.
fn for_the_server_to_end() {
    let asked = [Signal::SIGTERM, Signal::SIGINT, Signal::SIGHUP, Signal::SIGQUIT];
    let _ = asked.into_iter().collect::<SigSet>().thread_block();
}

fn step(what: &str, work: impl FnOnce() -> Result<(), Errno>) -> Result<(), String> {
    work().map_err(|error| format!("cannot {what}: {error}"))
}

/// Soft and hard alike, so that it cannot be raised again.
fn set(resource: Resource, value: rlim_t) -> Result<(), Errno> {
    setrlimit(resource, value, value)
}

/// The standard ones stay: the socket, and `/dev/null` twice.
fn close_inherited() {
    let listed = fs::read_dir("/proc/self/fd").map(|entries| {
        let names = entries.flatten().map(|entry| entry.file_name());
        names.filter_map(|name| name.to_str()?.parse().ok()).collect::<Vec<i32>>()
    });
    let open = listed.unwrap_or_else(|_| (0..DESCRIPTORS).collect());
    for descriptor in open.into_iter().filter(|descriptor| *descriptor > 2) {
        // the one by which they were listed is closed already
        let _ = close(descriptor);
    }
}

/// Bytes of address space in use.
fn address_space() -> Option<rlim_t> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmSize:"))?;
    line.trim().strip_suffix(" kB")?.trim().parse::<rlim_t>().ok().map(|kilobytes| kilobytes << 10)
}
