//! Pictures of pages, for the people who review them.

use crate::demo::{Data, Demo};
use crate::node;
use crate::shell::{Result, command, root};
use crate::tools;

/// `DIR [URL...]`: whole addresses of a running server, or paths of a demo that is started for it.
pub fn run(arguments: &[String]) -> Result {
    let (folder, addresses) = arguments.split_first().ok_or("name the folder that the pictures go to")?;
    tools::install(&["chromium-headless-shell", "nodejs", "npm", "fonts-noto-cjk"])?;
    node::install()?;
    let browser =
        tools::chromium().ok_or("Chromium is not installed (Debian package chromium-headless-shell)")?;
    let first = ["/".to_owned()];
    let addresses = if addresses.is_empty() { &first } else { addresses };
    let demo = if addresses.iter().any(|address| address.starts_with('/')) {
        Some(Demo::start("screenshots", Data::Folder)?)
    } else {
        None
    };
    let base = demo.as_ref().map_or("", |demo| demo.url.as_str());
    let urls = addresses.iter().map(|a| if a.starts_with('/') { format!("{base}{a}") } else { a.clone() });
    let folder =
        std::path::absolute(folder).map_err(|error| format!("cannot use the folder {folder}: {error}"))?;
    crate::shell::run(
        command("node")
            .current_dir(root().join("e2e"))
            .env("CHROMIUM", browser)
            .arg("screenshots.mjs")
            .arg(folder)
            .args(urls),
    )
}
