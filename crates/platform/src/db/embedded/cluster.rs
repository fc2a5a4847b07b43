//! The database on disk ("cluster" is PostgreSQL's word for it): made once, then only checked.

use std::{
    fs,
    io::Write,
    path::Path,
    process::{Output, Stdio},
};

use super::{
    Durability, EmbeddedError,
    account::Account,
    binaries::Installation,
    data_dir::{DataDir, make_folder, write_private},
};

/// The superuser and the database that steward works with.
pub(super) const NAME: &str = "steward";

/// Makes the database, or checks that the existing one is of our major version.
pub(super) fn prepare(
    data: &DataDir,
    installation: &Installation,
    account: &Account,
    durability: Durability,
) -> Result<(), EmbeddedError> {
    let cluster = data.cluster();
    if !cluster.exists() {
        return create(data, installation, account, durability);
    }
    let path = cluster.join("PG_VERSION");
    let found = fs::read_to_string(&path).map_err(EmbeddedError::io("read", path))?;
    if found.trim() != installation.major.to_string() {
        let found = found.trim().to_owned();
        return Err(EmbeddedError::OtherMajor { cluster, found, ours: installation.major });
    }
    Ok(())
}

/// The folder gets its name when all is done, so that an interrupted start leaves no half-made database.
fn create(
    data: &DataDir,
    installation: &Installation,
    account: &Account,
    durability: Durability,
) -> Result<(), EmbeddedError> {
    let unfinished = data.root().join("cluster.new");
    if unfinished.exists() {
        fs::remove_dir_all(&unfinished).map_err(EmbeddedError::io("remove", &unfinished))?;
    }
    make_folder(&unfinished, 0o700)?;
    account.give(&unfinished)?;
    let password = data.password_file();
    // 256 bits, in letters that need no escaping in a URL.
    write_private(&password, &hex::encode(rand::random::<[u8; 32]>()))?;
    account.give(&password)?;

    init(installation, account, &unfinished, &password, durability)?;
    create_database(installation, account, &unfinished)?;
    let cluster = data.cluster();
    fs::rename(&unfinished, &cluster).map_err(EmbeddedError::io("make", &cluster))?;
    fs::File::open(data.root())
        .and_then(|root| root.sync_all())
        .map_err(EmbeddedError::io("sync", data.root()))
}

fn init(
    installation: &Installation,
    account: &Account,
    cluster: &Path,
    password: &Path,
    durability: Durability,
) -> Result<(), EmbeddedError> {
    let program = installation.bin.join("initdb");
    let mut command = account.command(&program);
    command.arg("-D").arg(cluster).arg("--pwfile").arg(password);
    command.args(["-U", NAME, "-A", "scram-sha-256", "-E", "UTF8", "--locale=C.UTF-8"]);
    if durability == Durability::Throwaway {
        command.arg("--no-sync");
    }
    succeeded("initdb", command.output().map_err(EmbeddedError::io("start", program))?)
}

/// In single-user mode, because nobody can connect before the first real start.
fn create_database(
    installation: &Installation,
    account: &Account,
    cluster: &Path,
) -> Result<(), EmbeddedError> {
    let program = installation.bin.join("postgres");
    let mut command = account.command(&program);
    command.arg("--single").arg("-D").arg(cluster).args(["-c", "exit_on_error=on", "postgres"]);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let output = command
        .spawn()
        .and_then(|mut child| {
            if let Some(mut stdin) = child.stdin.take() {
                stdin.write_all(format!("create database {NAME}\n").as_bytes())?;
            }
            child.wait_with_output()
        })
        .map_err(EmbeddedError::io("start", program))?;
    succeeded("postgres --single", output)
}

fn succeeded(program: &'static str, output: Output) -> Result<(), EmbeddedError> {
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
    Err(EmbeddedError::Setup { program, status: output.status, output: said })
}
