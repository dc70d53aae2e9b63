//! The flow chart of a request (流程图), drawn by the server: boxes from top to bottom, side steps to the right.
//!
//! Readers who do not see it get its one-paragraph description, and the list of steps that follows on the page.

use super::guide::term;
use askama::Template;
use jiff::civil::Date;

/// Width of the drawing, in its own units; a line of ten characters fits beside a side step on the smallest telephone.
const WIDTH: i32 = 340;
const MAIN: (i32, i32) = (8, 184);
const SIDE: (i32, i32) = (216, 116);
const LINE: i32 = 22;
const GAP: i32 = 30;

/// A box with its lines of text.
#[derive(Debug, Clone)]
pub struct Node {
    x: i32,
    y: i32,
    w: i32,
    h: i32,
    class: &'static str,
    lines: Vec<(i32, i32, String)>,
}

/// The chart.
#[derive(Debug, Clone, Template)]
#[template(path = "part/flow.html")]
pub struct Flow {
    width: i32,
    height: i32,
    nodes: Vec<Node>,
    arrows: Vec<String>,
    /// Words beside arrows: where, and which.
    answers: Vec<(i32, i32, &'static str)>,
    about: String,
}

fn node(at: (i32, i32), y: i32, class: &'static str, texts: &[&str]) -> Node {
    let rows = i32::try_from(texts.len()).unwrap_or(1);
    let lines = (1i32..).zip(texts).map(|(n, t)| (at.0 + at.1 / 2, y + n * LINE - 1, (*t).to_owned()));
    Node { x: at.0, y, w: at.1, h: rows * LINE + 12, class, lines: lines.collect() }
}

impl Flow {
    /// The chart with the terms in force on a day.
    pub fn of(today: Date) -> Flow {
        let (reply, more, correct) =
            (term("reply", today), term("extension", today), term("correction-notice", today));
        let main: [(&str, Vec<String>); 6] = [
            ("start", vec!["提交申请".into(), "不需要说明用途".into()]),
            ("step", vec!["双方确认".into(), "当日为收到申请之日".into()]),
            ("ask", vec!["申请内容明确吗？".into()]),
            ("step", vec!["查找信息，审查".into(), "能否公开".into()]),
            ("end", vec!["答复".into(), format!("{reply}内"), format!("最长可延长{more}")]),
            ("step", vec!["不服答复的，可以申请".into(), "行政复议、提起诉讼".into()]),
        ];
        let side: [(usize, Vec<String>); 2] = [
            (2, vec!["告知补正".into(), format!("{correct}内"), "补正后重新".into(), "计算期限".into()]),
            (3, vec!["征求第三方、".into(), "其他机关意见".into(), "期间不计入".into()]),
        ];
        let (mut nodes, mut arrows, mut answers, mut y) = (Vec::new(), Vec::new(), Vec::new(), 4);
        let middle = MAIN.0 + MAIN.1 / 2;
        for (n, (class, texts)) in main.iter().enumerate() {
            let words: Vec<&str> = texts.iter().map(String::as_str).collect();
            let step = node(MAIN, y, class, &words);
            let mut bottom = y + step.h;
            if let Some((_, texts)) = side.iter().find(|s| s.0 == n) {
                let words: Vec<&str> = texts.iter().map(String::as_str).collect();
                let beside = node(SIDE, y, "side", &words);
                let level = y + step.h / 2;
                arrows.push(format!("M{} {level}H{}", MAIN.0 + MAIN.1, SIDE.0));
                if *class == "ask" {
                    answers.push(((MAIN.0 + MAIN.1 + SIDE.0) / 2, level - 7, "否"));
                    answers.push((middle + 14, y + step.h + LINE, "是"));
                }
                bottom = bottom.max(y + beside.h - GAP / 2);
                nodes.push(beside);
            }
            if n + 1 < main.len() {
                arrows.push(format!("M{middle} {}V{}", y + step.h, bottom + GAP));
            }
            nodes.push(step);
            y = bottom + GAP;
        }
        let about = format!(
            "提交申请后，受理机关与您确认，确认之日为收到申请之日。申请内容不明确的，受理机关在{correct}内告知补正，补正后重新计算期限。\
             内容明确的，受理机关查找信息并审查能否公开，需要时征求第三方或者其他机关的意见，征求意见的时间不计入期限。\
             受理机关在{reply}内答复，最长可以延长{more}。对答复不服的，可以申请行政复议或者提起行政诉讼。"
        );
        Flow { width: WIDTH, height: y - GAP + 6, nodes, arrows, answers, about }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn the_chart_has_the_terms_in_force_and_stays_inside_its_frame() {
        let now = Flow::of(date(2024, 2, 5));
        let text: Vec<&str> = now.nodes.iter().flat_map(|n| &n.lines).map(|l| l.2.as_str()).collect();
        assert!(text.contains(&"20个工作日内") && text.contains(&"7个工作日内"), "{text:?}");
        assert!(now.about.contains("20个工作日内答复"));
        let before = Flow::of(date(2018, 2, 5));
        assert!(before.about.contains("15个工作日内答复"), "the text of 2007");
        for n in &now.nodes {
            assert!(n.x >= 0 && n.x + n.w <= now.width && n.y + n.h <= now.height, "{n:?}");
            let room = (n.w - 8) / 16;
            for line in &n.lines {
                let wide = i32::try_from(line.2.chars().count()).unwrap();
                assert!(wide <= room, "{} has more than {room} characters", line.2);
            }
        }
    }
}
