//! The system calls that are left to a sandbox's process (seccomp, <https://docs.kernel.org/userspace-api/seccomp_filter.html>).
//!
//! They are what computing, memory and its one open socket need. Any other kills the process, and the server notes it: no
//! program of JavaScript leads there unless it broke the engine.

/// Installs the filter for every thread; answers false where the kernel knows none.
#[cfg(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64")))]
pub fn install() -> Result<bool, String> {
    linux::install()
}

#[cfg(not(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64"))))]
pub fn install() -> Result<bool, String> {
    Ok(false)
}

#[cfg(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64")))]
mod linux {
    use std::env::consts::ARCH;

    use nix::libc;
    use seccompiler::{
        BackendError, BpfProgram, Error, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition,
        SeccompFilter, SeccompRule, apply_filter_all_threads,
    };

    const ALLOWED: [i64; 18] = [
        // the socket; a descriptor cannot be received with these
        libc::SYS_read,
        libc::SYS_write,
        // memory that is not code
        libc::SYS_brk,
        libc::SYS_munmap,
        libc::SYS_mremap,
        libc::SYS_madvise,
        // locks, and the threads that a test's process has besides
        libc::SYS_futex,
        libc::SYS_sched_yield,
        libc::SYS_sigaltstack,
        libc::SYS_rt_sigprocmask,
        libc::SYS_rt_sigreturn,
        libc::SYS_restart_syscall,
        // time and chance
        libc::SYS_clock_gettime,
        libc::SYS_clock_getres,
        libc::SYS_gettimeofday,
        libc::SYS_getrandom,
        // the end
        libc::SYS_exit,
        libc::SYS_exit_group,
    ];
    /// The place of the protection among the arguments of `mmap` and `mprotect`.
    const PROTECTION: u8 = 2;

    pub fn install() -> Result<bool, String> {
        let filter = program().map_err(|error| format!("cannot make the filter: {error}"))?;
        match apply_filter_all_threads(&filter) {
            Ok(()) => Ok(true),
            Err(Error::Seccomp(error))
                if matches!(error.raw_os_error(), Some(libc::ENOSYS | libc::EINVAL)) =>
            {
                Ok(false)
            }
            Err(error) => Err(format!("cannot filter system calls: {error}")),
        }
    }

    fn program() -> Result<BpfProgram, BackendError> {
        let mut rules: std::collections::BTreeMap<i64, Vec<SeccompRule>> =
            ALLOWED.into_iter().map(|call| (call, Vec::new())).collect();
        for call in [libc::SYS_mmap, libc::SYS_mprotect] {
            let executable = libc::PROT_EXEC.cast_unsigned().into();
            let data = SeccompCmpOp::MaskedEq(executable);
            let condition = SeccompCondition::new(PROTECTION, SeccompCmpArgLen::Dword, data, 0)?;
            rules.insert(call, vec![SeccompRule::new(vec![condition])?]);
        }
        let (refused, allowed) = (SeccompAction::KillProcess, SeccompAction::Allow);
        SeccompFilter::new(rules, refused, allowed, ARCH.try_into()?)?.try_into()
    }
}
