//! Processes as the kernel sees them: how long they ran, what they computed, how much memory they held at most.

use crate::{Outcome, clock};
use std::io::Read;
use std::process::{Command, Stdio};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// How often a running process is looked at.
const LOOK: Duration = Duration::from_micros(500);

/// A process that has ended well.
pub struct Ran {
    /// From its start to its end.
    pub seconds: f64,
    /// The most memory it held, in kilobytes: the last `VmHWM` seen, at most half a millisecond before its end.
    pub peak: u64,
    /// Its standard output.
    pub output: String,
}

/// Runs a command to its end.
///
/// # Errors
/// With what it said, if it did not end well.
pub fn run(command: &mut Command) -> Outcome<Ran> {
    let began = clock();
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    let (output, said) = (listen(child.stdout.take()), listen(child.stderr.take()));
    let mut peak = 0;
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        peak = memory(child.id(), "VmHWM").unwrap_or(peak).max(peak);
        thread::sleep(LOOK);
    };
    let seconds = began.elapsed().as_secs_f64();
    let text = |reader: JoinHandle<String>| reader.join().unwrap_or_default();
    let (output, said) = (text(output), text(said));
    if !status.success() {
        return Err(format!("{command:?} ended with {status}: {said}").into());
    }
    Ok(Ran { seconds, peak, output })
}

/// Reads a stream to its end beside the process, which would otherwise wait for a full pipe to be emptied.
fn listen(stream: Option<impl Read + Send + 'static>) -> JoinHandle<String> {
    thread::spawn(move || {
        let mut text = Vec::new();
        if let Some(mut stream) = stream {
            // What cannot be read is missed by whoever needs it.
            let _ = stream.read_to_end(&mut text);
        }
        String::from_utf8_lossy(&text).into_owned()
    })
}

/// A line of `/proc/PID/status` in kilobytes; nothing once the process has ended.
pub fn memory(process: u32, line: &str) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let value = status.lines().find_map(|l| l.strip_prefix(line)?.strip_prefix(':'))?;
    value.trim().strip_suffix(" kB")?.parse().ok()
}

/// Seconds that the children waited for so far have computed, from `/proc/self/stat` (fields 16 and 17, in hundredths).
pub fn children_computed() -> Outcome<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat")?;
    // The name of the program is in brackets and may hold blanks; what follows it begins with field 3.
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks = |n: usize| -> Outcome<f64> { Ok(fields.get(n - 3).ok_or("a short line")?.parse()?) };
    Ok((ticks(16)? + ticks(17)?) / 100.0)
}
