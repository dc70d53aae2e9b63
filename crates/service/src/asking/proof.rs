//! The query code (查询码) and its second proof: how an applicant without an account opens the own request.

use crate::context::Context;
use crate::error::{Error, Result};
use crate::request::Requests;
use crate::vault::{CODE_LENGTH, Person, Vault};
use crate::{Register, Service};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use sm3::{Digest, Sm3};
use store::{PersonalRow, QueryCodeRow, Region, Tx};
use uuid::Uuid;

/// Wrong proofs before a code is locked.
const ATTEMPTS: i64 = 10;
/// How long it is locked.
const LOCKED: SignedDuration = SignedDuration::from_hours(1);

/// What is asked for besides the query code: the applicant chooses when submitting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Second {
    /// 证件号码后四位
    IdNumber,
    /// 联系电话后四位
    Phone,
}

impl Second {
    /// All proofs, in the order of the form.
    pub const ALL: [Second; 2] = [Second::IdNumber, Second::Phone];

    /// Stored key.
    pub fn key(self) -> &'static str {
        match self {
            Second::IdNumber => "id-number",
            Second::Phone => "phone",
        }
    }

    /// Label on the form.
    pub fn label(self) -> &'static str {
        match self {
            Second::IdNumber => "证件号码后四位",
            Second::Phone => "联系电话后四位",
        }
    }

    /// The proof with this key.
    pub fn parse(key: &str) -> Option<Second> {
        Self::ALL.into_iter().find(|s| s.key() == key)
    }

    /// What the applicant has to state: the last four letters or digits.
    pub(super) fn of(self, person: &Person) -> Option<String> {
        let text = match self {
            Second::IdNumber => &person.id_number,
            Second::Phone => &person.phone,
        };
        let signs: Vec<char> = text.chars().filter(|c| c.is_alphanumeric()).collect();
        let last = signs.get(signs.len().checked_sub(4)?..)?;
        Some(last.iter().collect::<String>().to_uppercase())
    }
}

/// A code as people type it, in its one spelling; `None` if it cannot be one.
pub(super) fn spelled(code: &str, length: usize) -> Option<String> {
    // Whatever is typed has at most so many signs worth looking at.
    let code: String = code.chars().take(100).filter(char::is_ascii_alphanumeric).collect();
    Some(code.to_ascii_uppercase()).filter(|c| c.len() == length)
}

/// A code as it is shown: in groups of four.
pub(super) fn grouped(code: &str) -> String {
    let signs: Vec<char> = code.chars().collect();
    signs.chunks(4).map(|c| c.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}

pub(super) fn digest(code: &str) -> String {
    Sm3::digest(code.as_bytes()).iter().map(|b| format!("{b:02x}")).collect()
}

/// The one answer to a wrong code and to a wrong proof: it tells nobody which of them is right.
pub(super) fn no_such_request() -> Error {
    Error::NotFound("没有找到与查询码和验证信息相符的申请，请核对回执后重新填写".into())
}

fn locked() -> Error {
    Error::refused(LOCKED_CODE, "验证信息多次填写有误，请一小时后再试，或者联系受理机关查询", "")
}

/// Code of the refusal of a locked query code.
pub const LOCKED_CODE: &str = "query-locked";

/// What an attempt came to.
#[derive(Serialize, Deserialize)]
enum Attempt {
    Right(Uuid),
    Wrong,
    Locked,
}

/// Judges a code and its proof as of `at`; the row comes back if the attempt changes it.
async fn judge(
    tx: &mut Tx,
    service: (Region, &Vault),
    at: Timestamp,
    (code, proof): (&str, &str),
) -> Result<(Attempt, Option<QueryCodeRow>)> {
    let (region, vault) = service;
    let Some(code) = spelled(code, CODE_LENGTH) else { return Ok((Attempt::Wrong, None)) };
    let Some(mut row) = tx.query_code(region, &digest(&code)).await? else {
        return Ok((Attempt::Wrong, None));
    };
    if row.locked_until.is_some_and(|until| until > at) {
        return Ok((Attempt::Locked, None));
    }
    let given: String = proof.chars().filter(|c| c.is_alphanumeric()).collect();
    let expected = expected(tx, region, vault, &row).await?;
    if expected.is_some_and(|e| e == given.to_uppercase()) {
        let changed = row.failed > 0 || row.locked_until.is_some();
        (row.failed, row.locked_until) = (0, None);
        return Ok((Attempt::Right(row.request), changed.then_some(row)));
    }
    row.failed += 1;
    row.locked_until = (row.failed >= ATTEMPTS).then(|| at.checked_add(LOCKED).unwrap_or(at));
    if row.locked_until.is_some() {
        row.failed = 0;
        return Ok((Attempt::Locked, Some(row)));
    }
    Ok((Attempt::Wrong, Some(row)))
}

/// What has to be stated besides the code; `None` where it cannot be known any more.
async fn expected(tx: &mut Tx, region: Region, vault: &Vault, row: &QueryCodeRow) -> Result<Option<String>> {
    let Some(second) = Second::parse(&row.second) else { return Ok(None) };
    let sealed = tx.personal_of(region, row.request).await?;
    // The texts of finished letters lie sealed beside the same docket; they are nobody's proof.
    let person = |s: &PersonalRow| s.subject_kind == Requests::KIND && s.erased_at.is_none();
    let Some(sealed) = sealed.into_iter().rfind(person) else { return Ok(None) };
    Ok(second.of(&vault.open(sealed.id, &sealed.nonce, &sealed.sealed)?))
}

impl Service {
    /// The request that a code and its proof open. Nothing is written unless a failure has to be counted or forgotten.
    pub(crate) async fn prove(&self, mut ctx: Context, code: &str, proof: &str) -> Result<Uuid> {
        ctx.key = None;
        let (at, given) = (ctx.at, (code, proof));
        let (mut attempt, changed) =
            judge(&mut self.look().await?, (self.region, &self.vault), at, given).await?;
        if changed.is_some() {
            let (code, proof) = (code.to_owned(), proof.to_owned());
            attempt = self
                .verb(ctx, "prove", move |work| {
                    Box::pin(async move {
                        let of = (work.region, &work.vault);
                        let (attempt, changed) = judge(work.tx, of, at, (&code, &proof)).await?;
                        if let Some(row) = changed {
                            work.tx.put_query_code(work.region, &row).await?;
                        }
                        Ok(attempt)
                    })
                })
                .await?;
        }
        match attempt {
            Attempt::Right(request) => Ok(request),
            Attempt::Wrong => Err(no_such_request()),
            Attempt::Locked => Err(locked()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_as_people_type_it() {
        assert_eq!(spelled(" abcd-efgh jkmn ", 12).as_deref(), Some("ABCDEFGHJKMN"));
        assert_eq!(spelled("ABCD-EFGH", 12), None);
        assert_eq!(grouped("ABCDEFGHJKMN"), "ABCD-EFGH-JKMN");
    }

    #[test]
    fn the_proof_is_the_last_four_signs() {
        let person =
            Person { id_number: "1101 0519 491231 002x".into(), phone: "123".into(), ..Person::default() };
        assert_eq!(Second::IdNumber.of(&person).as_deref(), Some("002X"));
        assert_eq!(Second::Phone.of(&person), None);
    }
}
