//! A process that ends with the task that started it, whatever ends the task: success, failure, Ctrl-C or a kill.
//!
//! A small shell beside each process waits on a pipe that only the task holds open. When the pipe closes, because
//! the task let go of it or because the task is gone, the shell interrupts the process by its id.

use crate::shell::Result;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

/// How long a process may take to end after it was asked to, before it is killed.
const PATIENCE: Duration = Duration::from_secs(20);

/// A running process that is stopped when this value is dropped.
pub struct Guarded {
    name: String,
    child: Child,
    watcher: Child,
}

impl Guarded {
    /// Starts the command, in a process group of its own, so that Ctrl-C reaches it through the guard only.
    pub fn start(name: &str, command: &mut Command) -> Result<Guarded> {
        let mut child =
            command.process_group(0).spawn().map_err(|error| format!("cannot start {name}: {error}"))?;
        let watcher = Command::new("sh")
            .args(["-c", "cat >/dev/null; kill -INT \"$1\" 2>/dev/null", "guard", &child.id().to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn();
        match watcher {
            Ok(watcher) => Ok(Guarded { name: name.to_owned(), child, watcher }),
            Err(error) => {
                let _ = child.kill();
                let _ = child.wait();
                Err(format!("cannot start the guard of {name}: {error}"))
            }
        }
    }

    /// The exit status, if the process has ended by itself.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().ok().flatten()
    }
}

impl Drop for Guarded {
    fn drop(&mut self) {
        if self.ended().is_some() {
            // Its id may belong to somebody else by now: the watcher must not use it.
            let _ = self.watcher.kill();
            let _ = self.watcher.wait();
            return;
        }
        drop(self.watcher.stdin.take());
        let _ = self.watcher.wait();
        let pause = Duration::from_millis(50);
        let mut waited = Duration::ZERO;
        while self.ended().is_none() {
            if waited >= PATIENCE {
                eprintln!("{} did not end when asked to; killing it", self.name);
                let _ = self.child.kill();
                let _ = self.child.wait();
                return;
            }
            std::thread::sleep(pause);
            waited += pause;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    fn alive(pid: u32) -> bool {
        // A process that ended but was not yet waited for keeps its folder: look at its state.
        std::fs::read_to_string(format!("/proc/{pid}/stat"))
            .is_ok_and(|stat| stat.rsplit(')').next().is_some_and(|rest| !rest.trim_start().starts_with('Z')))
    }

    #[test]
    fn dropping_the_guard_ends_the_process() {
        let guarded = Guarded::start("sleep", Command::new("sleep").arg("600")).unwrap();
        let pid = guarded.child.id();
        assert!(alive(pid));
        drop(guarded);
        assert!(!alive(pid));
    }

    #[test]
    fn a_process_that_ended_by_itself_is_noticed() {
        let mut guarded = Guarded::start("false", &mut Command::new("false")).unwrap();
        let status = loop {
            if let Some(status) = guarded.ended() {
                break status;
            }
            std::thread::sleep(Duration::from_millis(10));
        };
        assert!(!status.success());
    }

    #[test]
    fn killing_the_holder_of_the_pipe_ends_the_process() {
        if !Path::new("/proc/self/stat").exists() {
            panic!("this test reads /proc");
        }
        let guarded = Guarded::start("sleep", Command::new("sleep").arg("600")).unwrap();
        let pid = guarded.child.id();
        let mut guarded = guarded;
        // What the system does to the pipe of a task that was killed.
        drop(guarded.watcher.stdin.take());
        for _ in 0..200 {
            if !alive(pid) {
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        panic!("the process outlived the pipe");
    }
}
