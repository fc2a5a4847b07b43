//! PostgreSQL as our child: it starts, says that it is ready, and ends when we do.

use std::{
    fs,
    io::{Read, Seek, SeekFrom},
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus},
    time::{Duration, Instant},
};

use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};

use super::{EmbeddedError, Options, account::Account, binaries::Installation, data_dir::DataDir, settings};

/// Long enough to recover from 2 GB of log on a slow disk.
const START: Duration = Duration::from_secs(300);
/// Long enough to write a full checkpoint to a slow disk.
const STOP: Duration = Duration::from_secs(60);
/// Long enough for a session to end that was told to.
const ORPHANS: Duration = Duration::from_secs(5);
/// How much of the log an error shows, in bytes.
const TAIL: u64 = 2000;

pub(super) struct Server {
    child: Child,
    pub(super) port: u16,
    pid_file: PathBuf,
    log: PathBuf,
    /// Where this run's part of the log begins.
    log_start: u64,
    started: Instant,
}

impl Server {
    pub(super) fn spawn(
        options: &Options,
        data: &DataDir,
        installation: &Installation,
        account: &Account,
        port: u16,
    ) -> Result<Self, EmbeddedError> {
        end_orphans(&data.cluster())?;
        let (log, file) = data.log()?;
        let log_start = file.metadata().map_err(EmbeddedError::io("look at", &log))?.len();
        let program = installation.bin.join("postgres");
        let mut command = account.command(&program);
        command.arg("-D").arg(data.cluster());
        for setting in settings::settings(options, port) {
            command.arg("-c").arg(setting);
        }
        // A group of its own: Ctrl-C in a terminal reaches us alone, and we stop it in our own time.
        command.process_group(0);
        command.stdout(file.try_clone().map_err(EmbeddedError::io("share", &log))?).stderr(file);
        let child = command.spawn().map_err(EmbeddedError::io("start", program))?;
        let (pid_file, started) = (data.cluster().join("postmaster.pid"), Instant::now());
        Ok(Self { child, port, pid_file, log, log_start, started })
    }

    /// Blocks until connections are accepted.
    pub(super) fn wait_until_ready(&mut self) -> Result<(), EmbeddedError> {
        let ready = poll(START, || match self.is_ready() {
            Ok(ready) => ready.then_some(Ok(())),
            Err(ended) => Some(Err(ended)),
        });
        ready.unwrap_or_else(|| Err(self.not_ready()))
    }

    /// Whether connections are accepted.
    ///
    /// # Errors
    /// [`EmbeddedError::Ended`], [`EmbeddedError::NotReady`] when it takes too long.
    pub(super) fn is_ready(&mut self) -> Result<bool, EmbeddedError> {
        match self.exited() {
            Some(status) => Err(self.ended(status)),
            None if self.says_ready() => Ok(true),
            None if self.started.elapsed() > START => Err(self.not_ready()),
            None => Ok(false),
        }
    }

    pub(super) fn ended(&self, status: ExitStatus) -> EmbeddedError {
        EmbeddedError::Ended { status, log: self.log.clone(), tail: self.tail() }
    }

    fn not_ready(&self) -> EmbeddedError {
        EmbeddedError::NotReady { seconds: START.as_secs(), log: self.log.clone(), tail: self.tail() }
    }

    /// Line 1 of postmaster.pid is the process, line 8 its state (PostgreSQL: `utils/pidfile.h`).
    fn says_ready(&self) -> bool {
        let Ok(text) = fs::read_to_string(&self.pid_file) else { return false };
        let mut lines = text.lines();
        lines.next() == Some(self.child.id().to_string().as_str())
            && lines.nth(6).is_some_and(|state| state.trim() == "ready")
    }

    /// How it ended, if it did.
    pub(super) fn exited(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().ok().flatten()
    }

    /// A fast shutdown: sessions are ended, everything is written, nothing needs recovery.
    pub(super) fn stop(&mut self) -> Result<(), EmbeddedError> {
        if self.exited().is_some() {
            return Ok(());
        }
        let pid = Pid::from_raw(self.child.id().cast_signed());
        let _gone = kill(pid, Signal::SIGINT);
        if poll(STOP, || self.exited()).is_some() {
            return Ok(());
        }
        let _gone = kill(pid, Signal::SIGQUIT);
        if poll(STOP, || self.exited()).is_none() {
            let _gone = self.child.kill();
            let _reaped = self.child.wait();
        }
        Err(EmbeddedError::StoppedByForce { seconds: STOP.as_secs() })
    }

    /// The end of what this run logged.
    fn tail(&self) -> String {
        let read = || -> std::io::Result<String> {
            let mut file = fs::File::open(&self.log)?;
            let end = file.metadata()?.len();
            file.seek(SeekFrom::Start(self.log_start.max(end.saturating_sub(TAIL))))?;
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes)?;
            Ok(String::from_utf8_lossy(&bytes).trim_end().to_owned())
        };
        read().unwrap_or_default()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Err(error) = self.stop() {
            tracing::error!(%error, "PostgreSQL did not stop cleanly");
        }
    }
}

/// Ends a PostgreSQL that an earlier steward left behind in this cluster. We hold the data dir's lock, so no
/// living steward owns it.
///
/// The recorded process number may belong to anything by now. It is signalled only when it is a `postgres` that
/// works in this very folder. When it surely is something else, the file is made to name us: PostgreSQL takes
/// its parent's number for stale, while another living process of the same user (likely in a container, where
/// numbers repeat) would keep it from starting. The rest of the file stays, because PostgreSQL finds orphaned
/// sessions with it.
pub(super) fn end_leftover(cluster: &Path) -> Result<(), EmbeddedError> {
    let path = cluster.join("postmaster.pid");
    let Ok(text) = fs::read_to_string(&path) else { return Ok(()) };
    let (first, rest) = text.split_once('\n').unwrap_or((&text, ""));
    let Ok(pid) = first.trim().parse::<i32>() else { return Ok(()) };
    match holder(pid, cluster) {
        Holder::LeftoverPostgres => {
            tracing::warn!(pid, "stopping the PostgreSQL that an earlier steward left behind");
            let _gone = kill(Pid::from_raw(pid), Signal::SIGINT);
            poll(STOP, || (holder(pid, cluster) != Holder::LeftoverPostgres).then_some(()))
                .ok_or(EmbeddedError::LeftoverStays { pid })
        }
        Holder::SomethingElse => {
            let ours = format!("{}\n{rest}", std::process::id());
            fs::write(&path, ours).map_err(EmbeddedError::io("write", path))
        }
        Holder::Unknown => Ok(()),
    }
}

/// Ends the sessions of a PostgreSQL that was killed: the shared memory they hold keeps a new one from starting. Each ends by
/// itself once its query has, which may take long.
fn end_orphans(cluster: &Path) -> Result<(), EmbeddedError> {
    let orphans = || -> Vec<i32> {
        let Ok(processes) = fs::read_dir("/proc") else { return Vec::new() };
        let numbers = processes.filter_map(|process| process.ok()?.file_name().to_str()?.parse().ok());
        numbers.filter(|pid| holder(*pid, cluster) == Holder::LeftoverPostgres).collect()
    };
    for signal in [Signal::SIGQUIT, Signal::SIGKILL] {
        for pid in orphans() {
            let _gone = kill(Pid::from_raw(pid), signal);
        }
        if poll(ORPHANS, || orphans().is_empty().then_some(())).is_some() {
            return Ok(());
        }
    }
    orphans().first().map_or(Ok(()), |pid| Err(EmbeddedError::LeftoverStays { pid: *pid }))
}

#[derive(PartialEq, Eq)]
enum Holder {
    LeftoverPostgres,
    SomethingElse,
    /// It ended, or we may not look.
    Unknown,
}

/// What runs under this process number. PostgreSQL's working directory is its cluster.
fn holder(pid: i32, cluster: &Path) -> Holder {
    let proc = Path::new("/proc").join(pid.to_string());
    let (Ok(cwd), Ok(exe)) = (fs::read_link(proc.join("cwd")), fs::read_link(proc.join("exe"))) else {
        return Holder::Unknown;
    };
    // A replaced program is shown as "postgres (deleted)".
    let is_postgres = exe.file_name().is_some_and(|name| name.to_string_lossy().starts_with("postgres"));
    if is_postgres && cwd == cluster { Holder::LeftoverPostgres } else { Holder::SomethingElse }
}

/// Has the kernel send the child SIGINT, PostgreSQL's fast shutdown, when we end without having stopped it.
///
/// On Linux "we" is the *thread* that starts the child (prctl(2), `PR_SET_PDEATHSIG`), hence the rule in the
/// module's documentation. Elsewhere a killed steward leaves the child to [`end_leftover`].
pub(super) fn die_with_us(command: &mut Command) {
    #[cfg(target_os = "linux")]
    {
        use nix::{sys::prctl::set_pdeathsig, unistd::getppid};

        let us = Pid::this();
        let before_exec = move || {
            set_pdeathsig(Signal::SIGINT)?;
            // We may have ended before the call above.
            if getppid() == us { Ok(()) } else { Err(nix::errno::Errno::ESRCH.into()) }
        };
        // std runs this after it has changed the user, which would clear the setting.
        #[expect(unsafe_code, reason = "two system calls between fork and exec, both async-signal-safe")]
        // SAFETY: the closure allocates nothing and takes no lock.
        unsafe {
            command.pre_exec(before_exec);
        }
    }
    #[cfg(not(target_os = "linux"))]
    let _ = command;
}

/// Asks until there is an answer or the time is up.
fn poll<T>(limit: Duration, mut ask: impl FnMut() -> Option<T>) -> Option<T> {
    let deadline = Instant::now() + limit;
    loop {
        if let Some(answer) = ask() {
            return Some(answer);
        }
        if Instant::now() > deadline {
            return None;
        }
        #[expect(
            clippy::disallowed_methods,
            reason = "blocking code; PostgreSQL tells through files and its exit"
        )]
        std::thread::sleep(Duration::from_millis(5));
    }
}
