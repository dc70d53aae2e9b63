//! Reply addresses: `local+token@domain`, where the token names a request and proves that this store gave it out.
//!
//! The token holds the id of the request and eighty bits of a keyed digest. An address stays good while the request is
//! open and for a year after, because reconsideration and litigation end within that time.

use super::super::Service;
use crate::mail::is_address;
use crate::vault::Vault;
use law::docket::message::Stray;
use store::{Region, Tx};
use uuid::Uuid;

/// Days after its end for which mail still lands on a request.
const GOOD_FOR: i64 = 366;
/// Places of a token: letters and digits of base 32 (RFC 4648) in lower case, because mail servers do not keep the case.
const PLACES: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
/// Places for the 128 bits of an id, and for the 80 bits of the digest.
const ID_PLACES: usize = 26;
const MAC_PLACES: usize = 16;
/// Bytes that may stand before the `@` (RFC 5321, 4.5.3.1.1).
const LONGEST_LOCAL: usize = 64;

/// Whose inbox it is, and under which address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inbox {
    /// Code or id of the unit that looks after it.
    pub unit: String,
    /// Whether letters can be sent to people outside: whether there is a mail server.
    pub answers: bool,
    local: String,
    domain: String,
}

impl Inbox {
    /// An inbox at this address; `None` if that is no address, or too long for reply addresses to be made of it.
    pub fn new(unit: &str, address: &str, answers: bool) -> Option<Inbox> {
        let address = address.trim().to_ascii_lowercase();
        let (local, domain) = address.split_once('@').filter(|_| is_address(&address))?;
        let room = local.len() + 1 + ID_PLACES + 1 + MAC_PLACES <= LONGEST_LOCAL;
        let plain = !local.contains('+') && room;
        plain.then(|| Inbox { unit: unit.to_owned(), answers, local: local.into(), domain: domain.into() })
    }

    /// The token in an address of this inbox; `Some(None)` for the address itself, `None` for any other.
    fn token<'a>(&self, address: &'a str) -> Option<Option<&'a str>> {
        let (local, domain) = address.split_once('@')?;
        if !domain.eq_ignore_ascii_case(&self.domain) {
            return None;
        }
        let (local, token) = match local.split_once('+') {
            Some((local, token)) => (local, Some(token)),
            None => (local, None),
        };
        local.eq_ignore_ascii_case(&self.local).then_some(token)
    }

    /// Whether this is an address of the inbox itself: what it sends is nothing to answer.
    pub(super) fn is_own(&self, address: &str) -> bool {
        self.token(address).is_some()
    }

    /// The address that leads to a request.
    pub(super) fn reply_address(&self, vault: &Vault, request: Uuid) -> String {
        let mac = vault.reply_mac(request).iter().fold(0, |n: u128, b| n << 8 | u128::from(*b));
        let (id, mac) = (places(request.as_u128(), ID_PLACES), places(mac, MAC_PLACES));
        format!("{}+{id}.{mac}@{}", self.local, self.domain)
    }
}

/// A number in so many places.
fn places(number: u128, count: usize) -> String {
    let place = |n: usize| char::from(PLACES[usize::try_from(number >> (5 * n) & 31).unwrap_or_default()]);
    (0..count).rev().map(place).collect()
}

/// The number that stands in so many places; none if anything else does.
fn number(text: &str, count: usize) -> Option<u128> {
    if text.len() != count {
        return None;
    }
    text.bytes().try_fold(0_u128, |n, b| {
        let place = PLACES.iter().position(|p| *p == b.to_ascii_lowercase())?;
        n.checked_mul(32)?.checked_add(place as u128)
    })
}

/// The request that a token names, if this store gave it out.
fn request_of(vault: &Vault, token: &str) -> Option<Uuid> {
    let (id, mac) = token.split_once('.')?;
    let request = Uuid::from_u128(number(id, ID_PLACES)?);
    let mac = number(mac, MAC_PLACES)?.to_be_bytes();
    vault.is_reply_mac(request, &mac[6..]).then_some(request)
}

/// Where a message belongs.
pub(super) type Route = Result<Uuid, Stray>;

/// The request that one of these addresses leads to, or one of the letters of ours that it answers.
pub(super) async fn route(
    tx: &mut Tx,
    of: (Region, &Vault, &Inbox),
    recipients: &[String],
    answered: &[Uuid],
    today: jiff::civil::Date,
) -> store::Result<Route> {
    let (region, vault, inbox) = of;
    let tokens: Vec<&str> = recipients.iter().filter_map(|a| inbox.token(a).flatten()).collect();
    let mut named: Vec<Option<Uuid>> = tokens.iter().map(|t| request_of(vault, t)).collect();
    if named.is_empty() {
        // A mail server that cuts off what follows the plus sign leaves the thread: ids of our letters cannot be guessed.
        for id in answered {
            named.extend(tx.reply(region, *id).await?.and_then(|r| r.request).map(Some));
        }
    }
    let mut stray = Stray::Unaddressed;
    for request in named {
        let row = match request {
            Some(id) => tx.request(region, id).await?,
            None => None,
        };
        let Some(row) = row else {
            stray = if stray == Stray::Unaddressed { Stray::Forged } else { stray };
            continue;
        };
        let ends = row.finished_on.and_then(|on| on.checked_add(jiff::Span::new().days(GOOD_FOR)).ok());
        if ends.is_none_or(|last| today <= last) {
            return Ok(Ok(row.id));
        }
        stray = Stray::Expired;
    }
    Ok(Err(stray))
}

impl Service {
    /// With an inbox for electronic mail.
    #[must_use]
    pub fn with_inbox(mut self, inbox: Inbox) -> Self {
        self.inbox = Some(std::sync::Arc::new(inbox));
        self
    }

    /// Whether there is an inbox.
    pub fn has_inbox(&self) -> bool {
        self.inbox.is_some()
    }

    /// The address under which mail lands on a request; none without an inbox.
    pub fn reply_address(&self, request: Uuid) -> Option<String> {
        self.inbox.as_ref().map(|inbox| inbox.reply_address(&self.vault, request))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn inbox() -> Inbox {
        Inbox::new("1", "XXGK@gk.example.gov.cn", true).unwrap()
    }

    #[test]
    fn an_address_leads_to_its_request_in_whatever_case() {
        let vault = Vault::new(&[1; 16]);
        for id in [Uuid::nil(), Uuid::max(), Uuid::from_u128(0x0190_1234_5678_7abc_8def_0123_4567_89ab)] {
            let address = inbox().reply_address(&vault, id);
            assert!(is_address(&address) && address.split('@').next().unwrap().len() <= 64, "{address}");
            for address in [address.clone(), address.to_uppercase()] {
                let token = inbox().token(&address).unwrap().map(str::to_owned).unwrap();
                assert_eq!(request_of(&vault, &token), Some(id));
                assert_eq!(request_of(&Vault::new(&[2; 16]), &token), None, "another key");
            }
        }
    }

    #[test]
    fn a_changed_token_leads_nowhere() {
        let vault = Vault::new(&[1; 16]);
        let address = inbox().reply_address(&vault, Uuid::from_u128(7));
        let token = inbox().token(&address).unwrap().unwrap().to_owned();
        for at in (0..token.len()).filter(|n| token.as_bytes()[*n] != b'.') {
            let mut changed = token.clone().into_bytes();
            changed[at] = if changed[at] == b'a' { b'b' } else { b'a' };
            let changed = String::from_utf8(changed).unwrap();
            if changed != token {
                assert_eq!(request_of(&vault, &changed), None, "{changed}");
            }
        }
        for bad in ["", ".", "a.b", "样本.样本", &token[..token.len() - 1], &format!("{token}a")] {
            assert_eq!(request_of(&vault, bad), None, "{bad}");
        }
    }

    #[test]
    fn the_inbox_knows_its_own_addresses() {
        let inbox = inbox();
        assert!(inbox.is_own("xxgk@gk.example.gov.cn") && inbox.is_own("XXGK+any@GK.example.gov.cn"));
        for other in ["xxgk@example.gov.cn", "xxgk2@gk.example.gov.cn", "xxgk", ""] {
            assert!(!inbox.is_own(other), "{other}");
        }
        for bad in ["", "no-host", "a+b@gk.example.gov.cn", "a-local-part-that-is-far-too-long@example.cn"] {
            assert_eq!(Inbox::new("1", bad, true), None, "{bad}");
        }
    }
}
