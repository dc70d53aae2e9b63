//! A page or file of another site, fetched once: at most so many bytes, redirects and seconds. Who may be asked is for the
//! caller to say, of every number an address stands for, also after a redirect.

use crate::push::tls;
use http_body_util::{BodyExt, Empty, Limited};
use hyper::body::Bytes;
use hyper::header::{ACCEPT, HOST, LOCATION, USER_AGENT};
use hyper::{Request, StatusCode};
use hyper_util::rt::TokioIo;
use law::docket::channel::parts_of;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::ServerName;

/// How long everything may take.
const PATIENCE: Duration = Duration::from_secs(60);
/// Addresses one address may lead to.
const REDIRECTS: usize = 5;

/// Fetches an address. `may_reach` judges a host with its port, and a number it stands for.
///
/// # Errors
/// One Chinese sentence.
pub async fn fetch(
    address: &str,
    most: usize,
    may_reach: &(dyn Fn(&str, IpAddr) -> bool + Sync),
) -> Result<Vec<u8>, String> {
    let whole = async {
        let mut address = address.to_owned();
        for _ in 0..=REDIRECTS {
            match once(&address, most, may_reach).await? {
                Answer::Content(bytes) => return Ok(bytes),
                Answer::Elsewhere(next) => address = joined(&address, &next)?,
            }
        }
        Err(format!("地址转到其他地址超过{REDIRECTS}次，没有取得内容，请改用最终地址"))
    };
    timeout(PATIENCE, whole)
        .await
        .unwrap_or_else(|_| Err(format!("{}秒内没有取得内容，请稍后重试或者下载后核查", PATIENCE.as_secs())))
}

enum Answer {
    Content(Vec<u8>),
    Elsewhere(String),
}

async fn once(
    address: &str,
    most: usize,
    may_reach: &(dyn Fn(&str, IpAddr) -> bool + Sync),
) -> Result<Answer, String> {
    let unusable = || format!("“{address}”不是可以访问的网址，请写成 https://主机/路径 的形式");
    let (secure, authority, path) = parts_of(address).ok_or_else(unusable)?;
    let usual = if secure { 443 } else { 80 };
    let has_port = authority.rsplit_once(':').is_some_and(|(_, port)| !port.contains(']'));
    let full = if has_port { authority.to_owned() } else { format!("{authority}:{usual}") };
    let host = full.rsplit_once(':').map_or("", |(host, _)| host).trim_matches(['[', ']']).to_owned();
    let found: Vec<SocketAddr> =
        lookup_host(&full).await.map_err(|_| format!("没有查到主机 {host}，请核对网址"))?.collect();
    if found.iter().any(|at| !may_reach(authority, at.ip())) {
        return Err("网址指向内部网络，没有访问，请下载后上传".to_owned());
    }
    let at = found.first().ok_or_else(|| format!("没有查到主机 {host}，请核对网址"))?;
    let path = path.split('#').next().unwrap_or_default();
    let target = if path.starts_with('/') { path.to_owned() } else { format!("/{path}") };
    let request = Request::get(target)
        .header(HOST, authority)
        .header(ACCEPT, "text/html, application/pdf, */*")
        .header(USER_AGENT, concat!("gongkai/", env!("CARGO_PKG_VERSION")))
        .body(Empty::new())
        .map_err(|_| unusable())?;
    let stream = TcpStream::connect(at).await.map_err(|_| format!("不能连接主机 {host}，请核对网址"))?;
    if !secure {
        return exchange(stream, request, most).await;
    }
    let name = ServerName::try_from(host.clone()).map_err(|_| unusable())?;
    let stream = TlsConnector::from(tls()).connect(name, stream).await;
    let stream = stream.map_err(|_| format!("不能与主机 {host} 建立加密连接，请核对对方的证书"))?;
    exchange(stream, request, most).await
}

async fn exchange(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    request: Request<Empty<Bytes>>,
    most: usize,
) -> Result<Answer, String> {
    let broken = |_| "与对方的连接中断，请稍后重试".to_owned();
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.map_err(broken)?;
    let driving = tokio::spawn(connection);
    let answer = async {
        let answer = sender.send_request(request).await.map_err(broken)?;
        let status = answer.status();
        if status.is_redirection()
            && let Some(next) = answer.headers().get(LOCATION).and_then(|l| l.to_str().ok())
        {
            return Ok(Answer::Elsewhere(next.to_owned()));
        }
        if status == StatusCode::NOT_FOUND {
            return Err("对方网站没有这个网页，请核对网址".to_owned());
        }
        if !status.is_success() {
            return Err(format!("对方网站返回状态码{}，没有取得内容", status.as_u16()));
        }
        let body = Limited::new(answer.into_body(), most).collect().await;
        let body = body.map_err(|e| match e.downcast_ref::<http_body_util::LengthLimitError>() {
            Some(_) => format!("内容超过{} MB，没有取完，请核对网址", most >> 20),
            None => "与对方的连接中断，内容不完整，请稍后重试".to_owned(),
        })?;
        Ok(Answer::Content(body.to_bytes().to_vec()))
    };
    let answer = answer.await;
    driving.abort();
    answer
}

/// Where a redirect leads: a whole address, a path of the same host, or one beside the page.
fn joined(from: &str, next: &str) -> Result<String, String> {
    if next.starts_with("http://") || next.starts_with("https://") {
        return Ok(next.to_owned());
    }
    let (secure, authority, path) = parts_of(from).ok_or("地址转到的位置无法识别，请改用最终地址")?;
    let scheme = if secure { "https" } else { "http" };
    if let Some(rest) = next.strip_prefix("//") {
        return Ok(format!("{scheme}://{rest}"));
    }
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let beside = path.rfind('/').map_or("/", |at| &path[..=at]);
    let target = if next.starts_with('/') { next.to_owned() } else { format!("{beside}{next}") };
    let slash = if target.starts_with('/') { "" } else { "/" };
    Ok(format!("{scheme}://{authority}{slash}{target}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn redirects_lead_where_a_browser_would_go() {
        for (next, whole) in [
            ("https://b.example/x", "https://b.example/x"),
            ("//b.example/x", "https://b.example/x"),
            ("/x", "https://a.example:8443/x"),
            ("x.html", "https://a.example:8443/dir/x.html"),
        ] {
            assert_eq!(joined("https://a.example:8443/dir/page?q=1", next).unwrap(), whole);
        }
    }

    #[tokio::test]
    async fn what_leads_inside_is_not_fetched() {
        let inside = |_: &str, ip: IpAddr| !ip.is_loopback();
        let error = fetch("http://127.0.0.1:9/x", 100, &inside).await.unwrap_err();
        assert!(error.contains("内部网络"), "{error}");
        let error = fetch("ftp://127.0.0.1/x", 100, &inside).await.unwrap_err();
        assert!(error.contains("https://"), "{error}");
    }
}
