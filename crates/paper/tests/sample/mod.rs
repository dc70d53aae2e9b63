//! Reports of invented authorities, for the tests and for a look at the paper (`cargo run -p paper --example sample`).

use law::Amount;
use law::form::count::Parts;
use law::form::narrative::{Paragraph, Run};
use law::form::{Figures, Form};
use paper::Report;

/// A report that owns its parts.
pub struct Sample {
    pub name: &'static str,
    pub organization: String,
    pub year: i16,
    pub title: String,
    pub figures: Figures,
    pub introduction: Vec<Paragraph>,
    pub parts: [Vec<Paragraph>; 6],
    pub signed_by: String,
    pub signed_on: Option<law::Date>,
    pub notice: Option<String>,
}

impl Sample {
    pub fn form(&self) -> &'static Form {
        Form::for_year(self.year).unwrap()
    }

    pub fn report(&self) -> Report<'_> {
        Report {
            organization: &self.organization,
            year: self.year,
            title: &self.title,
            form: self.form(),
            figures: &self.figures,
            introduction: &self.introduction,
            parts: self.parts.each_ref().map(Vec::as_slice),
            signed_by: &self.signed_by,
            signed_on: self.signed_on,
            notice: self.notice.as_deref(),
            links: None,
        }
    }

    /// Every label of the tables and every figure, in the order of the printed page.
    pub fn labels_and_figures(&self) -> Vec<String> {
        let mut all = Vec::new();
        for table in self.form().tables() {
            for row in table.rows {
                all.extend(row.heads.into_iter().map(|h| h.text));
                all.extend(
                    row.values.iter().filter_map(|v| self.figures.get(&v.cell)).map(|v| v.to_string()),
                );
            }
        }
        all
    }
}

fn plain(text: &str) -> Paragraph {
    Paragraph { heading: false, runs: vec![Run { text: text.into(), reference: None }] }
}

fn heading(text: &str) -> Paragraph {
    Paragraph { heading: true, runs: vec![Run { text: text.into(), reference: None }] }
}

fn with_figure(before: &str, figure: &str, name: &str, after: &str) -> Paragraph {
    let run =
        |text: &str, reference: Option<&str>| Run { text: text.into(), reference: reference.map(Into::into) };
    Paragraph { heading: false, runs: vec![run(before, None), run(figure, Some(name)), run(after, None)] }
}

/// Counted cells from `pick`, computed cells added up.
fn figures(form: &Form, mut pick: impl FnMut(usize, &str) -> Option<Amount>) -> Figures {
    let mut figures = Figures::default();
    let cells = form.cells();
    for (i, cell) in cells.iter().filter(|c| !c.computed).enumerate() {
        figures.0.insert(cell.id.clone(), pick(i, &cell.id));
    }
    // Totals of totals need two rounds.
    for _ in 0..2 {
        for cell in cells.iter().filter(|c| c.computed) {
            let Some(Parts::Sum(parts)) = form.parts(&cell.id) else { panic!("{} is no sum", cell.id) };
            let sum: Amount = parts.iter().map(|p| figures.value(p)).sum();
            figures.set(cell.id.clone(), sum);
        }
    }
    figures
}

fn introduction(organization: &str, year: i16) -> Vec<Paragraph> {
    vec![
        plain(&format!(
            "本报告根据《中华人民共和国政府信息公开条例》（国务院令第711号）和有关规定编制，由总体情况、主动公开政府信息情况、收到和处理政府信息公开申请情况、政府信息公开行政复议和行政诉讼情况、存在的主要问题及改进情况、其他需要报告的事项六部分组成。本报告中所列数据的统计期限自{year}年1月1日起至{year}年12月31日止。"
        )),
        plain(&format!(
            "本报告的电子版可在示例县人民政府门户网站下载。如对本报告有疑问，请与{organization}联系（地址：示例县中心街1号，邮编：000000，电话：0000-0000000，电子邮箱：gongkai@example.cn）。"
        )),
    ]
}

fn parts() -> [Vec<Paragraph>; 6] {
    [
        vec![
            plain("全年以公开为常态、不公开为例外，持续做好政府信息公开各项工作，有关情况如下。"),
            heading("（一）主动公开"),
            with_figure(
                "全年通过政府门户网站主动公开政府信息",
                "1286",
                "documents.published",
                "条，其中重点领域信息占比为61.4%。",
            ),
            plain(
                "围绕财政预决算、重大建设项目、公共资源配置、社会公益事业等重点领域，按照“谁制作、谁公开，谁保存、谁负责”的原则逐项核对公开目录，做到应公开尽公开。",
            ),
            heading("（二）依申请公开"),
            with_figure(
                "全年收到政府信息公开申请",
                "24",
                "requests.new_requests.total",
                "件，均在法定期限内答复。",
            ),
            plain(
                "规范登记、审核、办理、答复、归档五个环节，对内容不明确的申请一次性告知补正，与申请人充分沟通，减少不必要的争议。",
            ),
            heading("（三）政府信息管理"),
            plain(
                "公文制发实行公开属性源头认定，公开前履行保密审查，行政规范性文件集中公开并动态更新，失效、废止的文件及时标注。",
            ),
            heading("（四）政府信息公开平台建设"),
            plain(
                "门户网站设置政府信息公开专栏，政务新媒体同步发布，政务服务大厅设置公开专区，提供查询、打印和申请受理服务。",
            ),
            heading("（五）监督保障"),
            with_figure("12345政务服务便民热线全年受理", "2629", "hotline.received", "件，按期办结率99.2%。"),
            plain("把政府信息公开纳入年度考核，开展社会评议，未发生需要追究责任的情形。"),
        ],
        vec![],
        vec![],
        vec![],
        vec![
            plain(
                "存在的主要问题：一是部分公开内容更新不够及时；二是政策解读形式比较单一；三是基层工作人员业务能力有待提高。",
            ),
            plain(
                "改进情况：一是建立公开内容更新提醒制度，逐栏目明确责任单位和更新时限；二是丰富解读形式，以图表、问答、短片等方式回应群众关切；三是组织业务培训，以案说法，提高依法答复的质量。",
            ),
            plain("下一步将继续对照国家有关要求逐项落实，把公开的成效体现在群众办事的便利上。"),
        ],
        vec![
            plain("依据《政府信息公开信息处理费管理办法》，全年没有收取信息处理费。"),
            plain("没有其他需要报告的事项。"),
        ],
    ]
}

fn title(organization: &str, year: i16) -> String {
    format!("{organization}{year}年政府信息公开工作年度报告")
}

/// An ordinary county office, form of 2021.
pub fn ordinary() -> Sample {
    let organization = "示例县人民政府办公室".to_owned();
    let form = Form::for_year(2024).unwrap();
    Sample {
        name: "ordinary",
        year: 2024,
        title: title(&organization, 2024),
        figures: figures(form, |i, id| {
            Some(if id == "proactive.charges.amount" {
                "316441.25".parse().unwrap()
            } else {
                Amount::whole(((i * 7) % 5 * (i % 3)) as i64)
            })
        }),
        introduction: introduction(&organization, 2024),
        parts: parts(),
        signed_by: organization.clone(),
        signed_on: Some(law::date(2025, 1, 21)),
        notice: None,
        organization,
    }
}

/// The 2019 form with signed changes, money with its unit, a notice and a long name.
pub fn old_form() -> Sample {
    let organization = "示例市示例区退役军人事务和医疗保障及乡村振兴综合服务中心".to_owned();
    let form = Form::for_year(2020).unwrap();
    Sample {
        name: "old_form",
        year: 2020,
        title: title(&organization, 2020),
        figures: figures(form, |i, id| {
            Some(Amount::whole(match id {
                "proactive.procurement.amount" => 390_785,
                id if id.ends_with(".change") => -(i as i64),
                _ => (i % 4) as i64,
            }))
        }),
        introduction: introduction(&organization, 2020),
        parts: parts(),
        signed_by: organization.clone(),
        signed_on: Some(law::date(2021, 1, 27)),
        notice: Some(
            "更正说明：本报告于2021年3月1日更正，第三部分“（三）不予公开”第8项由0更正为1，其余内容不变。"
                .into(),
        ),
        organization,
    }
}

/// A province: the largest figures met, text of twenty paragraphs, text after tables.
pub fn large() -> Sample {
    let organization = "示例省人民政府".to_owned();
    let form = Form::for_year(2024).unwrap();
    let mut parts = parts();
    for n in 1..=20 {
        parts[0].push(plain(&format!(
            "第{n}项工作已按年度要点完成，有关责任单位逐月报告进展，全年召开推进会{n}次，现场督导{}次，公开有关信息{}条，群众满意度达到9{}.{}%。",
            n * 2,
            n * 317,
            n % 10,
            n % 7,
        )));
    }
    for (i, part) in [1, 2, 3].into_iter().zip(["行政许可", "依申请公开", "复议诉讼"]) {
        parts[i].push(plain(&format!("注：{part}数据含所属单位，统计口径与上年一致。")));
    }
    Sample {
        name: "large",
        year: 2024,
        title: title(&organization, 2024),
        figures: figures(form, |i, _| {
            Some(Amount::whole(if i % 5 == 0 { 11_398_889 } else { (i as i64) * 1103 }))
        }),
        introduction: introduction(&organization, 2024),
        parts,
        signed_by: organization.clone(),
        signed_on: Some(law::date(2025, 1, 31)),
        notice: None,
        organization,
    }
}

/// A township that had nothing: every figure 0, no text but the least, unsigned draft.
pub fn zero() -> Sample {
    let organization = "示例县示例镇人民政府".to_owned();
    let form = Form::for_year(2025).unwrap();
    Sample {
        name: "zero",
        year: 2025,
        title: title(&organization, 2025),
        figures: figures(form, |_, _| Some(Amount::ZERO)),
        introduction: introduction(&organization, 2025),
        parts: [
            vec![plain("本年没有制作规章和行政规范性文件。")],
            vec![],
            vec![],
            vec![],
            vec![plain("无。")],
            vec![plain("无")],
        ],
        signed_by: organization.clone(),
        signed_on: None,
        notice: Some("草稿，未经批准".into()),
        organization,
    }
}

/// A published report read back: some cells were left blank.
pub fn blank() -> Sample {
    let mut sample = ordinary();
    sample.name = "blank";
    for (i, value) in sample.figures.0.values_mut().enumerate() {
        if i % 3 == 0 {
            *value = None;
        }
    }
    sample
}

/// Text that tries to be something else in every format.
pub const HOSTILE: &[&str] = &[
    "<script>alert(1)</script>",
    "]]>",
    "{{hotline.received}}",
    "#import \"/etc/passwd\"",
    "#set page(fill: red)",
    "$x^2$ \\pagebreak @label *strong* _emph_ `raw`",
    "=1+cmd|' /C calc'!A0",
    "+1 -1 @SUM(A1)",
    "&lt;b&gt;&#x41;",
    "甲\u{0}乙\u{8}丙\u{b}丁\u{1b}",
    "\u{202e}反写\u{202c}\u{200f}",
    "</w:t></w:r></w:p><w:tbl>",
    "-->",
    "\"引号' onclick=\"x",
    "[链接](javascript:alert(1)) | 竖线",
];

/// What of a hostile text is left in a document: its characters without controls and direction overrides.
pub fn shown(hostile: &str) -> String {
    hostile.chars().filter(|c| !c.is_control() && !matches!(c, '\u{202a}'..='\u{202e}')).collect()
}

/// An ordinary report whose every text is hostile, with a paragraph of 10 000 characters.
pub fn hostile() -> Sample {
    let mut sample = ordinary();
    sample.name = "hostile";
    let all: Vec<Paragraph> = HOSTILE.iter().map(|t| plain(t)).collect();
    sample.introduction = all.clone();
    sample.parts = std::array::from_fn(|_| all.clone());
    sample.parts[0].extend(HOSTILE.iter().map(|t| heading(t)));
    sample.parts[0].push(plain(&"长".repeat(10_000)));
    sample.parts[0].push(with_figure("", "<7>", "a\" onclick=\"x", ""));
    sample.organization = "<i>示例县</i> & \u{7}".into();
    sample.title = "=HYPERLINK(\"x\") <示例> #title ]]>".into();
    sample.signed_by = "$示例$ </article>".into();
    sample.notice = Some("#panic() <!-- {{x}}".into());
    sample
}

/// All of them.
pub fn all() -> [Sample; 6] {
    [ordinary(), old_form(), large(), zero(), blank(), hostile()]
}
