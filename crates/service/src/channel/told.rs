//! What a channel is told, and how that stands.

use crate::document::PublicDocument;
use crate::error::{Error, Result};
use hmac::{Hmac, KeyInit, Mac};
use jiff::civil::Date;
use sha2::Sha256;
use store::DeliveryRow;
use uuid::Uuid;

/// What a channel is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// 发布: it did not have it before.
    Published,
    /// 变更
    Changed,
    /// 撤下
    Withdrawn,
    /// 导出: handed to editors.
    Exported,
}

impl What {
    /// Stored key, and the word receivers read.
    pub fn key(self) -> &'static str {
        match self {
            What::Published => "published",
            What::Changed => "changed",
            What::Withdrawn => "withdrawn",
            What::Exported => "exported",
        }
    }

    /// Chinese name of what is stored under this key; empty before anything was told.
    pub fn label(key: &str) -> &'static str {
        match key {
            "published" => "发布",
            "changed" => "变更",
            "withdrawn" => "撤下",
            "exported" => "导出",
            _ => "",
        }
    }
}

/// How a delivery stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeliveryState {
    /// 等待推送
    Waiting,
    /// 已经送达
    Delivered,
    /// 推送失败
    Failed,
    /// 已经重新推送: failed, and sent again by hand.
    Resent,
    /// 已经导出
    Exported,
}

impl DeliveryState {
    /// All states.
    pub const ALL: [DeliveryState; 5] = [
        DeliveryState::Waiting,
        DeliveryState::Delivered,
        DeliveryState::Failed,
        DeliveryState::Resent,
        DeliveryState::Exported,
    ];

    /// Stored key.
    pub fn key(self) -> &'static str {
        match self {
            DeliveryState::Waiting => "waiting",
            DeliveryState::Delivered => "delivered",
            DeliveryState::Failed => "failed",
            DeliveryState::Resent => "resent",
            DeliveryState::Exported => "exported",
        }
    }

    /// Chinese name.
    pub fn label(self) -> &'static str {
        match self {
            DeliveryState::Waiting => "等待推送",
            DeliveryState::Delivered => "已经送达",
            DeliveryState::Failed => "推送失败",
            DeliveryState::Resent => "已经重新推送",
            DeliveryState::Exported => "已经导出",
        }
    }

    /// The state with this key.
    pub fn parse(key: &str) -> Option<DeliveryState> {
        Self::ALL.into_iter().find(|s| s.key() == key)
    }
}

/// What a delivery says.
#[derive(Debug, Clone)]
pub enum Told {
    /// The item as everybody reads it now.
    Public(Box<PublicDocument>),
    /// It cannot be read any more.
    Withdrawn {
        /// Since when, if it was taken down.
        on: Option<Date>,
        /// What the office says of it to everybody; may be empty.
        told: String,
    },
}

/// A delivery that is to be sent now.
#[derive(Debug, Clone)]
pub struct Outgoing {
    /// Its id.
    pub id: Uuid,
    /// The document.
    pub document: Uuid,
    /// Where it goes.
    pub address: String,
    /// What is told.
    pub what: What,
    /// What it says.
    pub told: Told,
    pub(super) secret: Secret,
    /// The last entry of the journal it is about.
    pub(super) seq: i64,
    /// How often it was tried, this time included.
    pub(super) tries: i64,
    /// Digest of what the channel has.
    pub(super) last: Option<String>,
}

#[derive(Clone)]
pub(super) struct Secret(pub(super) String);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("…")
    }
}

impl Outgoing {
    /// The signature of a body that is sent at this second since 1970: HMAC-SHA256 with the channel's secret over the second,
    /// a full stop and the body, in hexadecimal.
    pub fn signature(&self, second: i64, body: &[u8]) -> Result<String> {
        let mac = Hmac::<Sha256>::new_from_slice(self.secret.0.as_bytes());
        let mut mac = mac.map_err(|e| Error::Internal(e.to_string()))?;
        mac.update(second.to_string().as_bytes());
        mac.update(b".");
        mac.update(body);
        Ok(super::hex(&mac.finalize().into_bytes()))
    }

    /// Whether the channel has what this digest stands for already, and would learn nothing.
    pub fn says_nothing_new(&self, digest: &str) -> bool {
        self.what == What::Changed && self.last.as_deref() == Some(digest)
    }
}

/// A delivery as it is listed.
#[derive(Debug, Clone)]
pub struct Sent {
    /// Its row.
    pub row: DeliveryRow,
    /// 标题 of the document, as it is now.
    pub title: String,
    /// Name of the channel.
    pub channel: String,
}

/// Where a document went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Whereabout {
    /// Name of the channel.
    pub channel: String,
    /// What was told; empty before anything was, and for what a person published there.
    pub what: &'static str,
    /// When.
    pub on: Date,
    /// How it stands; none for what a person published there.
    pub state: Option<DeliveryState>,
    /// Why it failed, if it did.
    pub failed: Option<String>,
    /// Where it stands there, if that is known.
    pub url: Option<String>,
}
