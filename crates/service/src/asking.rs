//! Asking without an account (条例 arts. 27–29): submit requests through the portal, find them again by a query code
//! (查询码) and a second proof, answer what the agency asks, and withdraw.
//!
//! Nobody is refused for want of an account, a purpose or an interest: whoever fills in what article 29 asks for is
//! served. A request by the internet is received when both sides have confirmed (art. 31); until then it stands on the
//! desk as a task of the same day.
//!
//! | matter | module |
//! |---|---|
//! | the form and what is missing in it | `form` |
//! | save and return | `draft` |
//! | finding the agency | `find` |
//! | published items like what is asked for | `suggest` |
//! | query code and second proof | `proof` |
//! | progress and withdrawal | `own` |
//! | correction, reasons, confirmation by the applicant | `answer` |

mod answer;
mod draft;
mod find;
mod form;
mod own;
mod proof;
mod suggest;

pub(crate) use answer::submitted;
pub use answer::{Submission, SubmissionKind};
pub use draft::{Draft, Saved};
use form::Wish;
pub(crate) use form::code;
pub use form::{Asking, Matter, ORGANISATION_PAPERS, PERSON_PAPERS, field_of};
pub use own::{FeeAsked, Progress, ProgressLine};
pub use proof::{LOCKED_CODE, Second};
pub(crate) use suggest::SuggestionIndex;
pub use suggest::{MOST_SUGGESTED, Noted, Place, Suggestion};

use crate::context::Context;
use crate::error::{Error, Result};
use crate::file::Kept;
use crate::register::Work;
use crate::request::NewRequest;
use crate::unit::profile_of;
use crate::vault::Person;
use crate::{Actor, Service};
use jiff::civil::Date;
use law::Refusal;
use law::docket::unit::Profile;
use law::receipt::Channel;
use proof::{digest, grouped, no_such_request};
use store::{QueryCodeRow, UnitRow};
use uuid::Uuid;

/// How much the portal takes; settings of the house.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Requests that one form may become.
    pub matters: usize,
    /// Days a draft is kept.
    pub draft_days: u16,
    /// Days for which a draft is put to the public at least where no national text sets a number; 0 for none.
    pub consultation_days: u16,
    /// Days after the end of a consultation after which its outcome is owed.
    pub outcome_days: u16,
}

impl Default for Limits {
    fn default() -> Self {
        // No text read here says by when an outcome is told; thirty days are as long as the public had.
        Limits { matters: 10, draft_days: 30, consultation_days: 0, outcome_days: 30 }
    }
}

/// Code of the refusal that tells of an open request of the same content. It is said once, and refuses nothing.
pub const AGAIN_CODE: &str = "asking-again";
/// How like two descriptions of the same applicant are before the applicant is asked: four fifths in common.
const ALIKE: f32 = 0.8;

/// The answer to a submission: one request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// Docket id.
    pub id: Uuid,
    /// Query code, as it is shown.
    pub code: String,
    /// The agency asked.
    pub unit: String,
    /// What is wanted.
    pub subject: String,
    /// Day of submission.
    pub arrived_on: Date,
    /// How to reach the agency (条例第十二条).
    pub profile: Profile,
}

impl Service {
    /// Takes what anybody asks for: each matter becomes a request of its own with each agency asked (一事一申请), all in
    /// one transaction, in the order of the form. Nothing is asked about who they are in the system (art. 27).
    ///
    /// # Errors
    /// [`Error::Refused`] with everything that is missing at once; with [`AGAIN_CODE`] if the same applicant has an open
    /// request of the same content and did not say that this one is sent all the same.
    pub async fn ask(&self, mut ctx: Context, asking: Asking) -> Result<Vec<Asked>> {
        let today = ctx.today();
        // The applicant acts, whoever is signed in at the same browser.
        ctx.actor = Actor::Anonymous;
        let missing = asking.missing(today, self.limits.matters);
        if !missing.is_empty() {
            return Err(Error::Refused(missing));
        }
        let ids: Vec<Uuid> = asking.wishes().iter().map(|_| ctx.new_id()).collect();
        let kept = self.keep_for_each(&mut ctx, &asking).await?;
        let ids = self
            .verb(ctx, "ask", move |mut work| {
                Box::pin(async move {
                    work.must_be_askable(&asking, today).await?;
                    for ((id, wish), files) in ids.iter().zip(asking.wishes()).zip(kept) {
                        work.take(*id, &asking, wish).await?;
                        for file in files {
                            work.add_file(*id, file).await?;
                        }
                    }
                    if let Some(draft) = asking.draft.as_deref().and_then(draft::draft_digest) {
                        work.tx.delete_draft(work.region, &draft).await?;
                    }
                    Ok(ids)
                })
            })
            .await?;
        let mut tx = self.look().await?;
        let mut asked = Vec::new();
        for id in ids {
            // As it was taken: a form sent again after midnight gets the receipt of the day before.
            let row = tx.request(self.region, id).await?.ok_or_else(no_such_request)?;
            let unit = tx.unit(self.region, row.addressee).await?.map(|u| u.name).unwrap_or_default();
            let code = grouped(&self.vault.query_code(id));
            let profile = profile_of(&mut tx, self.region, row.addressee).await?;
            asked.push(Asked { id, code, unit, subject: row.subject, arrived_on: row.arrived_on, profile });
        }
        Ok(asked)
    }

    /// The files of a form, kept once for each of its requests: each is sealed for itself.
    async fn keep_for_each(&self, ctx: &mut Context, asking: &Asking) -> Result<Vec<Vec<Kept>>> {
        let bytes: u64 = asking.files.iter().map(|f| f.size).sum();
        let requests = asking.wishes().len();
        let all = bytes.saturating_mul(requests as u64);
        if all > self.file_limits().bytes {
            let text = "附件过大，不能同时用于各项申请，请压缩附件或者分开提交";
            return Err(Error::refused("file-too-much", text, ""));
        }
        let mut kept = Vec::with_capacity(requests);
        for _ in 0..requests {
            let mut own = Vec::with_capacity(asking.files.len());
            for file in &asking.files {
                own.push(self.adopt(ctx, file).await?);
            }
            kept.push(own);
        }
        Ok(kept)
    }

    /// How much the portal takes.
    pub fn limits(&self) -> Limits {
        self.limits
    }

    /// The service with other limits.
    pub fn with_limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }
}

impl Work<'_> {
    /// Every agency can be asked, and the applicant knows of an open request of the same content.
    async fn must_be_askable(&mut self, asking: &Asking, today: Date) -> Result<()> {
        let mut refusals = Vec::new();
        let mut alike = Vec::new();
        for wish in asking.wishes() {
            let unit = self.tx.unit(self.region, wish.agency).await?;
            if !unit.is_some_and(|u| in_operation(&u, today)) {
                let code = code(&wish.chosen_by(asking));
                if refusals.iter().all(|r: &Refusal| r.code != code) {
                    refusals.push(Refusal::new(&code, "请选择受理机关", "条例第二十七条"));
                }
            } else if !asking.again && self.is_open_already(wish, &asking.person).await? {
                alike.push(wish.matter.to_string());
            }
        }
        alike.dedup();
        if refusals.is_empty() && !alike.is_empty() {
            let which = if asking.matters.len() == 1 {
                "这项内容".to_owned()
            } else {
                format!("第{}项内容", alike.join("、"))
            };
            let text = format!(
                "您已有一份内容相近的申请正在由同一机关办理，可以用查询码查询进度；仍要提交{which}的，请勾选“仍要提交”后再次提交"
            );
            refusals.push(Refusal::new(AGAIN_CODE, text, ""));
        }
        if refusals.is_empty() { Ok(()) } else { Err(Error::Refused(refusals)) }
    }

    /// Whether the same applicant has an open request of nearly the same words with the same agency.
    async fn is_open_already(&mut self, wish: Wish<'_>, person: &Person) -> Result<bool> {
        let Some(digest) = self.vault.applicant_digest(person) else { return Ok(false) };
        for row in self.requests_of(&digest).await? {
            let open = row.finished_on.is_none() && row.addressee == wish.agency;
            if open && search::likeness(&row.subject, wish.subject) >= ALIKE {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Takes one request of a form.
    async fn take(&mut self, id: Uuid, asking: &Asking, wish: Wish<'_>) -> Result<()> {
        let today = self.ctx.today();
        let new = NewRequest {
            arrived_on: today,
            channel: Channel::Internet,
            addressee: wish.agency,
            counted_by: wish.agency,
            class: asking.class,
            subject: wish.subject.to_owned(),
            person: Some(asking.person.clone()),
            wanted: asking.wanted.clone(),
            confirmed_on: None,
        };
        self.receive(id, new).await?;
        let code = QueryCodeRow {
            digest: digest(&self.vault.query_code(id)),
            request: id,
            second: asking.second.key().to_owned(),
            failed: 0,
            locked_until: None,
        };
        self.tx.put_query_code(self.region, &code).await?;
        let noted = if asking.suggested { Noted::Asked } else { Noted::AskedUnsuggested };
        self.tx.count_suggestion(self.region, wish.agency, today, noted.key()).await?;
        Ok(())
    }
}

fn in_operation(unit: &UnitRow, today: Date) -> bool {
    unit.valid_from <= today && unit.valid_to.is_none_or(|to| to >= today)
}
