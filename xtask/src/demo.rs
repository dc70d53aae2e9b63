//! The demo, served on a free loopback port for as long as the value lives.

use crate::guard::Guarded;
use crate::postgres::{free_port, log, random_word, tail};
use crate::shell::{Result, cargo, command, run, scratch, target};
use std::fs;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::path::PathBuf;
use std::time::Duration;

/// A running `gongkai demo`.
pub struct Demo {
    // First, so that it is stopped before its folder goes.
    _server: Guarded,
    /// Where it serves, without a trailing slash.
    pub url: String,
    /// What it printed, the sample accounts among it.
    pub log: PathBuf,
    /// Folder into which mail to the office is delivered.
    pub inbox: PathBuf,
    /// The database it keeps its data in; none for a folder.
    pub database: Option<String>,
    /// Loopback port to which mail of the office is handed; a test that reads it listens there.
    pub post: u16,
    folder: PathBuf,
}

/// Where `gongkai demo` keeps its data.
pub enum Data<'a> {
    /// A new folder, removed at the end.
    Folder,
    /// A PostgreSQL database.
    Database(&'a str),
}

/// The program the Rust tests have just built; builds it when it is missing.
pub fn program() -> Result<PathBuf> {
    let path = target().join("debug/gongkai");
    if !path.is_file() {
        // The same packages as in the tests, so that nothing is built twice.
        run(cargo().args(["build", "--workspace", "--all-targets"]))?;
    }
    Ok(path)
}

impl Demo {
    /// Fills a store with the sample county and serves it. `name` goes into the names of the log and the folder.
    pub fn start(name: &str, data: Data<'_>) -> Result<Demo> {
        let program = program()?;
        let id = std::process::id();
        let log_file = scratch()?.join(format!("demo-{name}.log"));
        let _ = fs::remove_file(&log_file);
        let port = free_port()?;
        let mut demo = command(program);
        // The browser tests say of each visitor where it comes from, as a proxy would.
        demo.args(["demo", "--listen", &format!("127.0.0.1:{port}")]).env("GONGKAI_PROXY", "1");
        let folder = scratch()?.join(format!("demo-{name}-{id}"));
        let database = match &data {
            Data::Folder => None,
            Data::Database(url) => Some((*url).to_owned()),
        };
        match data {
            Data::Folder => {
                demo.arg("--data").arg(&folder);
            }
            Data::Database(url) => {
                // A database has no folder for files and the index, and no key that seals personal data; all are handed over.
                demo.args(["--database", url])
                    .env("GONGKAI_KEY", random_word()?)
                    .env("GONGKAI_FILES", &folder)
                    .env("GONGKAI_INDEX", folder.join("index"));
            }
        }
        let inbox = scratch()?.join(format!("inbox-{name}-{id}"));
        for part in ["new", "cur", "tmp"] {
            let made = fs::create_dir_all(inbox.join(part));
            made.map_err(|error| format!("cannot make {}: {error}", inbox.display()))?;
        }
        demo.env("GONGKAI_INBOX_MAILDIR", &inbox)
            .env("GONGKAI_INBOX_UNIT", "gp-office")
            .env("GONGKAI_INBOX_ADDRESS", "xxgk@gk.example.invalid");
        let post = free_port()?;
        demo.env("GONGKAI_MAIL_SERVER", format!("127.0.0.1:{post}"))
            .env("GONGKAI_MAIL_TLS", "none")
            .env("GONGKAI_MAIL_FROM", "xxgk@gk.example.invalid")
            .env("GONGKAI_PUBLIC_URL", format!("http://127.0.0.1:{port}"));
        demo.stdout(log(&log_file)?).stderr(log(&log_file)?);
        let mut server = Guarded::start("gongkai demo", &mut demo)?;
        let mut last = String::from("nothing yet");
        // A debug build fills the county slowly.
        for _ in 0..600 {
            if let Some(status) = server.ended() {
                last = format!("it ended ({status})");
                break;
            }
            match first_page(port) {
                Ok(status) if (200..400).contains(&status) => {
                    return Ok(Demo {
                        _server: server,
                        url: format!("http://127.0.0.1:{port}"),
                        log: log_file,
                        inbox,
                        database,
                        post,
                        folder,
                    });
                }
                Ok(status) => last = format!("the first page answers {status}"),
                Err(error) => last = error.to_string(),
            }
            std::thread::sleep(Duration::from_millis(200));
        }
        drop(server);
        let said = fs::read_to_string(&log_file).unwrap_or_default();
        Err(format!("`gongkai demo` on {name} does not serve: {last}\n{}", tail(&said, 30)))
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        // The server may still write while it ends; what it leaves is removed by `cargo clean`.
        let _ = fs::remove_dir_all(&self.folder);
        let _ = fs::remove_dir_all(&self.inbox);
    }
}

/// The status the first page answers with.
fn first_page(port: u16) -> std::io::Result<u16> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(2))?;
    stream.set_read_timeout(Some(Duration::from_secs(30)))?;
    write!(stream, "GET / HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n")?;
    let mut start = [0; 12];
    stream.read_exact(&mut start)?;
    status(&start).ok_or_else(|| std::io::Error::other("the answer is not HTTP"))
}

fn status(start: &[u8]) -> Option<u16> {
    let text = std::str::from_utf8(start).ok()?;
    text.strip_prefix("HTTP/1.")?.get(2..5)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_status_is_read_from_the_first_line() {
        assert_eq!(status(b"HTTP/1.1 200"), Some(200));
        assert_eq!(status(b"HTTP/1.0 503"), Some(503));
        assert_eq!(status(b"SSH-2.0-Open"), None);
    }
}
