//! Sending published items to channels (docs/PUSH.md): one signed POST over a connection of its own.
//!
//! The name in an address is looked up here, every number it stands for is judged, and the connection goes to a number that was
//! judged: nothing looks it up again in between. What an answer says besides its status is not kept, and no redirect is
//! followed, because it leads to an address that nobody judged.

use crate::api::public::PublicDocumentView;
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Bytes;
use hyper::header::{CONTENT_TYPE, HOST, USER_AGENT};
use hyper::{Request, StatusCode};
use hyper_util::rt::TokioIo;
use jiff::Timestamp;
use jiff::civil::Date;
use law::docket::channel::parts_of;
use serde_json::{Value, json};
use service::channel::{Outgoing, PushHosts, Told};
use service::mail::Delivery;
use sm3::{Digest, Sm3};
use std::net::SocketAddr;
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

/// How long a receiver may take in all.
const PATIENCE: Duration = Duration::from_secs(20);
/// Bytes of an answer that are read; nobody looks at them.
const ANSWER: usize = 64 << 10;
/// What was refused because of where it leads.
const INSIDE: &str =
    "地址指向内部网络，没有推送；确需推送的，请系统管理员在设置 GONGKAI_PUSH_HOSTS 中写明该主机";

/// What is sent.
#[derive(Debug, Clone)]
pub struct Notice {
    document: Value,
    /// Digest of what it says of the document.
    pub digest: String,
}

impl Notice {
    /// What a delivery says, as the public API says it; `base` is the address of the site without a final slash.
    pub fn of(outgoing: &Outgoing, base: &str, today: Date) -> Notice {
        let address = format!("{base}/documents/{}", outgoing.document);
        let mut document = match &outgoing.told {
            Told::Public(document) => {
                serde_json::to_value(PublicDocumentView::of(document.as_ref().clone(), today))
                    .unwrap_or_default()
            }
            Told::Withdrawn { on, told } => json!({ "withdrawn_on": on, "told": told }),
        };
        document["id"] = json!(outgoing.document);
        document["address"] = json!(address);
        let digest =
            Sm3::digest(document.to_string().as_bytes()).iter().map(|b| format!("{b:02x}")).collect();
        Notice { document, digest }
    }

    /// The body of one try.
    pub fn body(&self, outgoing: &Outgoing, at: Timestamp) -> String {
        json!({ "event": outgoing.what.key(), "delivery": outgoing.id, "at": at, "document": self.document })
            .to_string()
    }
}

/// Whom this machine trusts; read once.
pub(crate) fn tls() -> Arc<ClientConfig> {
    static TLS: OnceLock<Arc<ClientConfig>> = OnceLock::new();
    let make = || {
        let mut roots = RootCertStore::empty();
        let found = rustls_native_certs::load_native_certs();
        for error in &found.errors {
            tracing::warn!(%error, "a certificate of this machine cannot be read");
        }
        roots.add_parsable_certificates(found.certs);
        Arc::new(ClientConfig::builder().with_root_certificates(roots).with_no_client_auth())
    };
    Arc::clone(TLS.get_or_init(make))
}

/// Sends one delivery.
pub async fn send(hosts: &PushHosts, outgoing: &Outgoing, notice: &Notice, now: Timestamp) -> Delivery {
    match timeout(PATIENCE, attempt(hosts, outgoing, notice, now)).await {
        Ok(Ok(status)) => judged(status),
        Ok(Err(went)) => went,
        Err(_) => Delivery::Later(format!("{}秒内没有等到对方答复", PATIENCE.as_secs())),
    }
}

/// What a status means: taken is taken, everything else may be mended by the receiver.
fn judged(status: StatusCode) -> Delivery {
    if status.is_success() {
        Delivery::Sent
    } else if status.is_redirection() {
        Delivery::Later(format!(
            "对方返回状态码{}，要求转到其他地址；请把渠道地址改为最终地址",
            status.as_u16()
        ))
    } else {
        Delivery::Later(format!("对方返回状态码{}，请与对方核对地址和密钥", status.as_u16()))
    }
}

async fn attempt(
    hosts: &PushHosts,
    outgoing: &Outgoing,
    notice: &Notice,
    now: Timestamp,
) -> Result<StatusCode, Delivery> {
    let never = |text: &str| Delivery::Never(text.to_owned());
    let (secure, authority, path) =
        parts_of(&outgoing.address).ok_or_else(|| never("渠道地址不能使用，请更正"))?;
    let (at, host) = place_of(hosts, secure, authority).await?;
    let body = notice.body(outgoing, now);
    let second = now.as_second();
    let signature =
        outgoing.signature(second, body.as_bytes()).map_err(|_| never("不能签名，请更换密钥后重新推送"))?;
    let target = if path.starts_with('/') { path.to_owned() } else { format!("/{path}") };
    let request = Request::post(target)
        .header(HOST, authority)
        .header(CONTENT_TYPE, "application/json; charset=utf-8")
        .header(USER_AGENT, concat!("gongkai/", env!("CARGO_PKG_VERSION")))
        .header("gongkai-event", outgoing.what.key())
        .header("gongkai-delivery", outgoing.id.to_string())
        .header("gongkai-timestamp", second.to_string())
        .header("gongkai-signature", format!("sha256={signature}"))
        .body(Full::new(Bytes::from(body)))
        .map_err(|_| never("渠道地址不能使用，请更正"))?;
    let stream = TcpStream::connect(at).await.map_err(|_| later("不能连接到对方服务器"))?;
    if !secure {
        return exchange(stream, request).await;
    }
    let name = ServerName::try_from(host).map_err(|_| never("渠道地址不能使用，请更正"))?;
    let stream = TlsConnector::from(tls()).connect(name, stream).await;
    let stream = stream.map_err(|_| later("不能与对方建立加密连接，请核对对方的证书"))?;
    exchange(stream, request).await
}

fn later(text: &str) -> Delivery {
    Delivery::Later(text.to_owned())
}

/// A number of the host that may be reached, and the name its certificate has to bear.
async fn place_of(
    hosts: &PushHosts,
    secure: bool,
    authority: &str,
) -> Result<(SocketAddr, String), Delivery> {
    let usual = if secure { 443 } else { 80 };
    let has_port = authority.rsplit_once(':').is_some_and(|(_, port)| !port.contains(']'));
    let full = if has_port { authority.to_owned() } else { format!("{authority}:{usual}") };
    let host = full.rsplit_once(':').map_or("", |(host, _)| host).trim_matches(['[', ']']).to_owned();
    let found: Vec<SocketAddr> = lookup_host(full).await.map_err(|_| later("没有查到对方的域名"))?.collect();
    // One number inside is enough: the next lookup might give it first.
    if found.iter().any(|at| !hosts.may_reach(authority, at.ip())) {
        return Err(Delivery::Never(INSIDE.to_owned()));
    }
    let first = found.into_iter().next().ok_or_else(|| later("没有查到对方的域名"))?;
    Ok((first, host))
}

async fn exchange(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    request: Request<Full<Bytes>>,
) -> Result<StatusCode, Delivery> {
    let broken = |_| later("与对方的连接中断");
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.map_err(broken)?;
    let driving = tokio::spawn(connection);
    let answer = sender.send_request(request).await.map_err(broken);
    let status = match answer {
        Ok(answer) => {
            let status = answer.status();
            // Read, so that the receiver is not cut off in the middle of a sentence; too long a one is.
            let _ = Limited::new(answer.into_body(), ANSWER).collect().await;
            Ok(status)
        }
        Err(went) => Err(went),
    };
    driving.abort();
    status
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_taken_has_arrived() {
        for (status, arrived) in
            [(200, true), (204, true), (302, false), (401, false), (410, false), (503, false)]
        {
            let went = judged(StatusCode::from_u16(status).unwrap());
            assert_eq!(went == Delivery::Sent, arrived, "{status}: {went:?}");
        }
    }

    #[tokio::test]
    async fn a_name_that_leads_inside_is_not_followed() {
        let none = PushHosts::default();
        for inside in ["localhost:9", "127.0.0.1:9", "[::1]:9", "10.0.0.1"] {
            let went = place_of(&none, true, inside).await.unwrap_err();
            assert_eq!(went, Delivery::Never(INSIDE.to_owned()), "{inside}");
        }
        let some = PushHosts::parse("127.0.0.1").unwrap();
        let (at, host) = place_of(&some, false, "127.0.0.1").await.unwrap();
        assert_eq!((at.to_string().as_str(), host.as_str()), ("127.0.0.1:80", "127.0.0.1"));
    }
}
