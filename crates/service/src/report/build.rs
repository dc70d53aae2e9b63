//! Building a report: figures from the tallies, text with live figures, findings.

use super::text::default_text;
use super::{instant_text, sum};
use crate::error::{Error, Result};
use crate::inspection::past;
use crate::ledger::{Later, ledger, units_of};
use crate::register::{docket, recorded};
use crate::report::Reports;
use crate::unit::{Tree, Units};
use jiff::Timestamp;
use jiff::civil::Date;
use law::Amount;
use law::calendar::Calendar;
use law::docket::report::{Part, Scope, Snapshot, Stage, Standing, Waiver};
use law::docket::report_filing::Reported;
use law::docket::unit::{Level, UnitKind};
use law::form::check::{self, Finding, Library, Severity, Verdict};
use law::form::consolidation::{Consolidation, Missing};
use law::form::count::Ledger;
use law::form::narrative::{self, Paragraph};
use law::form::{Figures, Form, fact};
use paper::{Fonts, Format};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use store::{Region, Tx, UnitRow};
use uuid::Uuid;

/// The rules that compare a report with the registers.
const RECOUNTS: [&str; 2] = ["S-LEDGER", "S-REV"];

/// Which report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportAsk {
    /// Whose.
    pub unit: Uuid,
    /// Report year.
    pub year: i16,
    /// The unit's own report, or the report of the government it is.
    pub scope: Scope,
    /// As of an earlier instant of recording; none for everything recorded.
    pub as_of: Option<Timestamp>,
}

/// A report ready to show, print or publish.
#[derive(Debug, Clone)]
pub struct BuiltReport {
    /// Whose.
    pub unit: UnitRow,
    /// Report year.
    pub year: i16,
    /// 本机关 or 本级政府.
    pub scope: Scope,
    /// Form version.
    pub form: &'static Form,
    /// Name of the agency as of the report.
    pub organization: String,
    /// Title.
    pub title: String,
    /// What was recorded by this instant is counted.
    pub as_of: String,
    /// Every cell.
    pub figures: Figures,
    /// Named figures of the text.
    pub facts: BTreeMap<String, Amount>,
    /// Text by part, figures filled in.
    pub texts: BTreeMap<Part, Vec<Paragraph>>,
    /// Text by part as written.
    pub sources: BTreeMap<Part, String>,
    /// What the checks found.
    pub findings: Vec<Finding>,
    /// Recorded decisions on findings.
    pub waivers: Vec<Waiver>,
    /// Stage, if the report has been drafted.
    pub stage: Option<Stage>,
    /// Date under the signature.
    pub signed_on: Option<Date>,
    /// Printed above the title.
    pub notice: Option<String>,
    /// Of a government's report: what it adds up.
    pub consolidation: Option<Consolidation>,
}

/// Builds a report. The cost does not grow with the number of dockets.
pub(crate) async fn build(
    tx: &mut Tx,
    region: Region,
    calendar: &Calendar,
    at: Timestamp,
    ask: &ReportAsk,
) -> Result<BuiltReport> {
    let form = Form::for_year(ask.year)?;
    let later = Later::read(tx, region, ask.as_of).await?;
    let tree = tree(tx, region, later.as_ref()).await?;
    let unit = tree.get(ask.unit)?.clone();
    let organization = name_of_the_year(tx, region, &unit, ask.year, later.as_ref()).await?;
    let units = units_of(&tree, ask.unit, ask.year, ask.scope);
    let ledger = ledger(tx, region, &units, ask.year, later.as_ref()).await?;
    let sum = match ask.scope {
        Scope::Government => Some(sum::of(tx, region, &tree, ask, later.as_ref()).await?),
        Scope::Own => None,
    };
    let figures = match &sum {
        Some(sum) => sum.figures(form, ask.year),
        None => form.count(&ledger, ask.year),
    };
    let facts = fact::facts(&ledger, form, &figures, ask.year, calendar.working_days_in(ask.year));
    let standing = standing(tx, region, ask).await?;
    let sources = sources(form, &organization, ask.year, standing.as_ref());
    let texts = render_texts(form, &sources, &facts, &figures)?;
    let previous = previous(tx, region, ask, &tree, &ledger).await?;
    let plain: BTreeMap<Part, String> = texts.iter().map(|(p, t)| (*p, plain_text(t))).collect();
    let mut input = check::Input::new(form, ask.year, &figures);
    input.organization = Some(&organization);
    input.scope = Some(ask.scope);
    input.unit = Level::parse(&unit.level).zip(UnitKind::parse(&unit.kind));
    input.facts = Some(&facts);
    input.texts = Some(&plain);
    input.consolidation = sum.as_ref();
    // Each unit's report was compared with its own library.
    input.library = sum.is_none().then(|| Library {
        rules: ledger.stock("document.rule.in_force", ask.year),
        normative_documents: ledger.stock("document.normative.in_force", ask.year),
    });
    // A sum that still lacks units is no year to compare with.
    let partial = sum.as_ref().is_some_and(|s| s.unexplained().next().is_some());
    if let Some(last) = previous.as_ref().filter(|_| !partial) {
        let mut compared = check::Previous::new(last.form, ask.year - 1, &last.figures);
        compared.texts = last.texts.as_ref();
        compared.organization = last.organization.as_deref();
        compared.scope = Some(ask.scope);
        input.previous = Some(compared);
    }
    let findings = check::run(&input);
    let waivers = standing.as_ref().map(|s| s.waivers.values().cloned().collect()).unwrap_or_default();
    let stage = standing.as_ref().map(|s| s.stage);
    Ok(BuiltReport {
        title: format!("{organization}{}年政府信息公开工作年度报告", ask.year),
        year: ask.year,
        scope: ask.scope,
        as_of: instant_text(ask.as_of.unwrap_or(at)),
        signed_on: standing.as_ref().and_then(|s| s.published()).map(|p| p.on),
        notice: match (stage, standing.as_ref().and_then(|s| s.published())) {
            (Some(Stage::Published | Stage::Corrected), Some(p))
                if p.snapshot.figures == figures && p.snapshot.parts == texts =>
            {
                sum.as_ref().and_then(without)
            }
            (Some(Stage::Published | Stage::Corrected), _) => {
                Some("按登记簿重新统计，与已公布的报告不一致，未经批准公布".to_owned())
            }
            _ => Some("草稿，未经批准公布".to_owned()),
        },
        unit,
        form,
        organization,
        figures,
        facts,
        texts,
        sources,
        findings,
        waivers,
        stage,
        consolidation: sum,
    })
}

/// Whose figures a sum goes without, as it is printed above the title.
fn without(sum: &Consolidation) -> Option<String> {
    let said = |m: &Missing| match &m.reason {
        Some(reason) => format!("{}（{reason}）", m.name),
        None => m.name.clone(),
    };
    let all: Vec<String> = sum.missing.iter().map(said).collect();
    (!all.is_empty())
        .then(|| format!("本报告汇总{}个机关的数据，不包括{}", sum.members.len(), all.join("、")))
}

/// The units, as recorded at the instant asked for.
pub(crate) async fn tree(tx: &mut Tx, region: Region, later: Option<&Later>) -> Result<Tree> {
    let tree = Tree::read(tx, region).await?;
    match later {
        Some(later) => tree.at(tx, region, later).await,
        None => Ok(tree),
    }
}

/// A report keeps the name the unit had at the end of its year; one established later, its first.
async fn name_of_the_year(
    tx: &mut Tx,
    region: Region,
    unit: &UnitRow,
    year: i16,
    later: Option<&Later>,
) -> Result<String> {
    let known = match later {
        Some(later) => later.known::<Units>(tx, region, unit.id).await?,
        None => recorded(&docket::<Units>(tx, region, unit.id).await?),
    };
    let end = Date::constant(year, 12, 31).max(unit.valid_from);
    Ok(law::docket::unit::Standing::on(&known, end).map_or_else(|| unit.name.clone(), |s| s.name))
}

/// The docket of the report as it stood at the instant asked for.
async fn standing(tx: &mut Tx, region: Region, ask: &ReportAsk) -> Result<Option<Standing>> {
    let Some(row) = tx.report_of(region, ask.unit, ask.year, ask.scope.key()).await? else { return Ok(None) };
    let mut history = docket::<Reports>(tx, region, row.id).await?;
    if let Some(at) = ask.as_of {
        history.retain(|h| h.at <= at);
    }
    Ok(Standing::of(&recorded(&history)))
}

fn sources(
    form: &Form,
    organization: &str,
    year: i16,
    standing: Option<&Standing>,
) -> BTreeMap<Part, String> {
    Part::ALL
        .into_iter()
        .map(|part| {
            let written = standing.and_then(|s| s.texts.get(&part)).cloned();
            (part, written.unwrap_or_else(|| default_text(part, form, organization, year)))
        })
        .collect()
}

/// Fills the figures in. What cannot be filled in is said in its place, and the checks find it there.
fn render_texts(
    form: &Form,
    sources: &BTreeMap<Part, String>,
    facts: &BTreeMap<String, Amount>,
    figures: &Figures,
) -> Result<BTreeMap<Part, Vec<Paragraph>>> {
    let render = |(part, source): (&Part, &String)| {
        let text = narrative::render(source, |r| fact::print(form, r, facts, figures));
        let errors = |all: Vec<narrative::TextError>| {
            let all: Vec<String> = all.iter().map(ToString::to_string).collect();
            Error::Invalid(format!("“{}”：{}", part.label(), all.join("；")))
        };
        Ok((*part, text.map_err(errors)?))
    };
    sources.iter().map(render).collect()
}

fn plain_text(paragraphs: &[Paragraph]) -> String {
    paragraphs.iter().map(Paragraph::text).collect::<Vec<_>>().join("\n")
}

/// What a unit reported for a year: as this system published it, else as it was read from a file.
pub(crate) async fn past_or_published(
    tx: &mut Tx,
    region: Region,
    ask: &ReportAsk,
) -> Result<Option<Reported>> {
    match standing(tx, region, ask).await?.and_then(|s| s.published().cloned()) {
        Some(p) => Ok(Some(reported(&p.snapshot))),
        None => past(tx, region, ask).await,
    }
}

fn reported(snapshot: &Snapshot) -> Reported {
    Reported {
        form: snapshot.form.clone(),
        organization: snapshot.organization.clone(),
        title: snapshot.title.clone(),
        figures: snapshot.figures.clone(),
        texts: snapshot.parts.iter().map(|(part, text)| (*part, plain_text(text))).collect(),
    }
}

/// Last year's report: as published if it was, else as it was read from a file, otherwise counted from the registers.
struct Last {
    form: &'static Form,
    figures: Figures,
    texts: Option<BTreeMap<Part, String>>,
    organization: Option<String>,
}

async fn previous(
    tx: &mut Tx,
    region: Region,
    ask: &ReportAsk,
    tree: &Tree,
    ledger: &Ledger,
) -> Result<Option<Last>> {
    let year = ask.year - 1;
    let Ok(form) = Form::for_year(year) else { return Ok(None) };
    let before = ReportAsk { year, ..ask.clone() };
    let published = standing(tx, region, &before).await?.and_then(|s| s.published().cloned());
    if published.is_none()
        && let Some(read) = past(tx, region, &before).await?
    {
        return Ok(Form::by_id(&read.form).map(|form| Last {
            form,
            figures: read.figures,
            texts: Some(read.texts),
            organization: Some(read.organization),
        }));
    }
    if published.is_none() && ask.scope == Scope::Government {
        // A sum that lacks units says nothing about what was carried over.
        let sum = sum::of(tx, region, tree, &before, None).await?;
        let figures = sum.figures(form, year);
        let whole = sum.missing.is_empty();
        return Ok(whole.then_some(Last { form, figures, texts: None, organization: None }));
    }
    Ok(Some(match published {
        Some(p) => Last {
            form: Form::by_id(&p.snapshot.form).unwrap_or(form),
            texts: Some(p.snapshot.parts.iter().map(|(part, text)| (*part, plain_text(text))).collect()),
            figures: p.snapshot.figures,
            organization: Some(p.snapshot.organization),
        },
        None => Last { form, figures: form.count(ledger, year), texts: None, organization: None },
    }))
}

impl BuiltReport {
    /// How a published version differs from what the registers give now: every cell, and every figure its text quotes.
    /// It is no obstacle to a correction; it is the reason for one.
    pub(crate) fn changed_since(&self, published: &Snapshot) -> Vec<Finding> {
        let Some(form) = Form::by_id(&published.form) else { return Vec::new() };
        let mut input = check::Input::new(form, self.year, &published.figures);
        input.recount = Some(&self.figures);
        let mut findings = check::run(&input);
        findings.retain(|f| RECOUNTS.contains(&f.id.as_str()));
        let quoted: BTreeSet<&str> = published
            .parts
            .values()
            .flatten()
            .flat_map(|p| &p.runs)
            .filter_map(|r| r.reference.as_deref())
            .collect();
        let citation = check::rule(RECOUNTS[0]).map(|r| r.citation.clone()).unwrap_or_default();
        for name in quoted.into_iter().filter(|name| form.cell(name).is_err()) {
            let (then, now) = (published.facts.get(name), self.facts.get(name));
            if then != now {
                let label = fact::Registry::builtin().fact(name).map_or(name, |f| f.label.as_str());
                let said =
                    |value: Option<&Amount>| value.map_or_else(|| "没有数据".to_owned(), ToString::to_string);
                findings.push(Finding {
                    id: RECOUNTS[0].to_owned(),
                    severity: Severity::Error,
                    verdict: Verdict::Fail,
                    cells: vec![name.to_owned()],
                    message: format!(
                        "正文引用的“{label}”公布为{}，按台账重新统计为{}",
                        said(then),
                        said(now)
                    ),
                    citation: citation.clone(),
                    quote: None,
                    place: None,
                    suggestion: None,
                });
            }
        }
        findings
    }

    /// What publication freezes.
    pub(crate) fn snapshot(&self, calendar: &Calendar, signed_on: Date) -> Snapshot {
        Snapshot {
            form: self.form.id.clone(),
            calendar: calendar.version().to_owned(),
            as_of: self.as_of.clone(),
            organization: self.organization.clone(),
            title: self.title.clone(),
            figures: self.figures.clone(),
            facts: self.facts.clone(),
            parts: self.texts.clone(),
            findings: self.findings.clone(),
            waivers: self.waivers.clone(),
            signed_on,
            consolidation: self.consolidation.as_ref().map(Consolidation::without_zeros),
        }
    }

    /// A published version, exactly as it was, for everybody: without what each unit gave to a government's report, which
    /// some have not published themselves, but with the names of those that gave nothing.
    pub fn from_snapshot(
        unit: &UnitRow,
        year: i16,
        scope: Scope,
        snapshot: &Snapshot,
    ) -> Result<BuiltReport> {
        let form = Form::by_id(&snapshot.form)
            .ok_or_else(|| Error::Internal(format!("form version {} is not known", snapshot.form)))?;
        Ok(BuiltReport {
            unit: unit.clone(),
            year,
            scope,
            form,
            organization: snapshot.organization.clone(),
            title: snapshot.title.clone(),
            as_of: snapshot.as_of.clone(),
            figures: snapshot.figures.clone(),
            facts: snapshot.facts.clone(),
            texts: snapshot.parts.clone(),
            sources: BTreeMap::new(),
            findings: snapshot.findings.clone(),
            waivers: snapshot.waivers.clone(),
            stage: Some(Stage::Published),
            signed_on: Some(snapshot.signed_on),
            notice: snapshot.consolidation.as_ref().and_then(without),
            consolidation: None,
        })
    }

    /// A report as it was filed with the body that adds it up, with what the checks find in it.
    pub fn from_filing(
        unit: &UnitRow,
        (year, scope): (i16, Scope),
        report: &Reported,
        findings: &[Finding],
    ) -> Result<BuiltReport> {
        let form = Form::by_id(&report.form)
            .ok_or_else(|| Error::Internal(format!("form version {} is not known", report.form)))?;
        let paragraph = |line: &str| Paragraph {
            heading: false,
            runs: vec![narrative::Run { text: line.to_owned(), reference: None }],
        };
        let texts = report.texts.iter().map(|(part, text)| (*part, text.lines().map(paragraph).collect()));
        Ok(BuiltReport {
            unit: unit.clone(),
            year,
            scope,
            form,
            organization: report.organization.clone(),
            title: report.title.clone(),
            as_of: String::new(),
            figures: report.figures.clone(),
            facts: BTreeMap::new(),
            texts: texts.collect(),
            sources: BTreeMap::new(),
            findings: findings.to_vec(),
            waivers: Vec::new(),
            stage: None,
            signed_on: None,
            notice: None,
            consolidation: None,
        })
    }

    /// The findings that stand in the way of publication.
    pub fn blocking(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|f| {
            let waivable = check::rule(&f.id).is_none_or(|r| r.waivable);
            f.blocks() && !(waivable && self.waivers.iter().any(|w| w.finding == f.key()))
        })
    }

    /// The paragraphs of a part.
    pub fn paragraphs(&self, part: Part) -> &[Paragraph] {
        self.texts.get(&part).map_or(&[], Vec::as_slice)
    }

    /// What is printed.
    pub fn paper<'a>(&'a self, links: Option<&'a str>) -> paper::Report<'a> {
        paper::Report {
            organization: &self.organization,
            year: self.year,
            title: &self.title,
            form: self.form,
            figures: &self.figures,
            introduction: self.paragraphs(Part::Introduction),
            parts: [
                self.paragraphs(Part::Overview),
                self.paragraphs(Part::Proactive),
                self.paragraphs(Part::Requests),
                self.paragraphs(Part::Disputes),
                self.paragraphs(Part::Problems),
                self.paragraphs(Part::OtherMatters),
            ],
            signed_by: &self.organization,
            signed_on: self.signed_on,
            notice: self.notice.as_deref(),
            links,
        }
    }

    /// The JSON of the command-line contract (DESIGN §5).
    pub fn json(&self) -> Value {
        let mut report = json!({
            "form": self.form.id,
            "year": self.year,
            "scope": self.scope.key(),
            "unit": { "id": self.unit.id, "name": self.organization },
            "as_of": self.as_of,
            "cells": self.figures,
            "facts": self.facts,
            "findings": self.findings,
        });
        if let (Some(sum), Some(fields)) = (&self.consolidation, report.as_object_mut()) {
            fields.insert("consolidation".into(), json!(sum.without_zeros()));
        }
        report
    }

    /// The report as bytes in one of the formats.
    pub fn render(&self, format: Format, fonts: &Fonts, links: Option<&str>) -> Result<Vec<u8>> {
        let report = self.paper(links);
        let unusable = |e: paper::PaperError| Error::Invalid(e.to_string());
        Ok(match format {
            Format::Json => {
                serde_json::to_vec_pretty(&self.json()).map_err(|e| Error::Internal(e.to_string()))?
            }
            Format::Html => paper::html_page(&report).into_bytes(),
            Format::Markdown => paper::markdown(&report).into_bytes(),
            Format::Csv => paper::csv(&report),
            Format::Docx => paper::docx(&report).map_err(unusable)?,
            Format::Xlsx => paper::xlsx(&report).map_err(unusable)?,
            Format::Pdf => paper::pdf(&report, fonts).map_err(unusable)?,
        })
    }
}
