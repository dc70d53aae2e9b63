//! Exporting: every docket the actor may see, as a row that imports as the same docket.

use super::cell::Cells;
use super::import::columns;
use super::kind::{ExportFormat, Kind};
use super::sheet::{COMPUTED, ID, OF_AGENCY, OF_NUMBER, PERSON, Sheet, put_person, row_of};
use super::table;
use crate::Service;
use crate::context::{Context, Permission};
use crate::dispute::Disputes;
use crate::document::Documents;
use crate::error::{Error, Result};
use crate::figure::YearFigures;
use crate::reach::is_among;
use crate::register::{decode, recorded};
use crate::request::Requests;
use crate::unit::{Tree, Units};
use law::docket::in_force;
use law::docket::request::Stage;
use std::collections::HashMap;
use store::{DisputeFilter, DocumentFilter, Entry, FigureFilter, RequestFilter, RequestRow, Tx};
use uuid::Uuid;

/// Dockets read at a time.
const PAGE: i64 = 500;

/// Every row of a list that pages, the oldest first.
macro_rules! all {
    ($tx:ident.$list:ident($region:expr, $filter:expr)) => {{
        let (mut rows, mut after) = (Vec::new(), None);
        loop {
            let page = $tx.$list($region, &$filter, after, PAGE).await?;
            let Some(last) = page.last() else { break };
            after = Some(last.paging_key());
            rows.extend(page);
        }
        rows.reverse();
        rows
    }};
}

impl Service {
    /// The register as a file, of the units the actor may see. Applicants are in it only for those who may read
    /// personal data. Every export is journaled.
    pub async fn export(&self, ctx: &Context, kind: Kind, format: ExportFormat) -> Result<Vec<u8>> {
        ctx.actor.must(Permission::ReadRegisters)?;
        let personal = kind == Kind::Requests && ctx.actor.may(Permission::ReadPersonal);
        let mut tx = self.look().await?;
        let tree = Tree::read(&mut tx, self.region).await?;
        let units = self.within_reach(&mut tx, ctx, None).await?;
        let rows = match kind {
            Kind::Units => {
                let ids: Vec<Uuid> = tree.0.iter().map(|u| u.id).collect();
                self.rows_of::<Units>(&mut tx, &tree, ctx, &ids).await?
            }
            Kind::Documents => {
                // The sheet has no place for what an interpretation is linked to.
                let filter = DocumentFilter {
                    units,
                    without_interpretations: true,
                    without_drafts: true,
                    ..Default::default()
                };
                let ids: Vec<Uuid> = all!(tx.documents(self.region, filter)).iter().map(|r| r.id).collect();
                self.rows_of::<Documents>(&mut tx, &tree, ctx, &ids).await?
            }
            Kind::Requests => {
                let filter = RequestFilter { units, ..RequestFilter::default() };
                let requests = all!(tx.requests(self.region, filter));
                self.request_rows(&mut tx, &tree, ctx, &requests, personal).await?
            }
            Kind::Disputes => {
                let filter = DisputeFilter { units, ..DisputeFilter::default() };
                let ids: Vec<Uuid> = all!(tx.disputes(self.region, filter)).iter().map(|r| r.id).collect();
                let mut rows = self.rows_of::<Disputes>(&mut tx, &tree, ctx, &ids).await?;
                for cells in &mut rows {
                    self.name_request(&mut tx, &tree, cells).await?;
                }
                rows
            }
            Kind::Figures => {
                let filter = FigureFilter { units, ..FigureFilter::default() };
                let ids: Vec<Uuid> = all!(tx.figures(self.region, filter)).iter().map(|r| r.id).collect();
                self.rows_of::<YearFigures>(&mut tx, &tree, ctx, &ids).await?
            }
        };
        drop(tx);
        let headings: Vec<&'static str> =
            columns(kind).iter().map(|c| c.name).filter(|name| personal || !PERSON.contains(name)).collect();
        let text: Vec<Vec<String>> =
            rows.iter().map(|cells| headings.iter().map(|h| cells.text(h).to_owned()).collect()).collect();
        let name = kind.label();
        let written = tokio::task::spawn_blocking(move || table::write(name, &headings, &text, format));
        let file = written.await.map_err(|e| Error::Internal(e.to_string()))??;

        let event = serde_json::json!({
            "type": "exported", "register": kind.key(), "format": format.key(), "rows": rows.len(),
            "personal": personal,
        });
        self.note_export(ctx, "export", event).await?;
        Ok(file)
    }

    /// Writes down that a table is taken: nothing leaves before that.
    pub(crate) async fn note_export(
        &self,
        ctx: &Context,
        verb: &'static str,
        event: serde_json::Value,
    ) -> Result<()> {
        let mut taken = ctx.clone();
        taken.key = None;
        self.verb(taken, verb, move |mut work| Box::pin(async move { work.note_access(event).await })).await
    }

    /// The rows of dockets, in the order of `ids`; without those that are restricted to others.
    async fn rows_of<S: Sheet>(
        &self,
        tx: &mut Tx,
        tree: &Tree,
        ctx: &Context,
        ids: &[Uuid],
    ) -> Result<Vec<Cells>> {
        let mut rows = Vec::with_capacity(ids.len());
        for some in ids.chunks(PAGE as usize) {
            let mut dockets: HashMap<Uuid, Vec<Entry>> = HashMap::new();
            for entry in tx.dockets(self.region, some).await? {
                dockets.entry(entry.subject).or_default().push(entry);
            }
            for id in some {
                let entries = dockets.remove(id).unwrap_or_default();
                let docket = recorded(&decode::<S::Event>(&entries)?);
                if S::fold(&docket).is_some_and(|s| !is_among(&ctx.actor, S::restricted_to(&s))) {
                    continue;
                }
                let events: Vec<_> =
                    in_force(&docket).into_iter().map(|e| (e.on, S::portable(e.event.clone()))).collect();
                let mut cells = row_of::<S>(&events, tree);
                cells.put(ID.name, id.to_string());
                rows.push(cells);
            }
        }
        Ok(rows)
    }

    async fn request_rows(
        &self,
        tx: &mut Tx,
        tree: &Tree,
        ctx: &Context,
        requests: &[RequestRow],
        personal: bool,
    ) -> Result<Vec<Cells>> {
        let ids: Vec<Uuid> = requests.iter().map(|r| r.id).collect();
        let mut rows = self.rows_of::<Requests>(tx, tree, ctx, &ids).await?;
        for cells in &mut rows {
            let same = |r: &&RequestRow| r.id.to_string() == cells.text(ID.name);
            let Some(request) = requests.iter().find(same) else { continue };
            let date = |on: Option<jiff::civil::Date>| on.map(|d| d.to_string()).unwrap_or_default();
            let stage = Stage::parse(&request.stage).map_or("", Stage::label);
            let computed = [date(request.received_on), date(request.due_on), stage.to_owned()];
            COMPUTED.into_iter().zip(computed).for_each(|(column, text)| cells.put(column, text));
            let record = match request.personal.filter(|_| personal) {
                Some(id) => tx.personal(self.region, id).await?.filter(|p| p.erased_at.is_none()),
                None => None,
            };
            if let Some(record) = record {
                put_person(self.vault.open(record.id, &record.nonce, &record.sealed)?, cells);
            }
        }
        Ok(rows)
    }

    /// Names the request of a case by agency and number, where it has one.
    async fn name_request(&self, tx: &mut Tx, tree: &Tree, cells: &mut Cells) -> Result<()> {
        let Ok(id) = Uuid::parse_str(cells.text(OF_NUMBER)) else { return Ok(()) };
        if let Some(RequestRow { addressee, number: Some(number), .. }) = tx.request(self.region, id).await?
            && let Ok(agency) = tree.get(addressee)
        {
            cells.put(OF_AGENCY, agency.code.as_str());
            cells.put(OF_NUMBER, number);
        }
        Ok(())
    }
}
