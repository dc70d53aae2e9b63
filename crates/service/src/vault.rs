//! Personal data at rest: SM4 in Galois/counter mode, one key per store, one record per person and subject.
//!
//! The journal holds only the record's id, so the record can be erased lawfully while the chain stays verifiable.

use crate::error::{Error, Result};
use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{AesGcm, Nonce};
use hmac::{Hmac, Mac};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sm3::Sm3;
use uuid::Uuid;

type Sm4Gcm = AesGcm<sm4::Sm4, aes_gcm::aead::consts::U12>;

/// Places of a query code: digits and letters that nobody takes for each other.
const CODE_PLACES: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
/// Places in a query code.
pub const CODE_LENGTH: usize = 12;

/// The key of a store: 16 bytes.
#[derive(Clone)]
pub struct Vault {
    cipher: Sm4Gcm,
    mac: Hmac<Sm3>,
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Vault(…)")
    }
}

/// What is kept about an applicant (条例 art. 29).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Person {
    /// 姓名或者名称
    pub name: String,
    /// 证件名称
    pub id_kind: String,
    /// 证件号码
    pub id_number: String,
    /// 联系人
    pub contact: String,
    /// 联系电话
    pub phone: String,
    /// 联系地址
    pub address: String,
    /// 邮政编码
    pub postcode: String,
    /// 电子邮箱
    pub email: String,
    /// 传真
    pub fax: String,
    /// 代理人姓名; empty where the applicant acts in person.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub agent_name: String,
    /// 代理人证件名称
    #[serde(skip_serializing_if = "String::is_empty")]
    pub agent_id_kind: String,
    /// 代理人证件号码
    #[serde(skip_serializing_if = "String::is_empty")]
    pub agent_id_number: String,
    /// 代理人联系电话
    #[serde(skip_serializing_if = "String::is_empty")]
    pub agent_phone: String,
}

impl Person {
    /// The name as shown to those who may not see it: the first character and stars.
    pub fn masked_name(&self) -> String {
        let mut chars = self.name.chars();
        match chars.next() {
            Some(first) => std::iter::once(first).chain(chars.map(|_| '*').take(3)).collect(),
            None => String::new(),
        }
    }
}

impl Person {
    /// What those may see who may not see the person.
    pub fn masked(&self) -> Person {
        let hidden = |text: &String| masked(text);
        Person {
            name: self.masked_name(),
            id_kind: self.id_kind.clone(),
            id_number: hidden(&self.id_number),
            contact: hidden(&self.contact),
            phone: hidden(&self.phone),
            address: hidden(&self.address),
            postcode: hidden(&self.postcode),
            email: hidden(&self.email),
            fax: hidden(&self.fax),
            agent_name: hidden(&self.agent_name),
            agent_id_kind: self.agent_id_kind.clone(),
            agent_id_number: hidden(&self.agent_id_number),
            agent_phone: hidden(&self.agent_phone),
        }
    }
}

/// The first sign and the last two of a long text; stars between.
pub(crate) fn masked(text: &str) -> String {
    let signs: Vec<char> = text.chars().collect();
    match signs.len() {
        0 => String::new(),
        n @ 1..=4 => "*".repeat(n),
        n => {
            let (head, tail): (String, String) =
                (signs[..1].iter().collect(), signs[n - 2..].iter().collect());
            format!("{head}{}{tail}", "*".repeat(n - 3))
        }
    }
}

impl Vault {
    /// From the key of the store.
    pub fn new(key: &[u8; 16]) -> Self {
        // A key shorter than a block is filled up with zeros (RFC 2104).
        let mut block = [0; 64];
        block[..key.len()].copy_from_slice(key);
        Vault { cipher: Sm4Gcm::new(&(*key).into()), mac: Hmac::new(&block.into()) }
    }

    /// The query code (查询码) of a request: sixty bits that only the holder of the key can make. Always the same for
    /// the same request, so it need not be kept.
    pub fn query_code(&self, request: Uuid) -> String {
        let mut mac = self.mac.clone();
        mac.update(b"gongkai/query-code/1");
        mac.update(request.as_bytes());
        let bytes = mac.finalize().into_bytes();
        let places = bytes.iter().map(|b| char::from(CODE_PLACES[usize::from(*b) % CODE_PLACES.len()]));
        places.take(CODE_LENGTH).collect()
    }

    /// Seals a record. `nonce` must never be used twice.
    pub fn seal(&self, id: Uuid, nonce: [u8; 12], person: &Person) -> Result<Vec<u8>> {
        self.seal_value(id.as_bytes(), nonce, person)
    }

    /// Opens a record. Fails if it was changed, moved to another id, or sealed with another key.
    pub fn open(&self, id: Uuid, nonce: &[u8], sealed: &[u8]) -> Result<Person> {
        self.open_value(id.as_bytes(), nonce, sealed)
    }

    /// Seals the content of a file: the nonce, then the ciphertext. `nonce` must never be used twice.
    pub(crate) fn seal_content(&self, file: Uuid, nonce: [u8; 12], content: &[u8]) -> Result<Vec<u8>> {
        let payload = Payload { msg: content, aad: file.as_bytes() };
        let sealed = self.cipher.encrypt(&Nonce::from(nonce), payload);
        let mut sealed = sealed.map_err(|e| Error::Internal(e.to_string()))?;
        sealed.splice(..0, nonce);
        Ok(sealed)
    }

    /// Opens the content of a file. Fails if it was changed, moved to another file, or sealed with another key.
    pub(crate) fn open_content(&self, file: Uuid, sealed: &[u8]) -> Result<Vec<u8>> {
        let unreadable = || {
            Error::Internal(format!("the content of file {file} cannot be opened with the key of this store"))
        };
        let (nonce, sealed) = sealed.split_first_chunk::<12>().ok_or_else(unreadable)?;
        let payload = Payload { msg: sealed, aad: file.as_bytes() };
        self.cipher.decrypt(&Nonce::from(*nonce), payload).map_err(|_| unreadable())
    }

    /// Seals any value in its place, which `place` names. `nonce` must never be used twice.
    pub fn seal_value<T: Serialize>(&self, place: &[u8], nonce: [u8; 12], value: &T) -> Result<Vec<u8>> {
        let plain = serde_json::to_vec(value).map_err(|e| Error::Internal(e.to_string()))?;
        let payload = Payload { msg: &plain, aad: place };
        self.cipher.encrypt(&Nonce::from(nonce), payload).map_err(|e| Error::Internal(e.to_string()))
    }

    /// Opens what was sealed in this place. Fails if it was changed, moved, or sealed with another key.
    pub fn open_value<T: DeserializeOwned>(&self, place: &[u8], nonce: &[u8], sealed: &[u8]) -> Result<T> {
        let unreadable =
            || Error::Internal("a sealed record cannot be opened with the key of this store".into());
        let nonce: [u8; 12] = nonce.try_into().map_err(|_| unreadable())?;
        let payload = Payload { msg: sealed, aad: place };
        let plain = self.cipher.decrypt(&Nonce::from(nonce), payload).map_err(|_| unreadable())?;
        serde_json::from_slice(&plain).map_err(|_| unreadable())
    }

    /// Whose paper it is, as a digest that only the holder of the key can make: the same number of the same kind, however
    /// it was typed. None where no number is known (条例: the same applicant is known by the number, not by the name).
    pub fn applicant_digest(&self, person: &Person) -> Option<String> {
        let signs = |text: &str| -> String {
            text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect()
        };
        let number = signs(&person.id_number);
        if number.chars().count() < 4 {
            return None;
        }
        let mut mac = self.mac.clone();
        mac.update(b"gongkai/applicant/1");
        mac.update(signs(&person.id_kind).as_bytes());
        mac.update(b"/");
        mac.update(number.as_bytes());
        Some(mac.finalize().into_bytes().iter().map(|b| format!("{b:02x}")).collect())
    }

    /// What proves that this store gave out the reply address of a request: eighty bits.
    pub(crate) fn reply_mac(&self, request: Uuid) -> [u8; 10] {
        let mut short = [0; 10];
        short.copy_from_slice(&self.reply_digest(request).finalize().into_bytes()[..10]);
        short
    }

    /// Whether these are the bytes of [`Vault::reply_mac`]; takes the same time whichever of them differs.
    pub(crate) fn is_reply_mac(&self, request: Uuid, given: &[u8]) -> bool {
        given.len() == 10 && self.reply_digest(request).verify_truncated_left(given).is_ok()
    }

    fn reply_digest(&self, request: Uuid) -> Hmac<Sm3> {
        let mut mac = self.mac.clone();
        mac.update(b"gongkai/reply-address/1");
        mac.update(request.as_bytes());
        mac
    }

    /// What proves that this store gave out the link of a subscription: eighty bits, in hexadecimal.
    pub(crate) fn subscription_proof(&self, id: Uuid) -> String {
        let bytes = self.subscription_digest(id).finalize().into_bytes();
        bytes.iter().take(10).map(|b| format!("{b:02x}")).collect()
    }

    /// Whether this is [`Vault::subscription_proof`]; takes the same time whichever of its digits differs.
    pub(crate) fn is_subscription_proof(&self, id: Uuid, given: &str) -> bool {
        let pair = |n: usize| given.get(2 * n..2 * n + 2).and_then(|d| u8::from_str_radix(d, 16).ok());
        let bytes: Option<Vec<u8>> = (0..10).map(pair).collect();
        given.len() == 20
            && bytes.is_some_and(|b| self.subscription_digest(id).verify_truncated_left(&b).is_ok())
    }

    fn subscription_digest(&self, id: Uuid) -> Hmac<Sm3> {
        let mut mac = self.mac.clone();
        mac.update(b"gongkai/subscription/1");
        mac.update(id.as_bytes());
        mac
    }

    /// Who follows a search, as a digest that only the holder of the key can make; another one than that of a sender, so that
    /// nobody who sees both tables learns that they are the same.
    pub(crate) fn follower_digest(&self, address: &str) -> String {
        let mut mac = self.mac.clone();
        mac.update(b"gongkai/follower/1");
        mac.update(address.trim().to_lowercase().as_bytes());
        mac.finalize().into_bytes().iter().map(|b| format!("{b:02x}")).collect()
    }

    /// Who sent a message, as a digest that only the holder of the key can make, however the address was spelled.
    pub(crate) fn sender_digest(&self, address: &str) -> String {
        let mut mac = self.mac.clone();
        mac.update(b"gongkai/sender/1");
        mac.update(address.trim().to_lowercase().as_bytes());
        mac.finalize().into_bytes().iter().map(|b| format!("{b:02x}")).collect()
    }

    /// Words that were found in a document, as a digest that only the holder of the key can make: a telephone number has too
    /// few digits to be hidden by a digest that anybody can make.
    pub(crate) fn finding_digest(&self, parts: [&str; 3]) -> String {
        let mut mac = self.mac.clone();
        mac.update(b"gongkai/finding/1");
        for part in parts {
            mac.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            mac.update(part.as_bytes());
        }
        mac.finalize().into_bytes().iter().map(|b| format!("{b:02x}")).collect()
    }

    /// A code of `length` places from random bytes, five bits a place: digits and letters that nobody takes for each
    /// other. At most 32 places.
    pub fn code_of(bytes: [u8; 32], length: usize) -> String {
        let place = |b: &u8| char::from(CODE_PLACES[usize::from(*b) % CODE_PLACES.len()]);
        bytes.iter().take(length).map(place).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_masked_but_their_ends() {
        assert_eq!(masked("11010519491231002X"), "1***************2X");
        assert_eq!([masked(""), masked("1234"), masked("12345")], ["", "****", "1**45"]);
    }

    #[test]
    fn a_sealed_record_opens_only_whole_and_in_its_place() {
        let vault = Vault::new(&[1; 16]);
        let id = Uuid::from_u128(1);
        let person = Person { name: "样本甲".into(), phone: "000".into(), ..Person::default() };
        let mut sealed = vault.seal(id, [2; 12], &person).unwrap();
        assert!(!String::from_utf8_lossy(&sealed).contains("样本甲"));
        assert_eq!(vault.open(id, &[2; 12], &sealed).unwrap(), person);
        assert!(vault.open(Uuid::from_u128(2), &[2; 12], &sealed).is_err());
        assert!(Vault::new(&[3; 16]).open(id, &[2; 12], &sealed).is_err());
        sealed[0] ^= 1;
        assert!(vault.open(id, &[2; 12], &sealed).is_err());
    }

    #[test]
    fn a_content_opens_only_whole_and_as_its_own_file() {
        let vault = Vault::new(&[1; 16]);
        let id = Uuid::from_u128(1);
        let mut sealed = vault.seal_content(id, [2; 12], "样本内容".as_bytes()).unwrap();
        assert_eq!(vault.open_content(id, &sealed).unwrap(), "样本内容".as_bytes());
        assert!(vault.open_content(Uuid::from_u128(2), &sealed).is_err());
        assert!(vault.open_content(id, &sealed[..11]).is_err());
        sealed[20] ^= 1;
        assert!(vault.open_content(id, &sealed).is_err());
    }

    #[test]
    fn a_query_code_is_that_of_one_request_and_one_store() {
        let [one, other] = [Vault::new(&[1; 16]), Vault::new(&[2; 16])];
        let [a, b] = [Uuid::from_u128(1), Uuid::from_u128(2)];
        assert_eq!(one.query_code(a), one.query_code(a));
        assert_ne!(one.query_code(a), one.query_code(b));
        assert_ne!(one.query_code(a), other.query_code(a));
        assert_eq!(one.query_code(a).len(), CODE_LENGTH);
        // Computed independently (`openssl dgst -sm3 -mac HMAC`) from the documentation.
        assert_eq!(one.query_code(a), "AZNEYB244E9G");
    }

    #[test]
    fn names_are_masked_after_the_first_character() {
        let person = Person { name: "欧阳样本".into(), ..Person::default() };
        assert_eq!(person.masked_name(), "欧***");
    }
}
