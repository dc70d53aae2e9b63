//! Letters (文书) of requests: written from the docket by the unit's template, checked before they are finished, kept as
//! they were finished.
//!
//! A letter can be looked at, marked 审签稿, at any time. Finishing it gives its number, seals its text beside the journal
//! and records the digest in the docket: what was signed is what is printed later, whatever becomes of the template.

mod case_paper;
mod record_correction;
mod release;
mod template;
mod values;

pub use case_paper::{CasePaper, CasePaperView, Printed};
pub use template::{OwnTemplate, TemplateView};

use crate::context::{Context, Permission};
use crate::error::{Error, Result};
use crate::register::{Change, Work, docket, recorded};
use crate::request::Requests;
use crate::unit::id_of;
use crate::vault::Person;
use crate::{Actor, Service};
use law::Refusal;
use law::docket::request::{RequestEvent, Standing, Written};
use law::letter::{Letter, Values};
use paper::letter::{LetterText, OfficialLetter};
use serde::{Deserialize, Serialize};
use sm3::{Digest, Sm3};
use store::PersonalRow;
use uuid::Uuid;

/// Kind of the sealed texts.
const KIND: &str = "letter";

/// A letter of a request: which, and of which consultation or helping unit where there are several (from 1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted {
    /// Which letter.
    pub letter: Letter,
    /// Of which consultation or helping unit; of an answer before a reopening, its place among the finished letters.
    pub n: Option<u32>,
}

/// A letter as it stands.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct LetterView {
    /// What is printed.
    pub paper: OfficialLetter,
    /// What the check before signing finds; empty if it may be finished.
    pub missing: Vec<Refusal>,
    /// The entry by which it was finished; none for a draft.
    pub written: Option<Written>,
}

/// What a letter is made from.
struct Source {
    template: OwnTemplate,
    values: Values,
    /// The day the letter bears, unless it is that of a decision.
    dated: law::Date,
    issuer: String,
}

impl Service {
    /// The letters that can be written now, in the order of the procedure, and the answers before a reopening.
    pub fn letters_of(standing: &Standing) -> Vec<Wanted> {
        values::writable(standing)
    }

    /// The day a letter was finished, and what was recorded then; none while it is a draft.
    pub fn finished_letter(standing: &Standing, wanted: Wanted) -> Option<&(law::Date, Written)> {
        values::finished(standing, wanted)
    }

    /// A letter as it would be finished today, or as it was finished. Whoever sees it sees the applicant's name, so it
    /// needs the permission and is journaled.
    ///
    /// # Errors
    /// [`Error::NotFound`] where the docket gives no such letter.
    pub async fn letter(&self, mut ctx: Context, request: Uuid, wanted: Wanted) -> Result<LetterView> {
        ctx.actor.must(Permission::ReadPersonal)?;
        ctx.key = None;
        self.verb(ctx, "view-letter", move |mut work| {
            Box::pin(async move {
                work.must_reach_docket::<Requests>(request).await?;
                let seen = serde_json::json!({ "type": "letter-viewed", "request": request, "letter": wanted.letter.key() });
                work.note_access(seen).await?;
                work.letter(request, wanted).await
            })
        })
        .await
    }

    /// Finishes a letter: checks it, gives its number, seals its text, records its digest.
    ///
    /// # Errors
    /// Everything the check finds, at once, as [`Error::Refused`].
    pub async fn write_letter(
        &self,
        ctx: Context,
        request: Uuid,
        version: u32,
        wanted: Wanted,
    ) -> Result<u32> {
        ctx.actor.must(Permission::EditRegisters)?;
        self.verb(ctx, "write-letter", move |mut work| {
            Box::pin(async move {
                work.must_reach_docket::<Requests>(request).await?;
                work.finish_letter(request, version, wanted).await
            })
        })
        .await
    }
}

impl Work<'_> {
    async fn letter(&mut self, request: Uuid, wanted: Wanted) -> Result<LetterView> {
        let (standing, source) = self.source(request, wanted).await?;
        if let Some((on, written)) = values::finished(&standing, wanted) {
            let text = self.sealed_text(written).await?;
            let paper = source.paper(text, Some(written.number.clone()), Some(*on), self.ctx.today(), false);
            return Ok(LetterView { paper, missing: Vec::new(), written: Some(written.clone()) });
        }
        let (paper, missing) = source.draft(self.ctx.today())?;
        Ok(LetterView { paper, missing, written: None })
    }

    /// What the check would find if the proposed decision were made and signed on this day.
    pub(crate) async fn decision_gaps(&mut self, request: Uuid, letter: Letter) -> Result<Vec<Refusal>> {
        let (standing, mut source) = self.source(request, Wanted { letter, n: None }).await?;
        let today = self.ctx.today();
        let unit = id_of(&Some(standing.addressee.clone())).unwrap_or_default();
        // Only its form is tried; a unit that has said no 机关代字 numbers its letters by hand.
        let code = Some(self.profile_of(unit).await?.letter_code).filter(|c| !c.is_empty());
        let code = code.unwrap_or_else(|| "公复".to_owned());
        let number = format!("{code}〔{}〕1号", today.year());
        source.values.extend(values::signed(letter, &number, today));
        source.check(number, today, today).map(|(_, missing)| missing)
    }

    /// The notice that is finished along with the decision an officer makes, so that it says what was signed.
    pub(crate) fn letter_to_finish(&self, change: &Change<RequestEvent>) -> Option<Wanted> {
        let officer = matches!(self.ctx.actor, Actor::Officer { .. });
        match &change.event {
            Some(RequestEvent::Decided { decision, .. })
                if officer && change.corrects.is_none() && !decision.needs_no_paper() =>
            {
                Some(Wanted { letter: Letter::Decision(*decision), n: None })
            }
            _ => None,
        }
    }

    pub(crate) async fn finish_letter(&mut self, request: Uuid, version: u32, wanted: Wanted) -> Result<u32> {
        let letter = wanted.letter;
        let today = self.ctx.today();
        let (standing, mut source) = self.source(request, wanted).await?;
        let (number, on) = match (letter, standing.current_round()) {
            // The notice of a decision bears the number and the day of the decision.
            (Letter::Decision(_), (Some(_), Some(on), _)) => {
                let again = standing.reopenings.last().map(|r| r.number.clone());
                (again.unwrap_or_else(|| standing.decision_number.clone()), on)
            }
            (Letter::Decision(_), _) => {
                let text = "决定作出以后才能制作决定文书，目前只能查看审签稿";
                return Err(Error::refused("not-decided", text, "条例第三十六条"));
            }
            _ if letter.needs_number() => {
                let on = source.dated;
                (self.next_letter_number(&standing.addressee, on.year()).await?, on)
            }
            _ => (None, source.dated),
        };
        let number = number.unwrap_or_default();
        source.values.extend(values::signed(letter, &number, on));
        let (paper, missing) = source.check(number.clone(), on, today)?;
        if !missing.is_empty() {
            return Err(Error::Refused(missing));
        }
        let digest = digest(&paper.text)?;
        let record = self.seal_text(request, &paper.text).await?.to_string();
        let template = source.template.version;
        let written = Written { letter, n: wanted.n, number, record, digest, template };
        self.change::<Requests>(request, version, Change::event(on, RequestEvent::Written(written))).await
    }

    async fn source(&mut self, request: Uuid, wanted: Wanted) -> Result<(Standing, Source)> {
        let history = docket::<Requests>(self.tx, self.region, request).await?;
        let gone = || Error::NotFound("这份申请的登记已经作废".into());
        let standing = Standing::of(&recorded(&history)).ok_or_else(gone)?;
        if !values::writable(&standing)
            .iter()
            .any(|w| w.letter == wanted.letter && (w.n == wanted.n || wanted.n.is_none()))
        {
            let text = format!("目前不能制作“{}”，请先登记相应的办理环节", wanted.letter.title());
            return Err(Error::NotFound(text));
        }
        let unit = id_of(&Some(standing.addressee.clone())).unwrap_or_default();
        let template = template::template_of(self.tx, self.region, unit, wanted.letter).await?;
        let about = values::About {
            issuer: self.tx.unit(self.region, unit).await?.map(|u| u.name).unwrap_or_default(),
            profile: self.profile_of(unit).await?,
            person: self.person_of(&standing).await?,
            query_code: self.vault.query_code(request),
            earlier: self.earlier_answer(&standing).await?,
            helping: self.helping_unit(&standing, wanted).await?,
            today: self.ctx.today(),
            dated: values::day_of(wanted, &standing, &history, self.ctx.today()),
        };
        let values = values::values(wanted, &standing, &history, &about, &self.calendar);
        Ok((standing, Source { template, values, dated: about.dated, issuer: about.issuer }))
    }

    async fn person_of(&mut self, standing: &Standing) -> Result<Person> {
        let none = Person::default();
        let Some(id) = id_of(&standing.applicant) else { return Ok(none) };
        match self.tx.personal(self.region, id).await?.filter(|p| p.erased_at.is_none()) {
            Some(row) => self.vault.open(row.id, &row.nonce, &row.sealed),
            None => Ok(none),
        }
    }

    /// Day and number of the answer to the request that this one repeats (条例第三十六条第六项).
    async fn earlier_answer(&mut self, standing: &Standing) -> Result<Option<(law::Date, String)>> {
        let repeat = standing.links.iter().find(|l| l.relation == law::docket::request::Relation::Repeat);
        let Some(id) = repeat.and_then(|l| Uuid::parse_str(&l.request).ok()) else { return Ok(None) };
        let earlier = Standing::of(&recorded(&docket::<Requests>(self.tx, self.region, id).await?));
        Ok(earlier.and_then(|s| Some((s.decided_on?, s.decision_number.unwrap_or_default()))))
    }

    async fn helping_unit(&mut self, standing: &Standing, wanted: Wanted) -> Result<String> {
        let asked = standing.assistance.get(wanted.n.unwrap_or(1).saturating_sub(1) as usize);
        let unit = asked.map(|a| a.unit.clone()).or_else(|| standing.handler.clone());
        let Some(unit) = unit else { return Ok(String::new()) };
        // An office inside the agency is no unit of the list: its name stays as it is.
        let Some(id) = id_of(&Some(unit.clone())) else { return Ok(unit) };
        Ok(self.tx.unit(self.region, id).await?.map_or(unit, |u| u.name))
    }

    async fn seal_text(&mut self, subject: Uuid, text: &LetterText) -> Result<Uuid> {
        let id = self.ctx.new_id();
        let mut nonce = [0; 12];
        nonce.copy_from_slice(&self.ctx.entropy.bytes()[..12]);
        let sealed = self.vault.seal_value(id.as_bytes(), nonce, text)?;
        let kind = KIND.to_owned();
        let row =
            PersonalRow { id, subject_kind: kind, subject, nonce: nonce.to_vec(), sealed, erased_at: None };
        self.tx.put_personal(self.region, &row).await?;
        Ok(id)
    }

    async fn sealed_text(&mut self, written: &Written) -> Result<LetterText> {
        let none = || Error::NotFound("文书的正文已依法删除，只保留文号和摘要".into());
        let id = Uuid::parse_str(&written.record).map_err(|_| none())?;
        let row =
            self.tx.personal(self.region, id).await?.filter(|p| p.erased_at.is_none()).ok_or_else(none)?;
        let text: LetterText = self.vault.open_value(row.id.as_bytes(), &row.nonce, &row.sealed)?;
        if digest(&text)? != written.digest {
            return Err(Error::Internal(format!("the text of letter {id} is not that of its entry")));
        }
        Ok(text)
    }
}

/// SM3 of a text, hexadecimal.
fn digest(text: &LetterText) -> Result<String> {
    let plain = serde_json::to_vec(text).map_err(|e| Error::Internal(e.to_string()))?;
    Ok(Sm3::digest(plain).iter().map(|b| format!("{b:02x}")).collect())
}

impl Source {
    fn text(&self) -> Result<LetterText> {
        self.template.template.render(&self.values).map_err(|e| Error::Invalid(e.to_string()))
    }

    fn paper(
        &self,
        text: LetterText,
        number: Option<String>,
        made_on: Option<law::Date>,
        printed_on: law::Date,
        draft: bool,
    ) -> OfficialLetter {
        let issuer = self.issuer.clone();
        OfficialLetter { signed_by: issuer.clone(), issuer, number, text, made_on, printed_on, draft }
    }

    /// The letter as it would be finished, and what the check before signing finds.
    fn check(
        &self,
        number: String,
        on: law::Date,
        today: law::Date,
    ) -> Result<(OfficialLetter, Vec<Refusal>)> {
        let number = Some(number).filter(|n| !n.is_empty());
        let paper = self.paper(self.text()?, number, Some(on), today, false);
        let letter = self.template.template.letter();
        let missing = law::letter::missing(letter, &letter.said(&self.values), &paper.printed());
        Ok((paper, missing))
    }

    /// The letter marked 审签稿, and what it still lacks besides its number and date.
    fn draft(&self, today: law::Date) -> Result<(OfficialLetter, Vec<Refusal>)> {
        let paper = self.paper(self.text()?, None, None, today, true);
        let letter = self.template.template.letter();
        let given = ["number-missing", "made-on-missing"];
        let mut missing = law::letter::missing(letter, &letter.said(&self.values), &paper.printed());
        missing.retain(|r| !given.contains(&r.code.as_str()));
        Ok((paper, missing))
    }
}
