//! A Python environment under the target folder, with pinned packages: the calendar oracle and the spell checker.

use crate::shell::{Result, command, run, scratch, text, write};
use std::fs;
use std::path::PathBuf;

/// The folder of programs in the environment. Makes the environment first when it is missing or its list of
/// packages changed.
pub fn programs() -> Result<PathBuf> {
    let wanted = text(&crate::shell::root().join("xtask/requirements.txt"))?;
    let environment = scratch()?.join("python");
    let programs = environment.join("bin");
    let stamp = environment.join("requirements.txt");
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted)
        && programs.join("python").exists()
    {
        return Ok(programs);
    }
    if environment.exists() {
        fs::remove_dir_all(&environment)
            .map_err(|error| format!("cannot renew {}: {error}", environment.display()))?;
    }
    run(command("python3").args(["-m", "venv"]).arg(&environment))?;
    // Wheels only: nothing of another project's is built or run while installing.
    run(command(programs.join("python"))
        .args([
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--only-binary",
            ":all:",
            "-r",
        ])
        .arg("xtask/requirements.txt"))?;
    write(&stamp, &wanted)?;
    Ok(programs)
}
