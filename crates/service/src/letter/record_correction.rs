//! The letter that tells what became of a request to correct a record (政府信息更正告知书, 条例第四十一条).

use super::{LetterView, Source, digest, template, values};
use crate::Service;
use crate::context::{Context, Permission};
use crate::error::{Error, Result};
use crate::record_correction::RecordCorrections;
use crate::register::{Change, Work, recorded};
use crate::unit::id_of;
use crate::vault::Person;
use law::applicant::ApplicantClass;
use law::docket::record_correction::{Decided, RecordCorrectionEvent, Standing};
use law::docket::request::Written;
use law::docket::unit::Profile;
use law::letter::{Letter, Value, Values};
use uuid::Uuid;

const LETTER: Letter = Letter::RecordCorrection;

impl Service {
    /// The letter as it would be finished today, or as it was finished. Whoever sees it sees the applicant's name, so it
    /// needs the permission and is journaled.
    ///
    /// # Errors
    /// [`Error::NotFound`] before anything was decided.
    pub async fn record_correction_letter(&self, mut ctx: Context, id: Uuid) -> Result<LetterView> {
        ctx.actor.must(Permission::ReadPersonal)?;
        ctx.key = None;
        self.verb(ctx, "view-record-correction-letter", move |mut work| {
            Box::pin(async move {
                work.must_reach_docket::<RecordCorrections>(id).await?;
                let seen = serde_json::json!({
                    "type": "letter-viewed", "record_correction": id, "letter": LETTER.key(),
                });
                work.note_access(seen).await?;
                let (standing, source) = work.record_correction_source(id).await?;
                if let Some((on, written)) = &standing.letter {
                    let text = work.sealed_text(written).await?;
                    let paper =
                        source.paper(text, Some(written.number.clone()), Some(*on), work.ctx.today(), false);
                    return Ok(LetterView { paper, missing: Vec::new(), written: Some(written.clone()) });
                }
                let (paper, missing) = source.draft(work.ctx.today())?;
                Ok(LetterView { paper, missing, written: None })
            })
        })
        .await
    }

    /// Finishes the letter: checks it, gives its number, seals its text, records its digest.
    ///
    /// # Errors
    /// Everything the check finds, at once, as [`Error::Refused`].
    pub async fn write_record_correction_letter(&self, ctx: Context, id: Uuid, version: u32) -> Result<u32> {
        ctx.actor.must(Permission::EditRegisters)?;
        self.verb(ctx, "write-record-correction-letter", move |mut work| {
            Box::pin(async move {
                work.must_reach_docket::<RecordCorrections>(id).await?;
                let today = work.ctx.today();
                let (standing, mut source) = work.record_correction_source(id).await?;
                let given = work.next_letter_number(&standing.unit, today.year()).await?;
                let number = given.unwrap_or_default();
                source.values.extend(values::signed(LETTER, &number, today));
                let (paper, missing) = source.check(number.clone(), today, today)?;
                if !missing.is_empty() {
                    return Err(Error::Refused(missing));
                }
                let digest = digest(&paper.text)?;
                let record = work.seal_text(id, &paper.text).await?.to_string();
                let written = Written {
                    letter: LETTER,
                    n: None,
                    number,
                    record,
                    digest,
                    template: source.template.version,
                };
                let change = Change::event(today, RecordCorrectionEvent::Written(written));
                work.change::<RecordCorrections>(id, version, change).await
            })
        })
        .await
    }
}

impl Work<'_> {
    /// What the letter is made from.
    async fn record_correction_source(&mut self, id: Uuid) -> Result<(Standing, Source)> {
        let docket = recorded(&self.docket::<RecordCorrections>(id).await?);
        let gone = || Error::NotFound("这份更正申请的登记已经作废".into());
        let standing = Standing::of(&docket).ok_or_else(gone)?;
        let Some(decided) = &standing.decided else {
            let text = format!("目前不能制作“{}”，请先登记审核处理的结果", LETTER.title());
            return Err(Error::NotFound(text));
        };
        let unit = id_of(&Some(standing.unit.clone())).unwrap_or_default();
        let template = template::template_of(self.tx, self.region, unit, LETTER).await?;
        let issuer = self.tx.unit(self.region, unit).await?.map(|u| u.name).unwrap_or_default();
        let profile = self.profile_of(unit).await?;
        let person = match id_of(&standing.applicant) {
            Some(personal) => self.sealed_person(id, Some(personal)).await?,
            None => Person::default(),
        };
        let values = filled(&standing, decided, &person, &profile, &issuer);
        Ok((standing, Source { template, values, dated: self.ctx.today(), issuer }))
    }
}

/// A value for each field that the docket knows; what is not known stays a gap that the check finds.
fn filled(s: &Standing, decided: &Decided, person: &Person, profile: &Profile, issuer: &str) -> Values {
    let you = if s.class == ApplicantClass::NaturalPerson { "您" } else { "贵单位" };
    let mut values = Values::new();
    for (name, text) in [
        ("机关名称", issuer.to_owned()),
        ("申请人", person.name.clone()),
        ("称谓", you.to_owned()),
        ("收到日期", values::day(s.received_on)),
        ("收到方式", s.channel.label().to_owned()),
        ("更正事项", format!("{}：{}", s.record, s.wrong)),
        ("查明事实", decided.facts.clone()),
        ("理由", decided.reason.clone()),
        ("处理结果", decided.outcome.sentence(&decided.agency)),
        ("联系方式", values::contact(profile)),
    ] {
        if LETTER.field(name).is_some() && !text.is_empty() {
            values.insert(name.to_owned(), Value::Text(text));
        }
    }
    values::put_remedies(LETTER, &mut values, profile, decided.on);
    values
}
