//! The form of a proposed decision (拟办意见) and of a step of the approval chain.

use super::super::form::{Choice, Field, Typed};
use law::decision::Decision;
use law::docket::request::{Draft, RequestEvent, Standing, Withheld};
use law::review::Step;

/// Rows for parts withheld that an empty form has.
const ROWS: usize = 3;

/// The controls of a proposal, filled with the one it replaces.
pub fn draft_fields(decisions: Vec<Choice>, now: Option<&Draft>) -> Vec<Field> {
    let lines = |all: &[String]| all.join("\n");
    let mut fields = vec![
        Field::radio("decision", "拟作出的决定", decisions)
            .hint("只列出目前可以作出的决定；区分处理的选择“部分公开”")
            .value_if(now.map(|d| d.decision.key())),
        Field::area("facts", "查明的事实", 3)
            .hint("检索、征求意见的情况和结果，不写个人信息")
            .note("除予以公开外必填")
            .value_if(now.map(|d| &d.facts)),
        Field::area("basis", "依据", 2)
            .hint("每行一条，写明条、款、项；不填的，按所选决定填入条例的条款")
            .optional()
            .value_if(now.map(|d| lines(&d.basis))),
        Field::area("reasons", "理由", 4).note("除予以公开外必填").value_if(now.map(|d| &d.reasons)),
        Field::area("provided", "提供方式或者获取途径", 3)
            .hint("公开的，写明提供的内容、方式、时间；已主动公开的，写明网址、标题、文号；不属于本机关的，写明负责公开的机关和联系方式；信访、投诉、举报的，写明12345热线、信访机构等渠道，随告知书告知申请人")
            .note("公开、部分公开必填")
            .value_if(now.map(|d| &d.provided)),
        Field::area("attachments", "附件", 2)
            .hint("每行一件，写明名称和页数")
            .optional()
            .value_if(now.map(|d| lines(&d.attachments))),
        Field::heading("区分处理（只在部分公开时填写）"),
        Field::area("disclosed", "予以公开的部分", 2)
            .hint("每行一项")
            .optional()
            .value_if(now.map(|d| lines(&d.disclosed))),
    ];
    let withheld = now.map(|d| d.withheld.as_slice()).unwrap_or_default();
    for n in 0..ROWS.max(withheld.len() + 1) {
        let part = withheld.get(n);
        let field = |key: &str, label: &str| {
            Field::text(&format!("withheld_{}_{key}", n + 1), &format!("不予公开的第{}部分：{label}", n + 1))
                .optional()
        };
        fields.extend([
            field("what", "内容").value_if(part.map(|p| &p.what)),
            field("basis", "依据").value_if(part.map(|p| &p.basis)),
            field("reason", "理由").value_if(part.map(|p| &p.reason)),
        ]);
    }
    fields
}

/// The lines of a text, without empty ones.
pub fn lines(text: &str) -> Vec<String> {
    text.lines().map(|l| l.trim().to_owned()).filter(|l| !l.is_empty()).collect()
}

/// The proposal that was typed. The steps of the chain are filled in by the service.
pub fn read_draft(t: &mut Typed) -> Option<RequestEvent> {
    let decision = t.read("decision", "拟作出的决定", Decision::parse)?;
    let mut basis = lines(t.get("basis"));
    if basis.is_empty() && !decision.citation().is_empty() {
        basis.push(decision.citation().to_owned());
    }
    let mut withheld = Vec::new();
    for n in 1.. {
        let get = |key: &str| t.get(&format!("withheld_{n}_{key}")).to_owned();
        let part = Withheld { what: get("what"), basis: get("basis"), reason: get("reason") };
        let empty = part.what.is_empty() && part.basis.is_empty() && part.reason.is_empty();
        if empty && !t.pairs().iter().any(|(name, _)| *name == format!("withheld_{n}_what")) {
            break;
        }
        if !empty {
            withheld.push(part);
        }
    }
    let draft = Draft {
        decision,
        facts: t.get("facts").to_owned(),
        basis,
        reasons: t.get("reasons").to_owned(),
        disclosed: lines(t.get("disclosed")),
        withheld,
        provided: t.get("provided").to_owned(),
        attachments: lines(t.get("attachments")),
    };
    Some(RequestEvent::Drafted { draft, chain: Vec::new() })
}

/// The step that is due, or that of an entry that is corrected.
pub fn step_of(standing: Option<&Standing>, event: Option<&RequestEvent>) -> Option<Step> {
    match event {
        Some(RequestEvent::Reviewed { step, .. }) => Some(*step),
        _ => standing?.proposal.as_ref()?.next(),
    }
}

/// The controls of a step of the chain.
pub fn review_fields(standing: Option<&Standing>, event: Option<&RequestEvent>) -> Vec<Field> {
    let step = step_of(standing, event);
    let steps = step.map(|s| Choice::new(s.key(), s.label())).into_iter().collect();
    let results = vec![Choice::new("true", "通过"), Choice::new("false", "退回重新拟办")];
    let now = if let Some(RequestEvent::Reviewed { passed, opinion, .. }) = event {
        Some((passed.to_string(), opinion.clone()))
    } else {
        None
    };
    let (passed, opinion) = now.unzip();
    vec![
        Field::select("step", "环节", steps).value_if(step.map(Step::key)),
        Field::radio("passed", "结论", results).value_if(passed),
        Field::area("opinion", "意见", 3).note("退回时必填").value_if(opinion),
    ]
}
