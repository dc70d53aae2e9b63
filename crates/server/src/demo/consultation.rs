//! Drafts put to the public: one of 2021 that led to a document of that year, and one that is open on the day the sample is
//! made.

use super::{Sample, days_after};
use jiff::civil::{Date, date};
use law::docket::consultation::{Adoption, Answer, ConsultationEvent, Outcome, Subject, Terms};
use law::docket::document::Category;
use law::docket::opinion::OpinionChannel;
use service::consultation::{NewConsultation, Reply, Said};
use service::{Actor, Change, Error, Result};
use uuid::Uuid;

/// What the finished one is about: a document of 2021 has the same subject.
const RULES: &str = "农村人居环境整治暂行规定";

/// What a draft says.
fn draft(title: &str) -> String {
    format!(
        "第一条　为了规范有关工作，根据有关法律、法规，制定本规定。\n\
         第二条　本市行政区域内的有关活动适用本规定。\n\
         第三条　乡镇人民政府、街道办事处负责组织实施，村（居）民委员会协助。\n\
         第四条　所需经费列入年度预算，按季度公开使用情况。\n\
         第五条　违反本规定的，由有关部门责令改正。\n\
         第六条　本规定自印发之日起施行，有效期两年。\n\
         （{title}，样例）"
    )
}

fn terms(about: &str, until: Date) -> Terms {
    Terms {
        background: format!(
            "为了做好{about}工作，起草了这份草案。\n草案共六条，规定了适用范围、责任单位、经费保障和监督。\n特别希望听取对第三条、第四条的意见（样例）。"
        ),
        until,
        shortened: String::new(),
        online: true,
        email: "sample@example.invalid".into(),
        address: "高平市样例路1号，邮政编码048400，请在信封上注明“征求意见”（样例）".into(),
        phone: "0000-0000000".into(),
    }
}

impl Sample<'_> {
    async fn consult(
        &mut self,
        (subject, title): (Subject, String),
        about: &str,
        (first, until): (Date, Date),
    ) -> Result<Uuid> {
        let new = NewConsultation {
            counted_by: self.office.to_string(),
            maker: self.government.to_string(),
            subject,
            title,
            terms: terms(about, until),
        };
        let ctx = self.desk(first);
        let id = self.service.begin_consultation(ctx, first, new).await?;
        if self.service.takes_files() {
            let ctx = self.desk(first);
            let standing = self.service.consultation_view(&ctx, id).await?.standing;
            let document = standing.and_then(|s| Uuid::parse_str(&s.document).ok()).unwrap_or_default();
            self.service.write_body(ctx, document, None, &draft(about)).await?;
        }
        self.consultation_event(id, first, ConsultationEvent::Opened { cleared: String::new() }).await?;
        Ok(id)
    }

    async fn consultation_event(&mut self, id: Uuid, on: Date, event: ConsultationEvent) -> Result<()> {
        let ctx = self.desk(on);
        let version = self.service.consultation_view(&ctx, id).await?.version;
        self.service.change_consultation(ctx, id, version, Change::event(on, event)).await?;
        Ok(())
    }

    async fn opinion(&mut self, id: Uuid, on: Date, text: &str, name: &str) -> Result<Uuid> {
        let said = Said { text: text.into(), name: name.into(), contact: String::new() };
        let ctx = self.at(Actor::Anonymous, on, 20);
        self.service.give_opinion(ctx, id, &said).await
    }

    async fn reply(&mut self, id: Uuid, on: Date, opinions: &[Uuid], reply: Reply) -> Result<()> {
        let ctx = self.desk(on);
        let version = self.service.consultation_view(&ctx, id).await?.version;
        self.service.answer_opinions(ctx, id, version, (opinions.to_vec(), reply)).await
    }
}

fn answer(summary: &str, adoption: Adoption, reason: &str) -> Reply {
    Reply::New(Answer { summary: summary.into(), adoption, reason: reason.into() })
}

/// 2021: five opinions, three answers, the outcome, and the document that came of it.
pub(super) async fn fill_2021(sample: &mut Sample<'_>) -> Result<()> {
    let title = format!("《高平市{RULES}（征求意见稿）》公开征求意见（样例）");
    let days = (date(2021, 3, 15), date(2021, 4, 15));
    let id = sample.consult((Subject::Normative, title), "农村人居环境整治", days).await?;
    let on = date(2021, 3, 20);
    let fees = [
        sample.opinion(id, on, "建议按月公开经费使用情况，方便村民监督。（样例）", "").await?,
        sample.opinion(id, on, "第四条的公开最好贴到村务公开栏。（样例）", "样例村民甲").await?,
    ];
    let duty =
        sample.opinion(id, date(2021, 4, 2), "第三条应写清楚由哪个部门牵头。（样例）", "样例村民乙").await?;
    let ctx = sample.desk(date(2021, 4, 8));
    let said = Said { text: "希望取消第五条。（样例）".into(), ..Said::default() };
    let by = (date(2021, 4, 6), OpinionChannel::Letter);
    let penalty = sample.service.record_opinion(ctx, id, by, &said).await?;
    let twice = sample
        .opinion(id, date(2021, 4, 9), "第四条的公开最好贴到村务公开栏。（样例）", "样例村民甲")
        .await?;
    let on = date(2021, 4, 20);
    sample.reply(id, on, &fees, answer("经费使用情况按月在村务公开栏公开", Adoption::Adopted, "")).await?;
    let partly = "草案增加了牵头部门；协助单位因职责分散，在实施方案中明确";
    sample.reply(id, on, &[duty], answer("明确牵头和协助的部门", Adoption::Partly, partly)).await?;
    let declined = "责令改正有上位法依据，删去后无法落实";
    sample.reply(id, on, &[penalty], answer("取消责令改正的规定", Adoption::Declined, declined)).await?;
    sample.reply(id, on, &[twice], Reply::SetAside("同一人重复提交（样例）".into())).await?;
    let outcome = Outcome {
        said: "征集期间，社会各界对草案提出了意见。经认真研究，采纳情况如下，感谢关心和支持。（样例）".into(),
        answers: Vec::new(),
    };
    let told = ConsultationEvent::OutcomeTold { outcome, cleared: String::new() };
    sample.consultation_event(id, date(2021, 4, 26), told).await?;
    let on = date(2021, 12, 21);
    let ctx = sample.desk(on);
    let filter = service::row::DocumentFilter {
        category: Some(Category::Normative.key().to_owned()),
        made_in: Some(2021),
        text: Some(RULES.into()),
        ..Default::default()
    };
    let found = sample.service.documents(&ctx, filter, service::Page::first(1)).await?;
    let document = found.first().ok_or_else(|| Error::Internal("the sample has this document".into()))?;
    let resulted = ConsultationEvent::Resulted { document: document.id.to_string() };
    sample.consultation_event(id, on, resulted).await
}

/// Open on this day: begun five days before, for thirty-five days.
pub(super) async fn open_on(sample: &mut Sample<'_>, today: Date) -> Result<()> {
    let first = days_after(today, -5, today);
    let title = "《高平市城区停车设施建设规划（草案）》公开征求意见（样例）".to_owned();
    let days = (first, days_after(today, 30, Date::MAX));
    let id = sample.consult((Subject::Decision, title), "城区停车设施建设", days).await?;
    let on = days_after(today, -2, today);
    sample.opinion(id, on, "老城区的停车位收费应当分时段，夜间免费。（样例）", "样例市民甲").await?;
    sample.opinion(id, on, "建议学校周边设置限时停车位。（样例）", "").await?;
    Ok(())
}
