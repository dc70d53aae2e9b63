//! 登记台账: the register of requests with the fields offices keep (DOMAIN §4.4, 条例第四十五条), one line a request, as a
//! page, XLSX and JSON.
//!
//! Identities are masked; who may read personal data can take them along, and that is journaled. The columns of the import
//! sheet are finer (see [`crate::transfer`]): there a row must become the same docket again.

use super::Requests;
use crate::context::{Context, Permission};
use crate::error::{Error, Result};
use crate::reach::is_among;
use crate::register::{Register, decode, recorded};
use crate::transfer::{ExportFormat, write_table};
use crate::unit::{Tree, id_of};
use crate::vault::{Person, masked};
use crate::{Page, Service};
use law::Date;
use law::calendar::Calendar;
use law::decision::Decision;
use law::docket::request::{Consultation, Consulted, Opinion, Proactive, ServiceMethod, Standing};
use law::letter::Letter;
use law::retention::Retention;
use std::collections::HashMap;
use store::{DisputeFilter, Entry, RequestFilter, RequestRow, Tx};
use uuid::Uuid;

/// The fields, in their order. 证件类型/号码 and the like are one field each.
pub const COLUMNS: [&str; 29] = [
    "序号",
    "申请编号",
    "收到日期",
    "收到方式(渠道)",
    "申请人姓名/名称",
    "申请人类别",
    "证件类型/号码",
    "联系方式",
    "申请内容",
    "获取方式/载体",
    "补正情况",
    "征求第三方",
    "征求其他机关",
    "延期",
    "承办单位/承办人",
    "法定答复期限",
    "答复日期",
    "文书名称/文号",
    "处理结果",
    "不予公开依据",
    "送达方式/送达日期",
    "收费",
    "复议情况",
    "诉讼情况",
    "归档号",
    "保管期限",
    "是否转主动公开",
    "办理阶段",
    "备注",
];

/// A line of the register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerLine {
    /// Docket id.
    pub id: Uuid,
    /// Its cells, in the order of [`COLUMNS`].
    pub cells: Vec<String>,
}

/// Dockets read at a time.
const PAGE: i64 = 500;

impl Service {
    /// A page of the register, newest first, identities masked; and the key of the next page.
    pub async fn ledger(
        &self,
        ctx: &Context,
        mut filter: RequestFilter,
        page: Page,
    ) -> Result<(Vec<LedgerLine>, Option<(Date, Uuid)>)> {
        ctx.actor.must(Permission::ReadRegisters)?;
        let mut tx = self.look().await?;
        filter.units = self.within_reach(&mut tx, ctx, filter.units).await?;
        let rows = tx.requests(self.region, &filter, page.after, page.limit).await?;
        let full = i64::try_from(rows.len()).is_ok_and(|n| n >= page.limit);
        let next = rows.last().filter(|_| full).map(RequestRow::paging_key);
        Ok((self.lines(&mut tx, ctx, &rows, false).await?, next))
    }

    /// The whole register of a filter as a file, the oldest first. `personal` takes identities along, unmasked; it needs
    /// the permission. Every export is journaled.
    pub async fn export_ledger(
        &self,
        ctx: &Context,
        mut filter: RequestFilter,
        format: ExportFormat,
        personal: bool,
    ) -> Result<Vec<u8>> {
        ctx.actor.must(Permission::ReadRegisters)?;
        if personal {
            ctx.actor.must(Permission::ReadPersonal)?;
        }
        let mut tx = self.look().await?;
        filter.units = self.within_reach(&mut tx, ctx, filter.units).await?;
        let (mut rows, mut after) = (Vec::new(), None);
        loop {
            let page = tx.requests(self.region, &filter, after, PAGE).await?;
            let Some(last) = page.last() else { break };
            after = Some(last.paging_key());
            rows.extend(page);
        }
        rows.reverse();
        let mut table = Vec::with_capacity(rows.len());
        for some in rows.chunks(PAGE as usize) {
            table.extend(self.lines(&mut tx, ctx, some, personal).await?.into_iter().map(|l| l.cells));
        }
        drop(tx);
        for (n, cells) in table.iter_mut().enumerate() {
            cells[0] = (n + 1).to_string();
        }
        let count = table.len();
        let written =
            tokio::task::spawn_blocking(move || write_table("申请登记台账", &COLUMNS, &table, format));
        let file = written.await.map_err(|e| Error::Internal(e.to_string()))??;
        let event = serde_json::json!({
            "type": "exported", "register": "request-ledger", "format": format.key(), "rows": count,
            "personal": personal,
        });
        self.note_export(ctx, "export-ledger", event).await?;
        Ok(file)
    }

    /// The lines of these requests, in their order; without those that are restricted to others.
    async fn lines(
        &self,
        tx: &mut Tx,
        ctx: &Context,
        rows: &[RequestRow],
        personal: bool,
    ) -> Result<Vec<LedgerLine>> {
        let tree = Tree::read(tx, self.region).await?;
        let mut officers = Officers::default();
        let ids: Vec<Uuid> = rows.iter().map(|r| r.id).collect();
        let mut dockets: HashMap<Uuid, Vec<Entry>> = HashMap::new();
        for entry in tx.dockets(self.region, &ids).await? {
            dockets.entry(entry.subject).or_default().push(entry);
        }
        let mut lines = Vec::with_capacity(rows.len());
        for (n, row) in rows.iter().enumerate() {
            let entries = dockets.remove(&row.id).unwrap_or_default();
            let Some(standing) = Standing::of(&recorded(&decode(&entries)?)) else { continue };
            if !is_among(&ctx.actor, Requests::restricted_to(&standing)) {
                continue;
            }
            let line = Line {
                s: &standing,
                person: self.person_in(tx, &standing).await?,
                personal,
                disputes: disputes_of(tx, self.region, row.id).await?,
                officer: officers.name(tx, self.region, &standing).await?,
                tree: &tree,
                calendar: &self.calendar,
                today: ctx.today(),
            };
            lines.push(LedgerLine { id: row.id, cells: line.cells(n + 1) });
        }
        Ok(lines)
    }

    async fn person_in(&self, tx: &mut Tx, standing: &Standing) -> Result<Person> {
        let Some(id) = id_of(&standing.applicant) else { return Ok(Person::default()) };
        match tx.personal(self.region, id).await?.filter(|p| p.erased_at.is_none()) {
            Some(row) => self.vault.open(row.id, &row.nonce, &row.sealed),
            None => Ok(Person::default()),
        }
    }
}

/// Reconsiderations and suits about a request, each in words.
async fn disputes_of(tx: &mut Tx, region: crate::Region, request: Uuid) -> Result<[String; 2]> {
    let filter = DisputeFilter { request: Some(request), ..DisputeFilter::default() };
    let mut said = [Vec::new(), Vec::new()];
    for d in tx.disputes(region, &filter, None, 50).await? {
        let outcome = match (d.decided_on, d.outcome_group.as_deref()) {
            (Some(on), Some("upheld")) => format!("{on}结果维持"),
            (Some(on), Some("corrected")) => format!("{on}结果纠正"),
            (Some(on), _) => format!("{on}其他结果"),
            (None, _) => "尚未审结".to_owned(),
        };
        let list = usize::from(d.block != "reconsideration");
        said[list].push(format!("{}，{}提出，{outcome}", d.number, d.filed_on));
    }
    Ok(said.map(|all| all.join("；")))
}

/// Names of officers, each asked for once.
#[derive(Default)]
struct Officers(HashMap<Uuid, String>);

impl Officers {
    async fn name(&mut self, tx: &mut Tx, region: crate::Region, s: &Standing) -> Result<String> {
        let Some(id) = id_of(&s.officer) else { return Ok(String::new()) };
        if let Some(name) = self.0.get(&id) {
            return Ok(name.clone());
        }
        let name = tx.account(region, id).await?.map(|a| a.name).unwrap_or_default();
        self.0.insert(id, name.clone());
        Ok(name)
    }
}

/// A line in the making.
struct Line<'a> {
    s: &'a Standing,
    person: Person,
    personal: bool,
    disputes: [String; 2],
    /// Name of 承办人.
    officer: String,
    tree: &'a Tree,
    calendar: &'a Calendar,
    today: Date,
}

fn on(date: Option<Date>) -> String {
    date.map(|d| d.to_string()).unwrap_or_default()
}

/// The parts that are there, each with its name: `告知2024-02-07；补正2024-02-20`.
fn parts(all: &[(&str, String)]) -> String {
    let there = all.iter().filter(|(_, text)| !text.is_empty());
    there.map(|(name, text)| format!("{name}{text}")).collect::<Vec<_>>().join("；")
}

impl Line<'_> {
    fn cells(&self, n: usize) -> Vec<String> {
        let s = self.s;
        let consulted = |who: &dyn Fn(Consulted) -> bool| consultations(&s.consultations, |c| who(c.whom));
        let correction = s
            .correction
            .as_ref()
            .map(|c| parts(&[("告知", c.noticed_on.to_string()), ("补正", on(c.received_on))]));
        let extension = s.extension.map(|e| {
            parts(&[
                ("批准人", s.extension_approved_by.clone().unwrap_or_default()),
                ("告知", on(e.told_on)),
                ("", format!("{}个工作日", e.days)),
            ])
        });
        let due = s.due(self.calendar, self.today);
        let provisional = due.as_ref().is_some_and(|d| d.provisional);
        let cells = [
            n.to_string(),
            s.number.clone().unwrap_or_default(),
            on(s.received_on),
            s.channel.label().to_owned(),
            if self.personal { self.person.name.clone() } else { self.person.masked_name() },
            s.class.label().to_owned(),
            self.identity(),
            self.contact(),
            s.subject.clone(),
            s.wanted.words(),
            correction.unwrap_or_default(),
            consulted(&|w| w == Consulted::ThirdParty),
            consulted(&|w| w != Consulted::ThirdParty),
            extension.unwrap_or_default(),
            self.handler(),
            format!("{}{}", on(due.map(|d| d.on)), if provisional { "（暂定）" } else { "" }),
            on(s.decided_on),
            self.letter(),
            s.decision.map(|d| d.label().to_owned()).unwrap_or_default(),
            self.withheld_under(),
            self.service(),
            self.fee(),
            self.disputes[0].clone(),
            self.disputes[1].clone(),
            s.file_number.clone().unwrap_or_default(),
            s.retention.map_or("", Retention::label).to_owned(),
            proactive(&s.proactive),
            s.stage.label().to_owned(),
            self.remarks(),
        ];
        cells.into()
    }

    fn shown(&self, text: &str) -> String {
        if self.personal { text.to_owned() } else { masked(text) }
    }

    fn identity(&self) -> String {
        let number = self.shown(&self.person.id_number);
        if number.is_empty() {
            self.person.id_kind.clone()
        } else {
            format!("{}/{number}", self.person.id_kind)
        }
    }

    fn contact(&self) -> String {
        let p = &self.person;
        let all = [&p.phone, &p.email, &p.address].map(|text| self.shown(text));
        all.into_iter().filter(|t| !t.is_empty()).collect::<Vec<_>>().join("；")
    }

    fn handler(&self) -> String {
        let unit = self.s.handler.as_ref().map_or_else(String::new, |handler| {
            match id_of(&Some(handler.clone())).and_then(|id| self.tree.get(id).ok()) {
                Some(unit) => unit.name.clone(),
                None => handler.clone(),
            }
        });
        match (unit.as_str(), self.officer.as_str()) {
            (_, "") => unit,
            ("", officer) => officer.to_owned(),
            (unit, officer) => format!("{unit}/{officer}"),
        }
    }

    fn letter(&self) -> String {
        let Some(decision) = self.s.decision else { return String::new() };
        let number = self.s.decision_number.clone().unwrap_or_default();
        format!("{} {number}", Letter::Decision(decision).title()).trim_end().to_owned()
    }

    /// The article of a refusal, or those of the parts withheld.
    fn withheld_under(&self) -> String {
        let proposal = self.s.proposal.as_ref().map(|p| &p.draft);
        match (self.s.decision, proposal) {
            (Some(Decision::GrantedInPart), Some(draft)) => {
                let mut all: Vec<&str> = draft.withheld.iter().map(|w| w.basis.as_str()).collect();
                all.dedup();
                all.join("；")
            }
            (Some(decision), draft) if decision.row().starts_with("refused") => match draft {
                Some(draft) if !draft.basis.is_empty() => draft.basis.join("；"),
                _ => decision.citation().to_owned(),
            },
            _ => String::new(),
        }
    }

    fn service(&self) -> String {
        let how = self.s.served_by.map(|m| match m {
            ServiceMethod::Direct => "直接送达",
            ServiceMethod::Entrusted => "委托送达",
            ServiceMethod::Post => "邮寄送达",
            ServiceMethod::Electronic => "电子送达",
        });
        how.map(|how| format!("{how}/{}", on(self.s.served_on))).unwrap_or_default()
    }

    fn fee(&self) -> String {
        let Some(f) = &self.s.fee else { return String::new() };
        parts(&[
            ("", format!("{}{}{}", f.basis.label(), f.count, f.basis.unit())),
            ("", format!("{}元", f.yuan)),
            ("通知", f.noticed_on.to_string()),
            ("缴费", on(f.paid_on)),
        ])
    }

    fn remarks(&self) -> String {
        let s = self.s;
        let again = s.reopenings.iter().map(|r| format!("{}重新处理", r.on));
        let merged = s.merged.iter().map(|(_, on)| format!("{on}并入其他申请"));
        let withdrawn = s.withdrawn_on.iter().map(|on| format!("{on}撤回"));
        let linked = s.links.iter().map(|l| l.relation.label().to_owned());
        again.chain(merged).chain(withdrawn).chain(linked).collect::<Vec<_>>().join("；")
    }
}

/// Whether the information goes to everybody (条例第四十四条): `申请人建议主动公开2024-03-05；2024-05-16已主动公开`.
fn proactive(p: &Proactive) -> String {
    let suggested = p.suggestions.iter().map(|s| format!("{}{}", s.by.label(), s.on));
    let reviewed = p.review.iter().map(|r| match r.reason.as_str() {
        "" => format!("{}{}", r.on, r.outcome.label()),
        why => format!("{}{}：{why}", r.on, r.outcome.label()),
    });
    suggested.chain(reviewed).collect::<Vec<_>>().join("；")
}

/// Consultations in words: `某公司：发出2024-02-21；收到2024-02-22；2024-03-06不同意公开`.
fn consultations(all: &[Consultation], wanted: impl Fn(&Consultation) -> bool) -> String {
    let said = |c: &Consultation| {
        let opinion = c.opinion.map(|o| match o {
            Opinion::Consents => "同意公开",
            Opinion::Objects => "不同意公开",
            Opinion::Silent => "逾期未答复",
        });
        let closed = opinion.map(|o| format!("{}{o}", on(c.closed_on))).unwrap_or_default();
        let when = parts(&[("发出", c.sent_on.to_string()), ("收到", on(c.delivered_on)), ("", closed)]);
        format!("{}：{when}", c.party)
    };
    all.iter().filter(|c| wanted(c)).map(said).collect::<Vec<_>>().join("；")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_that_are_not_there_are_left_out() {
        assert_eq!(parts(&[("发出", "2024-02-21".into()), ("收到", String::new())]), "发出2024-02-21");
    }
}
