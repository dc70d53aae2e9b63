//! Drafts of documents (拟稿): the register, and who may do what on the way to the signature.
//!
//! A draft knows from the beginning the id its document will have. Text and attachments are kept under that id, so that
//! nothing moves when the draft is signed; until then there is no document, and nothing of it can be public.

use super::{Documents, content::last_body};
use crate::context::{Context, Permission};
use crate::error::{Error, Result};
use crate::register::{Change, Place, Register, View, Work, docket, recorded};
use crate::request::reviews;
use crate::unit::{id_of, named_unit};
use crate::{Page, Service};
use futures_util::future::BoxFuture;
use jiff::civil::Date;
use law::Refusal;
use law::calendar::Calendar;
use law::docket::Recorded;
use law::docket::document::DocumentEvent;
use law::docket::document_draft::{DocumentDraftEvent, Part, Proposed, Stage, Standing};
use law::docket::file::FileRole;
use store::{DocumentDraftFilter, DocumentDraftRow, Region, Tx};
use uuid::Uuid;

/// The register of drafts.
#[derive(Debug, Clone, Copy)]
pub struct DocumentDrafts;

impl Register for DocumentDrafts {
    const KIND: &'static str = "document-draft";
    const NAME: &'static str = "公文拟稿";
    type Event = DocumentDraftEvent;
    type Standing = Standing;

    fn fold(docket: &[Recorded<DocumentDraftEvent>]) -> Option<Standing> {
        Standing::of(docket)
    }

    fn may_begin(event: &DocumentDraftEvent, _: Date) -> Vec<Refusal> {
        Standing::may_begin(event)
    }

    fn may(standing: &Standing, event: &DocumentDraftEvent, on: Date, _: &Calendar) -> Vec<Refusal> {
        standing.may(event, on)
    }

    fn unit(standing: &Standing) -> Option<Uuid> {
        Uuid::parse_str(&standing.counted_by).ok()
    }

    fn put<'a>(
        tx: &'a mut Tx,
        place: Place,
        s: &'a Standing,
        _: &'a Calendar,
    ) -> BoxFuture<'a, store::Result<()>> {
        Box::pin(async move { tx.put_document_draft(place.region, &row(place, s)).await })
    }

    fn beside<'a>(
        tx: &'a mut Tx,
        place: Place,
        before: Option<&'a Standing>,
        after: &'a Standing,
    ) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            if before.is_none() {
                named_unit(tx, place.region, &after.counted_by, "登记公文的机关").await?;
                named_unit(tx, place.region, &after.maker, "制作公文的机关").await?;
            }
            Ok(())
        })
    }

    fn remove<'a>(tx: &'a mut Tx, region: Region, id: Uuid) -> BoxFuture<'a, store::Result<()>> {
        Box::pin(async move { tx.remove_document_draft(region, id).await })
    }
}

/// The derived row of a draft.
pub(crate) fn row(place: Place, s: &Standing) -> DocumentDraftRow {
    DocumentDraftRow {
        id: place.id,
        unit: id_of(&Some(s.counted_by.clone())).unwrap_or_default(),
        category: s.proposed.category.key().to_owned(),
        title: s.proposed.title.clone(),
        attribute: s.proposed.attribute.key().to_owned(),
        stage: s.stage.key().to_owned(),
        drafted_on: s.drafted_on,
        document: id_of(&Some(s.document.clone())).unwrap_or_default(),
        version: i64::from(place.version),
    }
}

/// What an officer needs for recording this.
fn permission(event: &DocumentDraftEvent) -> Permission {
    match event {
        DocumentDraftEvent::Reviewed { step, .. } => reviews(*step),
        DocumentDraftEvent::Signed { .. } => Permission::SignDecision,
        _ => Permission::EditRegisters,
    }
}

/// What a text and attachments belong to.
#[derive(Debug, Clone)]
pub struct ContentOwner {
    /// The draft, if it is not signed yet.
    pub draft: Option<Uuid>,
    /// Title of the document; none if its making was voided.
    pub title: Option<String>,
    /// Whether everybody may read the document.
    pub public: bool,
    /// The consultation, if it is the draft of one.
    pub consultation: Option<Uuid>,
    /// Whether text and attachments may be written and added: not of a draft that is over, and not between the signature and
    /// the publication.
    pub open: bool,
}

/// The draft that has not become a document yet.
pub(super) async fn unsigned(
    tx: &mut Tx,
    region: Region,
    document: Uuid,
) -> Result<Option<DocumentDraftRow>> {
    let draft = tx.document_draft_of(region, document).await?;
    Ok(draft.filter(|d| d.stage != Stage::Signed.key()))
}

/// Refuses an id under which there is neither a document nor a draft of one.
pub(crate) async fn must_have_owner(tx: &mut Tx, region: Region, document: Uuid) -> Result<()> {
    if unsigned(tx, region, document).await?.is_none() {
        docket::<Documents>(tx, region, document).await?;
    }
    Ok(())
}

/// Whether a document was signed here and nobody has read it yet.
async fn is_as_signed(tx: &mut Tx, region: Region, document: Uuid) -> Result<bool> {
    let drafted = tx.document_draft_of(region, document).await?.is_some();
    Ok(drafted && tx.document(region, document).await?.is_some_and(|d| d.disclosed_on.is_none()))
}

impl Work<'_> {
    /// Refuses unless the actor may work on the text and attachments kept under this id; the draft they belong to, if it
    /// is not signed.
    pub(super) async fn must_reach_content(&mut self, document: Uuid) -> Result<Option<Uuid>> {
        match unsigned(self.tx, self.region, document).await? {
            Some(draft) => {
                self.must_reach_docket::<DocumentDrafts>(draft.id).await?;
                Ok(Some(draft.id))
            }
            None => {
                self.must_reach_docket::<Documents>(document).await?;
                Ok(None)
            }
        }
    }

    /// As [`Work::must_reach_content`], for what writes or adds: what was signed is published as it was signed.
    pub(super) async fn must_reach_open_content(&mut self, document: Uuid) -> Result<Option<Uuid>> {
        let draft = self.must_reach_content(document).await?;
        if draft.is_none() && is_as_signed(self.tx, self.region, document).await? {
            let text = "公文按签发稿公开，公开以前不再修改正文和附件；确需修改的，请作废登记后重新拟稿";
            return Err(Error::refused("signed", text, "保密法第三十五条"));
        }
        Ok(draft)
    }

    /// Records in the docket of a draft that what was reviewed is not what stands there now. What was given up can still
    /// be erased.
    pub(super) async fn content_changed(
        &mut self,
        draft: Option<Uuid>,
        document: Uuid,
        role: FileRole,
        erased: bool,
    ) -> Result<()> {
        let Some(draft) = draft else { return Ok(()) };
        let row = self.tx.document_draft(self.region, draft).await?;
        if erased && row.is_some_and(|d| d.stage == Stage::Abandoned.key()) {
            return Ok(());
        }
        let there = last_body(&self.tx.files_of(self.region, document).await?).is_some();
        let part = if role == FileRole::Body { Part::Body { there } } else { Part::Annex };
        let version = u32::try_from(self.docket::<DocumentDrafts>(draft).await?.len()).unwrap_or(u32::MAX);
        let change = Change::event(self.ctx.today(), DocumentDraftEvent::Changed { part });
        self.change::<DocumentDrafts>(draft, version, change).await?;
        Ok(())
    }

    /// The signature of a draft begins its document.
    async fn sign(&mut self, draft: Uuid, version: u32, change: Change<DocumentDraftEvent>) -> Result<u32> {
        let Some(DocumentDraftEvent::Signed { number, index_number }) = change.event.clone() else {
            return Err(Error::Internal("a signature without its event".into()));
        };
        let on = change.on;
        let after = self.change::<DocumentDrafts>(draft, version, change).await?;
        let standing = DocumentDrafts::fold(&recorded(&self.docket::<DocumentDrafts>(draft).await?));
        let Some(Standing { document, counted_by, maker, proposed, .. }) = standing else {
            return Err(Error::Internal(format!("draft {draft} has no standing")));
        };
        let Proposed { category, title, attribute, reason, plan } = proposed;
        let made = DocumentEvent::Made {
            counted_by,
            maker,
            category,
            title,
            number,
            index_number,
            attribute,
            reason: Some(reason).filter(|r| !r.is_empty()),
        };
        let document = id_of(&Some(document)).unwrap_or_default();
        let planned = plan.map(|plan| DocumentEvent::InterpretationPlanned { plan });
        let events = std::iter::once(made).chain(planned).map(|event| Change::event(on, event));
        self.begin::<Documents>(document, events.collect()).await?;
        Ok(after)
    }
}

impl Service {
    /// Begins a draft; `maker` is the unit that makes the document. The id its document will have is given here.
    pub async fn draft_document(
        &self,
        mut ctx: Context,
        on: Date,
        (counted_by, maker): (String, String),
        proposed: Proposed,
    ) -> Result<Uuid> {
        let document = ctx.new_id().to_string();
        let event = DocumentDraftEvent::Drafted { counted_by, maker, document, proposed };
        self.begin_docket::<DocumentDrafts>(ctx, "draft-document", (on, event)).await
    }

    /// Records what happened to a draft. A signature makes the document in the same transaction.
    ///
    /// # Errors
    /// Corrections are refused: a draft is changed by changing it. [`Error::NotAllowed`] for a review or a signature
    /// without its role.
    pub async fn change_document_draft(
        &self,
        ctx: Context,
        id: Uuid,
        version: u32,
        change: Change<DocumentDraftEvent>,
    ) -> Result<u32> {
        let Some(event) = change.event.as_ref().filter(|_| change.corrects.is_none()) else {
            return Err(Error::Invalid(
                "拟稿的记录不更正：请修改拟稿事项或者稿件，已经签发的在公文中更正".into(),
            ));
        };
        ctx.actor.must(permission(event))?;
        if matches!(event, DocumentDraftEvent::Changed { .. }) {
            return Err(Error::Invalid("请在拟稿页面修改正文和附件，系统随之记录".into()));
        }
        let signs = matches!(event, DocumentDraftEvent::Signed { .. });
        self.verb(ctx, "change-document-draft", move |mut work| {
            Box::pin(async move {
                work.must_reach_docket::<DocumentDrafts>(id).await?;
                if signs {
                    work.sign(id, version, change).await
                } else {
                    work.change::<DocumentDrafts>(id, version, change).await
                }
            })
        })
        .await
    }

    /// Drafts the actor may see, the latest first.
    pub async fn document_drafts(
        &self,
        ctx: &Context,
        mut filter: DocumentDraftFilter,
        page: Page,
    ) -> Result<Vec<DocumentDraftRow>> {
        ctx.actor.must(Permission::ReadRegisters)?;
        let mut tx = self.look().await?;
        filter.units = self.within_reach(&mut tx, ctx, filter.units).await?;
        Ok(tx.document_drafts(self.region, &filter, page.after, page.limit).await?)
    }

    /// How many drafts within reach wait at a stage.
    pub async fn waiting_drafts(&self, ctx: &Context, stage: Stage) -> Result<i64> {
        ctx.actor.must(Permission::ReadRegisters)?;
        let mut tx = self.look().await?;
        let units = self.within_reach(&mut tx, ctx, None).await?;
        let filter = DocumentDraftFilter { units, stage: Some(stage.key().to_owned()), ..Default::default() };
        Ok(tx.count_document_drafts(self.region, &filter).await?)
    }

    /// A draft with its history.
    pub async fn document_draft_view(&self, ctx: &Context, id: Uuid) -> Result<View<DocumentDrafts>> {
        self.view_docket::<DocumentDrafts>(ctx, id).await
    }

    /// The draft that a document came of, if it was drafted here. Who may see the document may see it.
    pub async fn draft_of(&self, ctx: &Context, document: Uuid) -> Result<Option<Uuid>> {
        self.view_docket::<Documents>(ctx, document).await?;
        Ok(self.look().await?.document_draft_of(self.region, document).await?.map(|d| d.id))
    }

    /// What the text and attachments kept under this id belong to.
    ///
    /// # Errors
    /// The actor may not see it.
    pub async fn content_owner(&self, ctx: &Context, document: Uuid) -> Result<ContentOwner> {
        ctx.actor.must(Permission::ReadRegisters)?;
        let draft = unsigned(&mut self.look().await?, self.region, document).await?;
        if let Some(draft) = draft {
            let standing = self.view_docket::<DocumentDrafts>(ctx, draft.id).await?.standing;
            let open = standing.is_some_and(|s| !s.stage.is_over());
            let (title, draft) = (Some(draft.title), Some(draft.id));
            return Ok(ContentOwner { draft, title, public: false, consultation: None, open });
        }
        let standing = self.view_docket::<Documents>(ctx, document).await?.standing;
        let public = standing.as_ref().is_some_and(|s| s.everybody_reads());
        let mut tx = self.look().await?;
        let open = !is_as_signed(&mut tx, self.region, document).await?;
        let consultation = tx.consultation_of(self.region, document).await?.map(|c| c.id);
        Ok(ContentOwner { draft: None, title: standing.map(|s| s.title), public, consultation, open })
    }
}
