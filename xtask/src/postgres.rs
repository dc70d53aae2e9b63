//! A PostgreSQL of its own for the tests: a new cluster on a free loopback port, gone when the value is dropped.

use crate::guard::Guarded;
use crate::shell::{Result, command, read, run, scratch, uid, which, write};
use std::fs;
use std::io::Read;
use std::net::TcpListener;
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// The owner of everything in the cluster.
const USER: &str = "gongkai";

/// The folder with `initdb`, `postgres` and `psql`. Debian keeps them out of `PATH`; the newest version wins.
pub fn binaries() -> Option<PathBuf> {
    let complete = |dir: &PathBuf| ["initdb", "postgres", "psql"].iter().all(|name| dir.join(name).is_file());
    let version = |dir: &PathBuf| -> u32 {
        dir.parent().and_then(Path::file_name).and_then(|name| name.to_str()?.parse().ok()).unwrap_or(0)
    };
    let debian = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut found: Vec<PathBuf> = debian.map(|entry| entry.path().join("bin")).filter(complete).collect();
    found.sort_by_key(version);
    found.pop().or_else(|| {
        // A link in PATH may stand alone; its target stands among the others.
        let real = fs::canonicalize(which("initdb")?).ok()?;
        real.parent().map(Path::to_path_buf).filter(complete)
    })
}

/// A free port on loopback.
pub fn free_port() -> Result<u16> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).map_err(|error| format!("no free port: {error}"))?;
    listener.local_addr().map(|address| address.port()).map_err(|error| format!("no free port: {error}"))
}

/// An account that may run the server: PostgreSQL refuses to run as root.
#[derive(Clone, Copy)]
struct Account {
    uid: u32,
    gid: u32,
}

impl Account {
    /// Nothing when this process is not root: then the server runs as the person who runs the tests.
    fn unprivileged() -> Result<Option<Account>> {
        if uid()? != 0 {
            return Ok(None);
        }
        let accounts =
            fs::read_to_string("/etc/passwd").map_err(|error| format!("cannot read accounts: {error}"))?;
        let found = ["postgres", "nobody"].iter().find_map(|name| {
            let mut fields =
                accounts.lines().map(|line| line.split(':')).find(|f| f.clone().next() == Some(name))?;
            Some(Account { uid: fields.nth(2)?.parse().ok()?, gid: fields.next()?.parse().ok()? })
        });
        found
            .map(Some)
            .ok_or_else(|| "there is no account `postgres` or `nobody` to run PostgreSQL as".to_owned())
    }
}

fn as_account(command: &mut Command, account: Option<Account>) -> &mut Command {
    if let Some(Account { uid, gid }) = account {
        command.uid(uid).gid(gid);
    }
    command
}

/// A running server.
pub struct Postgres {
    // First, so that it is stopped before its folder goes.
    server: Option<Guarded>,
    folder: PathBuf,
    binaries: PathBuf,
    port: u16,
    password: String,
}

impl Postgres {
    /// Makes a cluster and starts it. It survives neither this value nor this process.
    pub fn start() -> Result<Postgres> {
        let binaries = binaries().ok_or("PostgreSQL is not installed (Debian package postgresql)")?;
        let account = Account::unprivileged()?;
        let folder = folder_for(account)?;
        let mut postgres = Postgres { server: None, folder, binaries, port: 0, password: random_word()? };
        postgres.initialize(account)?;
        let mut last = String::new();
        // Somebody may take the free port before the server does.
        for _ in 0..5 {
            postgres.port = free_port()?;
            match postgres.listen(account) {
                Ok(()) => return Ok(postgres),
                Err(error) => last = error,
            }
        }
        Err(last)
    }

    /// The address of the database every cluster has.
    pub fn url(&self) -> String {
        self.url_of("postgres")
    }

    /// Makes an empty database and returns its address.
    pub fn create_database(&self, name: &str) -> Result<String> {
        self.query(&format!("create database {name}"))?;
        Ok(self.url_of(name))
    }

    fn url_of(&self, database: &str) -> String {
        format!("postgres://{USER}:{}@127.0.0.1:{}/{database}", self.password, self.port)
    }

    fn query(&self, sql: &str) -> Result<String> {
        read(
            command(self.binaries.join("psql"))
                .env("PGPASSWORD", &self.password)
                .env("PGCONNECT_TIMEOUT", "5")
                .args(["-X", "-q", "-A", "-t", "-h", "127.0.0.1", "-U", USER, "-d", "postgres"])
                .args(["-p", &self.port.to_string(), "-c", sql]),
        )
    }

    fn initialize(&self, account: Option<Account>) -> Result {
        let password_file = self.folder.join("password");
        write(&password_file, &self.password)?;
        let private = fs::set_permissions(&password_file, fs::Permissions::from_mode(0o600))
            .and_then(|()| account.map_or(Ok(()), |a| chown(&password_file, Some(a.uid), Some(a.gid))));
        private.map_err(|error| format!("cannot protect {}: {error}", password_file.display()))?;
        let mut initdb = command(self.binaries.join("initdb"));
        initdb
            .current_dir(&self.folder)
            .arg("--pgdata")
            .arg(self.folder.join("data"))
            .arg("--pwfile")
            .arg(&password_file)
            .args(["--username", USER, "--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C"])
            .arg("--no-sync")
            .stdout(log(&self.folder.join("initdb.log"))?);
        run(as_account(&mut initdb, account))
    }

    fn listen(&mut self, account: Option<Account>) -> Result {
        let log_file = self.folder.join("server.log");
        let mut server = command(self.binaries.join("postgres"));
        server
            .current_dir(&self.folder)
            .env("LC_ALL", "C")
            .arg("-D")
            .arg(self.folder.join("data"))
            .stdout(log(&log_file)?)
            .stderr(log(&log_file)?);
        let settings = [
            "listen_addresses=127.0.0.1".to_owned(),
            format!("port={}", self.port),
            "unix_socket_directories=".to_owned(),
            "max_connections=300".to_owned(),
            // The data is thrown away; only the tests' waiting time counts.
            "fsync=off".to_owned(),
            "synchronous_commit=off".to_owned(),
            "full_page_writes=off".to_owned(),
        ];
        for setting in &settings {
            server.args(["-c", setting]);
        }
        let mut server = Guarded::start("PostgreSQL", as_account(&mut server, account))?;
        let mut last = String::new();
        for _ in 0..300 {
            if let Some(status) = server.ended() {
                let said = fs::read_to_string(&log_file).unwrap_or_default();
                return Err(format!("PostgreSQL ended at once ({status}):\n{}", tail(&said, 20)));
            }
            match self.query("select version()") {
                Ok(version) => {
                    eprintln!("{} on 127.0.0.1:{}", version.trim(), self.port);
                    self.server = Some(server);
                    return Ok(());
                }
                Err(error) => last = error,
            }
            std::thread::sleep(Duration::from_millis(200));
        }
        Err(format!("PostgreSQL did not answer within a minute: {last}"))
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        self.server = None;
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// The last lines of a log.
pub fn tail(log: &str, lines: usize) -> String {
    let all: Vec<&str> = log.lines().collect();
    all[all.len().saturating_sub(lines)..].join("\n")
}

/// Opens a log file for appending.
pub fn log(path: &Path) -> Result<fs::File> {
    let file = fs::File::options().create(true).append(true).open(path);
    file.map_err(|error| format!("cannot write {}: {error}", path.display()))
}

/// A new folder that belongs to the account: under the target folder, or in the system's folder for temporary files
/// when the account may not enter the former (a clone in somebody's private folder).
fn folder_for(account: Option<Account>) -> Result<PathBuf> {
    let scratch = scratch()?;
    let mut probe = Command::new("sh");
    probe.current_dir("/").args(["-c", "cd \"$1\"", "sh"]).arg(&scratch);
    let base =
        if crate::shell::succeeds(as_account(&mut probe, account)) { scratch } else { std::env::temp_dir() };
    remove_leftovers(&base);
    let folder = base.join(format!("{PREFIX}{}", std::process::id()));
    let made = fs::create_dir(&folder)
        .and_then(|()| fs::set_permissions(&folder, fs::Permissions::from_mode(0o700)))
        .and_then(|()| account.map_or(Ok(()), |a| chown(&folder, Some(a.uid), Some(a.gid))));
    made.map_err(|error| format!("cannot make {}: {error}", folder.display()))?;
    Ok(folder)
}

const PREFIX: &str = "gongkai-postgres-";

/// Folders of runs that were killed: their name ends in the id of a process that is no more.
fn remove_leftovers(base: &Path) {
    for entry in fs::read_dir(base).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let owner =
            name.to_str().and_then(|name| name.strip_prefix(PREFIX)).and_then(|id| id.parse::<u32>().ok());
        if owner.is_some_and(|id| !Path::new("/proc").join(id.to_string()).exists()) {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

/// 32 hexadecimal digits that nobody can guess: other people may have accounts on this machine, and loopback is open to them.
pub fn random_word() -> Result<String> {
    let mut bytes = [0; 16];
    fs::File::open("/dev/urandom")
        .and_then(|mut source| source.read_exact(&mut bytes))
        .map_err(|error| format!("no randomness: {error}"))?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_is_cut_to_its_end() {
        assert_eq!(tail("a\nb\nc", 2), "b\nc");
        assert_eq!(tail("a", 2), "a");
    }

    #[test]
    fn passwords_differ() {
        assert_ne!(random_word().unwrap(), random_word().unwrap());
    }

    #[test]
    fn a_server_starts_answers_and_leaves_nothing_behind() {
        assert!(binaries().is_some(), "PostgreSQL is missing: run `cargo xtask test`, which installs it");
        let postgres = Postgres::start().unwrap();
        let (folder, port) = (postgres.folder.clone(), postgres.port);
        assert_eq!(postgres.query("select 6 * 7").unwrap().trim(), "42");
        assert_eq!(postgres.query("show listen_addresses").unwrap().trim(), "127.0.0.1");
        assert!(postgres.create_database("another").unwrap().ends_with("/another"));
        let stranger = command(postgres.binaries.join("psql"))
            .env("PGPASSWORD", "wrong")
            .args([
                "-h",
                "127.0.0.1",
                "-U",
                USER,
                "-d",
                "postgres",
                "-c",
                "select 1",
                "-p",
                &port.to_string(),
            ])
            .output()
            .unwrap();
        assert!(!stranger.status.success(), "a wrong password is refused");
        drop(postgres);
        assert!(!folder.exists());
        assert!(std::net::TcpStream::connect(("127.0.0.1", port)).is_err(), "nobody listens any more");
    }

    #[test]
    fn leftovers_of_dead_processes_go_and_those_of_living_ones_stay() {
        let base = std::env::temp_dir().join(format!("gongkai-leftovers-{}", std::process::id()));
        let living = base.join(format!("{PREFIX}{}", std::process::id()));
        // Beyond the largest id the kernel gives out.
        let dead = base.join(format!("{PREFIX}4194305"));
        for folder in [&living, &dead] {
            fs::create_dir_all(folder).unwrap();
        }
        remove_leftovers(&base);
        assert!(living.exists() && !dead.exists());
        fs::remove_dir_all(&base).unwrap();
    }
}
