//! 政府信息公开审查呈批单: everything needed to decide on one page, and a box for each step of the chain of review.

use super::{Field, Group, Row, SIGNED, Sheet, day, due};
use law::Date;
use law::review::Step;

/// What somebody concluded, where it is recorded already. Without it the box is left for the pen.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Opinion {
    /// The conclusion.
    pub text: String,
    /// Who.
    pub by: String,
    /// When.
    pub on: Option<Date>,
}

/// A draft answer on its way to the signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewSheet {
    /// The authority that decides.
    pub issuer: String,
    /// 申请编号
    pub request: String,
    /// 申请人
    pub applicant: String,
    /// 收到日期
    pub received_on: Option<Date>,
    /// 法定答复期限, after extension and consultation.
    pub due_on: Option<Date>,
    /// Whether a notice of the State Council may still move the due date.
    pub provisional: bool,
    /// 申请内容
    pub content: String,
    /// 检索、征求意见等办理情况
    pub handling: String,
    /// 拟作出的决定 and the title of the letter.
    pub decision: String,
    /// 依据
    pub basis: String,
    /// 承办单位
    pub unit: String,
    /// 承办人
    pub officer: String,
    /// 拟办意见
    pub proposal: Opinion,
    /// The steps of the chain, in their order, each with what was concluded.
    pub review: Vec<(Step, Opinion)>,
    /// The day this copy is made.
    pub printed_on: Date,
}

impl ReviewSheet {
    /// The form.
    pub fn sheet(&self) -> Sheet {
        let request = vec![
            Row::of(10, vec![Field::new("申请人", &self.applicant), Field::new("申请编号", &self.request)]),
            Row::of(
                10,
                vec![
                    Field::new("收到日期", &day(self.received_on)),
                    Field::new("答复期限", &due(self.due_on, self.provisional)),
                ],
            ),
            Row::of(20, vec![Field::new("申请内容", &self.content)]),
            Row::of(18, vec![Field::new("办理情况", &self.handling)]),
            Row::of(10, vec![Field::new("承办单位", &self.unit), Field::new("承办人", &self.officer)]),
            Row::of(12, vec![Field::new("拟作决定", &self.decision)]),
            Row::of(12, vec![Field::new("依据", &self.basis)]),
        ];
        let review = self.review.iter().map(|(step, opinion)| (step.label(), opinion));
        let boxes = [("拟办意见", &self.proposal)].into_iter().chain(review);
        let review = boxes.map(|(label, opinion)| Row::of(24, vec![box_of(label, opinion)]));
        let mut rows = request;
        rows.extend(review);
        Sheet {
            title: "政府信息公开审查呈批单".to_owned(),
            issuer: self.issuer.clone(),
            corner: String::new(),
            groups: vec![Group { label: String::new(), rows }],
            notes: vec!["延长答复期限的，须经政府信息公开工作机构负责人同意（《中华人民共和国政府信息公开条例》第三十三条）。".to_owned()],
            printed_on: self.printed_on,
        }
    }
}

fn box_of(label: &str, opinion: &Opinion) -> Field {
    if opinion.by.is_empty() {
        return Field::signed(label, &opinion.text, SIGNED);
    }
    Field::signed(label, &opinion.text, &format!("{}　{}", opinion.by, day(opinion.on)))
}
