//! A finished letter for the applicant to read on the progress page (条例第四十条: by electronic means, if so asked).

use super::Wanted;
use crate::Service;
use crate::context::{Context, Entropy, Permission};
use crate::error::{Error, Result};
use crate::file::{Files, beside, told};
use crate::register::Change;
use crate::request::Requests;
use jiff::civil::Date;
use law::docket::file::{FileEvent, FileRole};
use paper::{Fonts, PaperError};
use std::sync::Arc;
use uuid::Uuid;

fn printed(error: PaperError) -> Error {
    match error {
        PaperError::NoFonts => Error::Invalid(error.to_string()),
        other => Error::Internal(other.to_string()),
    }
}

impl Service {
    /// Gives a finished letter to its applicant until a day: prints it as it was finished, adds the PDF to the files of
    /// the request as 告知书, and gives it out, all in one step. The gate of whatever is given out judges it too.
    ///
    /// # Errors
    /// `letter-not-finished`; `letter-not-to-applicant`; `letter-given-out` while it can be opened already; what the gate
    /// finds; a day that has passed. [`Error::Invalid`] where no font is found.
    pub async fn release_letter(
        &self,
        mut ctx: Context,
        request: Uuid,
        wanted: Wanted,
        until: Date,
        fonts: Arc<Fonts>,
    ) -> Result<Uuid> {
        ctx.actor.must(Permission::EditRegisters)?;
        if !wanted.letter.is_to_applicant() {
            let text = "这份文书不是写给申请人的，不能提供给申请人";
            return Err(Error::refused("letter-not-to-applicant", text, "条例第三十二条"));
        }
        let mut looking = ctx.clone();
        looking.entropy = Entropy::new(ctx.entropy.bytes());
        let view = self.letter(looking, request, wanted).await?;
        let Some(written) = view.written else {
            let text = "文书还没有定稿，请先定稿再提供给申请人";
            return Err(Error::refused("letter-not-finished", text, ""));
        };
        let number =
            if written.number.is_empty() { String::new() } else { format!("（{}）", written.number) };
        let name = format!("{}{number}.pdf", wanted.letter.title());
        let shown = name.clone();
        let content = beside(move || {
            let content = paper::letter_pdf(&view.paper, &fonts).map_err(printed)?;
            let leaks = paper::redact::gate(&content, &shown, &[]);
            if leaks.is_empty() { Ok(content) } else { Err(Error::Refused(told(&leaks))) }
        });
        let content = content.await??;
        let mut upload = self.upload(FileRole::Letter, &name);
        upload.push(&content);
        let kept = self.keep(&mut ctx, upload).await?;
        let today = ctx.today();
        self.verb(ctx, "release-letter", move |mut work| {
            Box::pin(async move {
                work.must_reach_docket::<Requests>(request).await?;
                if work.is_given_out(request, FileRole::Letter, kept.name()).await? {
                    let text = "这份文书已经提供给申请人，需要更改期限的请在材料中办理";
                    return Err(Error::refused("letter-given-out", text, ""));
                }
                let file = work.add_file(request, kept).await?;
                let release = Change::event(today, FileEvent::Released { until });
                work.change::<Files>(file, 1, release).await?;
                Ok(file)
            })
        })
        .await
    }
}
