//! A sandbox's process as the server holds it.
//!
//! All of them are started by one thread, which lives as long as they may: the kernel kills a child when the *thread* that
//! started it ends (prctl(2), `PR_SET_PDEATHSIG`), and threads of the async runtime come and go. The thread runs nothing
//! before `exec`, so that starting one costs no copy of this process's page tables.
//!
//! Whoever drops a [`Process`] has it killed; the runtime reaps it.

use std::{
    io,
    os::{fd::OwnedFd, unix::net::UnixStream as StdUnixStream},
    path::PathBuf,
    process::{ExitStatus, Stdio},
    sync::{Mutex, PoisonError, mpsc},
    thread,
    time::Duration,
};

use futures::StreamExt;
use tokio::{
    net::{
        UnixStream,
        unix::{OwnedReadHalf, OwnedWriteHalf},
    },
    process::{Child, Command},
    runtime::Handle,
    sync::oneshot,
    time::timeout,
};
use tokio_util::codec::{FramedRead, FramedWrite, LengthDelimitedCodec};

use super::wire::{MAX_TO_CHILD, MAX_TO_SERVER, ToServer};

/// How long a process may take until it is confined.
const START: Duration = Duration::from_secs(20);
/// How long the end of a process is waited for, to say how it ended.
const END: Duration = Duration::from_secs(1);

/// What is started as a sandbox's process.
#[derive(Clone, Debug)]
pub struct Executable {
    pub path: PathBuf,
    pub arguments: Vec<String>,
}

impl Default for Executable {
    /// This very program, even after another version took its place on the disk.
    fn default() -> Self {
        let path = match PathBuf::from("/proc/self/exe") {
            path if path.exists() => path,
            path => std::env::current_exe().unwrap_or(path),
        };
        Self { path, arguments: vec!["sandbox".into()] }
    }
}

impl Executable {
    /// A test's own binary, whose ignored test of this name calls [`super::child::serve`].
    pub fn ignored_test(name: &str) -> Self {
        let arguments = ["--ignored", "--exact", name].map(str::to_owned).to_vec();
        Self { arguments, ..Self::default() }
    }
}

pub struct Process {
    child: Child,
    pub reader: FramedRead<OwnedReadHalf, LengthDelimitedCodec>,
    pub writer: FramedWrite<OwnedWriteHalf, LengthDelimitedCodec>,
    /// The kernel filters its system calls.
    pub filtered: bool,
}

impl Process {
    pub fn id(&self) -> Option<u32> {
        self.child.id()
    }

    pub fn is_alive(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// How it ended, once its socket has.
    pub async fn ended(&mut self) -> Option<ExitStatus> {
        timeout(END, self.child.wait()).await.ok()?.ok()
    }

    /// The next frame; none at the end.
    pub async fn hear(&mut self) -> io::Result<Option<ToServer>> {
        hear(&mut self.reader).await
    }
}

/// The next frame; none at the end.
pub async fn hear(
    reader: &mut FramedRead<OwnedReadHalf, LengthDelimitedCodec>,
) -> io::Result<Option<ToServer>> {
    let frame = reader.next().await.transpose()?;
    Ok(frame.map(|frame| serde_json::from_slice(&frame)).transpose()?)
}

/// Starts processes, on a thread of its own.
pub struct Spawner {
    executable: Executable,
    thread: Mutex<Option<mpsc::Sender<Order>>>,
}

struct Order {
    executable: Executable,
    /// Who waits for the process.
    runtime: Handle,
    answer: oneshot::Sender<io::Result<(Child, UnixStream)>>,
}

impl Spawner {
    pub const fn new(executable: Executable) -> Self {
        Self { executable, thread: Mutex::new(None) }
    }

    /// A process that has confined itself.
    pub async fn spawn(&self) -> Result<Process, String> {
        match timeout(START, self.start()).await {
            Ok(started) => started,
            Err(_) => Err(format!("it was not ready within {} s", START.as_secs())),
        }
    }

    async fn start(&self) -> Result<Process, String> {
        let (answer, answered) = oneshot::channel();
        let order = Order { executable: self.executable.clone(), runtime: Handle::current(), answer };
        self.order(order).map_err(|error| error.to_string())?;
        let started = answered.await.map_err(|_| "the thread that starts processes ended")?;
        let (child, socket) = started.map_err(|error| error.to_string())?;
        let (reader, writer) = socket.into_split();
        let mut process = Process {
            child,
            reader: FramedRead::new(reader, codec(MAX_TO_SERVER)),
            writer: FramedWrite::new(writer, codec(MAX_TO_CHILD)),
            filtered: false,
        };
        match process.hear().await {
            Ok(Some(ToServer::Ready { filtered })) => process.filtered = filtered,
            Ok(Some(ToServer::Unfit(reason))) => return Err(reason),
            Ok(Some(_)) => return Err("it spoke out of turn".into()),
            Ok(None) => {
                let status = process.ended().await.map(|status| status.to_string());
                return Err(format!("it ended at once ({})", status.unwrap_or_default()));
            }
            Err(error) => return Err(error.to_string()),
        }
        Ok(process)
    }

    fn order(&self, order: Order) -> io::Result<()> {
        let mut thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner);
        let orders = match &*thread {
            Some(orders) => orders,
            None => thread.insert(start_thread()?),
        };
        orders.send(order).map_err(|_| io::Error::other("the thread that starts processes ended"))
    }
}

/// The thread ends when nobody can order any more.
fn start_thread() -> io::Result<mpsc::Sender<Order>> {
    let (orders, ordered) = mpsc::channel::<Order>();
    thread::Builder::new().name("sandbox-spawner".into()).spawn(move || {
        for Order { executable, runtime, answer } in ordered {
            let _inside = runtime.enter();
            // nobody waits any more: the process is dropped, and killed
            let _ = answer.send(launch(&executable));
        }
    })?;
    Ok(orders)
}

fn launch(executable: &Executable) -> io::Result<(Child, UnixStream)> {
    let (ours, theirs) = StdUnixStream::pair()?;
    ours.set_nonblocking(true)?;
    let mut command = Command::new(&executable.path);
    command.arg0("steward").args(&executable.arguments).env_clear().current_dir("/");
    command.stdin(OwnedFd::from(theirs)).stdout(Stdio::null()).stderr(Stdio::null());
    // Ctrl-C in a terminal reaches the server alone, which lets calls end
    command.process_group(0).kill_on_drop(true);
    let child = command.spawn()?;
    Ok((child, UnixStream::from_std(ours)?))
}

fn codec(max_frame: usize) -> LengthDelimitedCodec {
    LengthDelimitedCodec::builder().max_frame_length(max_frame).new_codec()
}
