//! Running commands: loudly, in the right folder, with the first failure ending the task.

use std::ffi::OsStr;
use std::fs;
use std::io::{BufRead, BufReader, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

/// A task's outcome; the error is a sentence that says what to do.
pub type Result<T = ()> = std::result::Result<T, String>;

/// The folder of the workspace.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map(Path::to_path_buf).unwrap_or_default()
}

/// Cargo's target folder.
pub fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |dir| root().join(dir))
}

/// The folder for what tasks install and write, made when missing. It survives between runs.
pub fn scratch() -> Result<PathBuf> {
    let dir = target().join("xtask");
    fs::create_dir_all(&dir).map_err(|error| format!("cannot make {}: {error}", dir.display()))?;
    Ok(dir)
}

/// Whether this runs under continuous integration, where nothing may be left out.
pub fn in_ci() -> bool {
    std::env::var("CI").is_ok_and(|value| !value.is_empty() && value != "false")
}

/// A command in the workspace's folder.
pub fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(root()).stdin(Stdio::null());
    command
}

/// Cargo, the one that runs this task.
pub fn cargo() -> Command {
    command(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

fn line(command: &Command) -> String {
    let mut words = vec![command.get_program().to_string_lossy().into_owned()];
    words.extend(command.get_args().map(|word| word.to_string_lossy().into_owned()));
    words.join(" ")
}

/// Runs a command with its output shown; fails unless it succeeds.
pub fn run(command: &mut Command) -> Result {
    eprintln!("$ {}", line(command));
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("`{}` failed ({status})", line(command))),
        Err(error) => Err(format!("`{}` could not be started: {error}", line(command))),
    }
}

/// Runs a command and returns its standard output; fails unless it succeeds.
pub fn read(command: &mut Command) -> Result<String> {
    let output =
        command.output().map_err(|error| format!("`{}` could not be started: {error}", line(command)))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(format!("`{}` failed ({}): {}", line(command), output.status, said.trim()));
    }
    String::from_utf8(output.stdout)
        .map_err(|_| format!("`{}` printed bytes that are not text", line(command)))
}

/// Whether a command can be run and succeeds, its output thrown away.
pub fn succeeds(command: &mut Command) -> bool {
    command.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
}

/// Which of a command's streams [`run_and_keep`] watches. The other is shown as it is.
#[derive(Clone, Copy, PartialEq)]
pub enum Stream {
    Output,
    Error,
}

/// Runs a command with its output shown, and returns the lines of one stream that `keep` accepts, so that a
/// runner's own summary can be repeated at the end of a long log. The inner result is the command's success.
pub fn run_and_keep(
    command: &mut Command,
    stream: Stream,
    keep: impl Fn(&str) -> bool,
) -> Result<(Vec<String>, Result)> {
    run_and_keep_marked(command, stream, "", keep)
}

/// The same with `mark` before every line of the watched stream, so that the output of two commands can be told apart.
pub fn run_and_keep_marked(
    command: &mut Command,
    stream: Stream,
    mark: &str,
    keep: impl Fn(&str) -> bool,
) -> Result<(Vec<String>, Result)> {
    eprintln!("$ {}", line(command));
    match stream {
        Stream::Output => command.stdout(Stdio::piped()),
        Stream::Error => command.stderr(Stdio::piped()),
    };
    let mut child =
        command.spawn().map_err(|error| format!("`{}` could not be started: {error}", line(command)))?;
    let pipe: Option<Box<dyn std::io::Read>> = match stream {
        Stream::Output => child.stdout.take().map(|pipe| Box::new(pipe) as _),
        Stream::Error => child.stderr.take().map(|pipe| Box::new(pipe) as _),
    };
    let mut kept = Vec::new();
    if let Some(pipe) = pipe {
        for said in BufReader::new(pipe).split(b'\n') {
            let said = said.map_err(|error| format!("cannot read from `{}`: {error}", line(command)))?;
            let text = String::from_utf8_lossy(&said);
            match stream {
                Stream::Output => println!("{mark}{text}"),
                Stream::Error => eprintln!("{mark}{text}"),
            }
            let plain = without_colours(&text);
            if keep(&plain) {
                kept.push(plain.trim().to_owned());
            }
        }
    }
    let status = child.wait().map_err(|error| format!("lost `{}`: {error}", line(command)))?;
    let outcome =
        if status.success() { Ok(()) } else { Err(format!("`{}` failed ({status})", line(command))) };
    Ok((kept, outcome))
}

/// `always` on a terminal: the child writes to a pipe, and would show no colours without being asked to.
pub fn colours() -> &'static str {
    if std::io::stderr().is_terminal() { "always" } else { "never" }
}

fn without_colours(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        if character == '\u{1b}' {
            // A colour is ESC [ … letter.
            let _ = characters.by_ref().find(|next| next.is_ascii_alphabetic());
        } else {
            plain.push(character);
        }
    }
    plain
}

/// Does one step of a task under a heading and says how long it took.
pub fn step<T>(title: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    eprintln!("\n== {title}");
    let _ = std::io::stderr().flush();
    #[expect(clippy::disallowed_methods, reason = "the task runner says how long its steps took")]
    let started = Instant::now();
    let outcome = work();
    let verdict = if outcome.is_ok() { "done" } else { "FAILED" };
    eprintln!("== {title}: {verdict} in {:.1} s", started.elapsed().as_secs_f64());
    outcome
}

/// The user this runs as; 0 is root.
pub fn uid() -> Result<u32> {
    let said = read(command("id").arg("-u"))?;
    said.trim().parse().map_err(|_| format!("`id -u` said {said:?}"))
}

/// Finds a program by name in `PATH`.
pub fn which(program: &str) -> Option<PathBuf> {
    let paths = std::env::var_os("PATH")?;
    std::env::split_paths(&paths).map(|dir| dir.join(program)).find(|path| path.is_file())
}

/// Reads a text file of the workspace.
pub fn text(path: &Path) -> Result<String> {
    fs::read_to_string(path).map_err(|error| format!("cannot read {}: {error}", path.display()))
}

/// Writes a text file.
pub fn write(path: &Path, text: &str) -> Result {
    fs::write(path, text).map_err(|error| format!("cannot write {}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_taken_out() {
        assert_eq!(without_colours("\u{1b}[1;32m  Summary\u{1b}[0m 3 tests run"), "  Summary 3 tests run");
    }

    #[test]
    fn the_kept_lines_and_the_failure_are_both_returned() {
        let mut script = command("sh");
        script.args(["-c", "echo '# pass 3'; echo other; exit 4"]);
        let (kept, outcome) =
            run_and_keep(&mut script, Stream::Output, |line| line.starts_with("# ")).unwrap();
        assert_eq!(kept, ["# pass 3"]);
        assert!(outcome.unwrap_err().contains('4'));
    }

    #[test]
    fn a_failing_command_is_an_error_with_its_words() {
        let error = read(command("sh").args(["-c", "echo said >&2; exit 3"])).unwrap_err();
        assert!(error.contains("said") && error.contains('3'), "{error}");
    }
}
