//! Asking a virus scanner (clamd, `INSTREAM`) before a file is kept. A scanner that was set and does not answer means
//! that nothing comes in: a check that is silently left out is worse than none.

use crate::error::{Error, Result};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;

/// How long the scanner may take for one file.
const PATIENCE: Duration = Duration::from_secs(30);
/// Bytes sent at a time.
const PIECE: usize = 64 << 10;
/// Bytes an answer may have.
const ANSWER: u64 = 4096;

/// Where clamd listens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scanner {
    /// A port of this machine; the protocol knows no passwords.
    Port(SocketAddr),
    /// A socket in the file system.
    Socket(PathBuf),
}

/// What the scanner said.
#[derive(Debug, PartialEq, Eq)]
enum Said {
    Clean,
    Infected,
    Unclear,
}

impl Scanner {
    /// `127.0.0.1:3310`, or the absolute path of a socket.
    pub fn parse(text: &str) -> Option<Scanner> {
        if text.starts_with('/') {
            return Some(Scanner::Socket(text.into()));
        }
        text.parse().ok().filter(|at: &SocketAddr| at.ip().is_loopback()).map(Scanner::Port)
    }

    /// Refuses what the scanner finds, and everything while it cannot be asked.
    pub(super) async fn must_be_clean(&self, content: &[u8]) -> Result<()> {
        match tokio::time::timeout(PATIENCE, self.ask(content)).await {
            Ok(Ok(Said::Clean)) => Ok(()),
            Ok(Ok(Said::Infected)) => {
                Err(Error::refused("file-virus", "文件中查出病毒，没有接收；请清除病毒后重新上传", ""))
            }
            Ok(Ok(Said::Unclear)) => Err(unreachable("it did not understand")),
            Ok(Err(e)) => Err(unreachable(&e.to_string())),
            Err(_) => Err(unreachable("it took too long")),
        }
    }

    async fn ask(&self, content: &[u8]) -> std::io::Result<Said> {
        match self {
            Scanner::Port(at) => converse(TcpStream::connect(at).await?, content).await,
            #[cfg(unix)]
            Scanner::Socket(path) => converse(tokio::net::UnixStream::connect(path).await?, content).await,
            #[cfg(not(unix))]
            Scanner::Socket(_) => Err(std::io::ErrorKind::Unsupported.into()),
        }
    }
}

fn unreachable(why: &str) -> Error {
    tracing::error!(why, "the virus scanner cannot be asked");
    Error::refused(
        "file-unscanned",
        "病毒查杀服务暂时不能使用，文件没有接收，请稍后重试或者联系系统管理员",
        "",
    )
}

async fn converse(mut to: impl AsyncRead + AsyncWrite + Unpin, content: &[u8]) -> std::io::Result<Said> {
    to.write_all(b"zINSTREAM\0").await?;
    for piece in content.chunks(PIECE) {
        let length = u32::try_from(piece.len()).map_err(std::io::Error::other)?;
        to.write_all(&length.to_be_bytes()).await?;
        to.write_all(piece).await?;
    }
    to.write_all(&[0; 4]).await?;
    to.flush().await?;
    let mut answer = Vec::new();
    to.take(ANSWER).read_to_end(&mut answer).await?;
    let answer = String::from_utf8_lossy(&answer);
    Ok(match answer.trim_end_matches(['\0', '\n', '\r']) {
        "stream: OK" => Said::Clean,
        found if found.ends_with(" FOUND") => Said::Infected,
        _ => Said::Unclear,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scanner_is_on_this_machine() {
        assert!(matches!(Scanner::parse("127.0.0.1:3310"), Some(Scanner::Port(_))));
        assert!(matches!(Scanner::parse("/run/clamav/clamd.ctl"), Some(Scanner::Socket(_))));
        for wrong in ["", "clamd", "192.0.2.1:3310", "0.0.0.0:3310", "run/clamd"] {
            assert_eq!(Scanner::parse(wrong), None, "{wrong}");
        }
    }
}
