//! Official documents of the sample: what was made and disclosed, and what is in force.

use super::{Sample, days_after, information};
use jiff::civil::{Date, date};
use law::classification::Classification;
use law::docket::document::{Category, DisclosureAttribute, DocumentEvent};
use law::docket::file::FileRole;
use law::docket::interpretation::Form;
use service::{Change, Result};
use uuid::Uuid;

/// What the documents are about, with the subject (主题分类) and the column of the platform each belongs to.
const SUBJECTS: [(&str, &str, &str); 15] = [
    ("农村人居环境整治", "10-03", "a20-13"),
    ("老旧小区改造", "10-02", "a20-10"),
    ("优化营商环境", "03-02", "a20-05"),
    ("城乡居民基本养老保险", "15-02", "a20-11"),
    ("秋冬季大气污染防治", "10-03", "a20-13"),
    ("义务教育招生", "11-02", "a20-11"),
    ("农产品质量安全", "06-01", "a20-13"),
    ("政务服务便民化", "02-04", "a20-05"),
    ("防汛抗旱应急", "02-03", "a20-12"),
    ("食品安全示范创建", "09-04", "a20-13"),
    ("农村饮水安全", "06-03", "a21-county-02"),
    ("全民健身", "13-03", "a21-county-03"),
    ("公共图书馆服务", "12-01", "a21-county-02"),
    ("森林防火", "06-02", "a20-12"),
    ("冬季清洁取暖", "10-04", "a21-county-02"),
];
const KINDS: [&str; 6] = ["实施方案", "工作要点", "责任清单", "考核细则", "行动计划", "宣传方案"];
const RULES: [&str; 4] = ["管理办法", "实施细则", "补助办法", "暂行规定"];

/// Whose document: the government's (高政发) or the office's (高政办发).
#[derive(Clone, Copy, PartialEq)]
enum Maker {
    Government,
    Office,
}

impl Sample<'_> {
    async fn document(
        &mut self,
        maker: Maker,
        category: Category,
        serial: usize,
        made: Date,
        disclosed: Option<Date>,
    ) -> Result<Uuid> {
        let (name, sign, unit) = match maker {
            Maker::Government => ("高平市人民政府", "高政发", self.government),
            Maker::Office => ("高平市人民政府办公室", "高政办发", self.office),
        };
        let (subject, class, column) = SUBJECTS[serial % SUBJECTS.len()];
        let kind = match category {
            Category::Normative => RULES[serial % RULES.len()],
            _ => KINDS[(serial + serial / SUBJECTS.len()) % KINDS.len()],
        };
        let event = DocumentEvent::Made {
            counted_by: self.office.to_string(),
            maker: unit.to_string(),
            category,
            title: format!("{name}关于印发《高平市{subject}{kind}》的通知（样例）"),
            number: Some(format!("{sign}〔{}〕{serial}号", made.year())),
            index_number: None,
            attribute: DisclosureAttribute::Proactive,
            reason: None,
        };
        let ctx = self.desk(made);
        let id = self.service.make_document(ctx, made, event).await?;
        self.content(id, made, (name, subject, kind)).await?;
        let column = if category == Category::Normative { "a20-01" } else { column };
        let classified = Classification {
            subject: Some(class.into()),
            genre: Some("notice".into()),
            columns: vec![column.into()],
            keywords: vec![subject.into(), kind.into()],
            description: format!("《高平市{subject}{kind}》（样例）的总体要求、主要任务和组织实施。"),
            ..Classification::default()
        };
        let ctx = self.desk(made);
        let event = DocumentEvent::Classified(Box::new(classified));
        self.service.change_document(ctx, id, 1, Change::event(made, event)).await?;
        if let Some(on) = disclosed {
            let ctx = self.desk(on);
            let event = DocumentEvent::Disclosed { url: None };
            self.service.change_document(ctx, id, 2, Change::event(on, event)).await?;
        }
        Ok(id)
    }
}

/// What a sample document says.
fn text(name: &str, subject: &str, kind: &str, made: Date) -> String {
    format!(
        "各乡镇人民政府、街道办事处，市直各有关单位：\n\
         《高平市{subject}{kind}》（样例）已经研究同意，现印发给你们，请结合实际认真贯彻执行。\n\
         一、总体要求\n\
         坚持以人民为中心，做好{subject}各项工作，让群众看得到、办得成、能监督。\n\
         二、主要任务\n\
         （一）明确责任分工\n\
         各单位按照职责分工推进{subject}，主要负责人负总责，每季度末报告进展情况。\n\
         （二）加强资金保障\n\
         项目\t责任单位\t完成时限\n\
         制定年度计划\t牵头单位\t第一季度\n\
         组织实施和检查\t各乡镇、街道\t第四季度\n\
         三、组织实施\n\
         本文件自印发之日起施行，由{name}负责解释。\n\
         {name}\n\
         {}年{}月{}日",
        made.year(),
        made.month(),
        made.day()
    )
}

impl Sample<'_> {
    /// Text and, with a table, an attachment; nothing where no files are kept.
    async fn content(
        &mut self,
        id: Uuid,
        made: Date,
        (name, subject, kind): (&str, &str, &str),
    ) -> Result<()> {
        if !self.service.takes_files() {
            return Ok(());
        }
        let ctx = self.desk(made);
        self.service.write_body(ctx, id, None, &text(name, subject, kind, made)).await?;
        if kind == "责任清单" || kind == "实施细则" {
            let ctx = self.desk(made);
            let mut annex = self.service.upload(FileRole::Annex, &format!("{subject}任务分解表（样例）.csv"));
            annex.push("序号,任务,责任单位\n1,制定年度计划,牵头单位\n2,组织实施,各乡镇、街道\n".as_bytes());
            self.service.add_annex(ctx, id, annex).await?;
        }
        Ok(())
    }
}

/// Eleven normative documents of earlier years that are public and in force.
pub(super) async fn fill_before_2020(sample: &mut Sample<'_>) -> Result<()> {
    for n in 0..11_usize {
        let maker = if n % 3 == 0 { Maker::Government } else { Maker::Office };
        let year = 2017 + i16::try_from(n / 4).unwrap_or_default();
        let made =
            days_after(date(year, 3, 1), 60 * i64::try_from(n % 4).unwrap_or_default(), date(year, 12, 1));
        let disclosed = days_after(made, 10, date(year, 12, 20));
        sample.document(maker, Category::Normative, 11 + n, made, Some(disclosed)).await?;
    }
    Ok(())
}

/// 2020: 29 documents of the government and 56 of the office disclosed, seven of them normative; an eighth normative
/// document made at the end of the year and disclosed in the next.
pub(super) async fn fill_2020(sample: &mut Sample<'_>) -> Result<()> {
    let last = date(2020, 12, 25);
    for (maker, count, normative) in [(Maker::Government, 29_usize, 3), (Maker::Office, 56, 4)] {
        for n in 0..count {
            let step = 330 * i64::try_from(n).unwrap_or_default() / i64::try_from(count).unwrap_or(1);
            let made = days_after(date(2020, 1, 8), step, last);
            let disclosed = days_after(made, 7, last);
            let category = if n < normative { Category::Normative } else { Category::Official };
            sample.document(maker, category, n + 1, made, Some(disclosed)).await?;
        }
    }
    sample.document(Maker::Office, Category::Normative, 57, date(2020, 12, 29), None).await?;
    interpretations_of_2020(sample).await?;
    information::guide_and_rules(sample).await
}

/// 2020: 69 interpretations of documents disclosed in the year, each on the day of its document; from July on as pictures,
/// audio or video.
async fn interpretations_of_2020(sample: &mut Sample<'_>) -> Result<()> {
    let ctx = sample.desk(date(2020, 12, 31));
    let filter = service::row::DocumentFilter { disclosed_in: Some(2020), ..Default::default() };
    let all = sample.service.documents(&ctx, filter, service::Page::first(200)).await?;
    for (n, document) in all.iter().rev().take(69).enumerate() {
        let Some(on) = document.disclosed_on else { continue };
        let form = match (on >= date(2020, 7, 1), n % 4) {
            // Without files there are no words beside a picture.
            _ if !sample.service.takes_files() => Form::Text,
            (true, 0) => Form::Video,
            (true, 1) => Form::Audio,
            (true, _) => Form::Picture,
            (false, 0) => Form::Questions,
            (false, _) => Form::Text,
        };
        let title = document.title.trim_end_matches("（样例）").replace('《', "〈").replace('》', "〉");
        let title = format!("《{title}》解读");
        let ctx = sample.desk(on);
        let id = sample
            .service
            .interpret_document(ctx, document.id, on, (format!("{title}（样例）"), form))
            .await?;
        if sample.service.takes_files() {
            let ctx = sample.desk(on);
            sample.service.write_body(ctx, id, None, &explanation(&document.title)).await?;
        }
        let ctx = sample.desk(on);
        let event = DocumentEvent::Disclosed { url: None };
        sample.service.change_document(ctx, id, 2, Change::event(on, event)).await?;
    }
    Ok(())
}

/// What a sample interpretation says.
fn explanation(title: &str) -> String {
    format!(
        "一、起草背景\n\
         为做好相关工作，制定了《{title}》。\n\
         二、主要内容\n\
         明确了责任单位、完成时限和资金保障，适用于本行政区域内的单位和个人。\n\
         三、咨询方式\n\
         工作日可以到政务服务大厅咨询。"
    )
}

/// 2021: the pending one is disclosed, five normative documents are issued.
pub(super) async fn fill_2021(sample: &mut Sample<'_>) -> Result<()> {
    let officer = sample.desk(date(2021, 1, 8));
    let proactive = Some(DisclosureAttribute::Proactive.key().to_owned());
    let filter =
        service::row::DocumentFilter { made_in: Some(2020), attribute: proactive, ..Default::default() };
    let made = sample.service.documents(&officer, filter, service::Page::first(200)).await?;
    for pending in made.iter().filter(|d| d.disclosed_on.is_none()) {
        let on = date(2021, 1, 8);
        let ctx = sample.desk(on);
        let change = Change::event(on, DocumentEvent::Disclosed { url: None });
        let version = u32::try_from(pending.version).unwrap_or_default();
        sample.service.change_document(ctx, pending.id, version, change).await?;
    }
    let last = date(2021, 12, 20);
    for n in 0..36_usize {
        let maker = if n % 3 == 0 { Maker::Government } else { Maker::Office };
        let category = if n % 7 == 0 && n < 35 { Category::Normative } else { Category::Official };
        let made = days_after(date(2021, 1, 11), 9 * i64::try_from(n).unwrap_or_default(), last);
        sample.document(maker, category, n + 1, made, Some(days_after(made, 8, last))).await?;
    }
    Ok(())
}
