//! Serving a store with many dockets: how soon the address answers, and how much memory waiting costs.

use crate::county::County;
use crate::process::memory;
use crate::table::{Table, grouped, median};
use crate::{Outcome, clock};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

const STARTS: usize = 5;
/// Longer than anything that serving begins with.
const IDLE: Duration = Duration::from_secs(3);
const PATIENCE: f64 = 60.0;

/// A server that ends with this value.
pub struct Serving(Child);

impl Drop for Serving {
    fn drop(&mut self) {
        // It only reads: nothing is lost.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The status line of an answer.
fn ask(at: SocketAddr, path: &str) -> Option<String> {
    let mut stream = TcpStream::connect(at).ok()?;
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {at}\r\nConnection: close\r\n\r\n").ok()?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).ok()?;
    String::from_utf8_lossy(&answer).lines().next().map(str::to_owned)
}

/// Serves a store until the value is dropped; where, and how many seconds the first page took.
pub fn start(program: &Path, county: &County) -> Outcome<(Serving, SocketAddr, f64)> {
    let at = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?;
    let began = clock();
    let mut command = Command::new(program);
    command.args(["serve", "--listen", &at.to_string(), "--data"]).arg(&county.folder);
    // Visitors have addresses of their own, as behind a proxy: one alone would meet the limit on what the public sends.
    command.env("GONGKAI_PROXY", "1");
    let serving = Serving(command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn()?);
    loop {
        let answer = ask(at, "/");
        let seconds = began.elapsed().as_secs_f64();
        match answer {
            Some(line) if line.contains(" 200 ") => return Ok((serving, at, seconds)),
            Some(line) => return Err(format!("the first page answers {line}").into()),
            None if seconds > PATIENCE => return Err("serve does not answer".into()),
            None => sleep(Duration::from_millis(1)),
        }
    }
}

pub fn measure(table: &mut Table, program: &Path, county: &County) -> Outcome {
    let mut seconds = Vec::new();
    for _ in 1..STARTS {
        seconds.push(start(program, county)?.2);
    }
    let (serving, at, last) = start(program, county)?;
    seconds.push(last);
    sleep(IDLE);
    let megabytes = |line| memory(serving.0.id(), line).map(|kb| kb as f64 / 1024.0).ok_or("serve has ended");
    let idle = megabytes("VmRSS")?;
    for _ in 0..200 {
        ask(at, "/").ok_or("serve has stopped answering")?;
    }
    let (busy, peak) = (megabytes("VmRSS")?, megabytes("VmHWM")?);
    let of = format!("{} dockets", grouped(f64::from(county.dockets)));
    let time = median(&seconds);
    table.aimed(
        &format!("serve on {of}: start"),
        "0.5 s",
        format!("{:.0} ms", time * 1000.0),
        time <= 0.5,
        format!(
            "from the start of the process until the first page is answered with 200; median of {STARTS}"
        ),
    );
    table.aimed(
        &format!("serve on {of}: memory"),
        "100 MB",
        format!("{idle:.1} MB"),
        idle < 100.0,
        format!(
            "resident, {} s after the first page; after 200 more pages {busy:.1} MB, never more than {peak:.1} MB",
            IDLE.as_secs()
        ),
    );
    Ok(())
}
