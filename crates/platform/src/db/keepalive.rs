//! Noticing that the database's machine is gone.
//!
//! A machine that loses its power or its network says nothing: a query that waits for its answer would wait for ever, and
//! with it a job or the alerts of an organization. The kernel notices when it is told to ask (RFC 9293, 3.8.4), and sqlx has
//! no setting for it. So after each connect, every connection of ours to a server's port is told.

use std::{fs, os::fd::BorrowedFd, time::Duration};

use socket2::{SockRef, TcpKeepalive};

/// Silence after which the other side is asked.
const IDLE: Duration = Duration::from_secs(15);
/// How often it is asked again.
const INTERVAL: Duration = Duration::from_secs(5);
/// What was sent must be received within this time.
const UNACKNOWLEDGED: Duration = Duration::from_secs(20);

/// Has our connections to this port end when the other side is gone.
pub(super) fn of_connections_to(port: u16) {
    let Ok(open) = fs::read_dir("/dev/fd") else { return };
    for descriptor in open.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok()) {
        #[expect(unsafe_code, reason = "sqlx keeps its sockets to itself; their numbers are listed here")]
        // SAFETY: it is borrowed for three system calls, none of which closes it. Should another thread close it between
        // them, they fail, or meet a newer socket whose other side is looked at just the same.
        let borrowed = unsafe { BorrowedFd::borrow_raw(descriptor) };
        let socket = SockRef::from(&borrowed);
        let peer = socket.peer_addr().ok().and_then(|peer| peer.as_socket());
        if peer.is_some_and(|peer| peer.port() == port) {
            let asked = TcpKeepalive::new().with_time(IDLE).with_interval(INTERVAL).with_retries(3);
            let _only_slower = socket.set_tcp_keepalive(&asked);
            #[cfg(target_os = "linux")]
            let _only_slower = socket.set_tcp_user_timeout(Some(UNACKNOWLEDGED));
        }
    }
}
