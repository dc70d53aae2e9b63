//! Samples of the desk's pages: full, empty, and for somebody who may only read.

use super::super::form::{Field, Form, Problems, Typed};
use super::super::frame::{Badge, Frame, Link};
use super::super::samples::badge;
use super::account::{AccountLine, AccountPage, AccountsPage};
use super::board::{BoardPage, Count};
use super::cell::{CellPage, PartRow, RecordRow};
use super::docket::{ClockLine, ConflictPage, DocketPage, DueBox, Line};
use super::inspection::InspectionPage;
use super::inspection_list::{InspectionLine, InspectionsPage, Taken};
use super::journal::{JournalPage, JournalRow};
use super::notice::{NoticeLine, NoticesPage};
use super::register::{FormPage, Item, ListPage, ListRow, Listing, Said};
use super::report::{CoverLine, FindingView, ReportPage, WayStep};
use super::report_list::{ReportLine, ReportsPage};
use super::request::ApplicantPage;
use super::text::{FactRow, TextPage};
use super::transfer::ImportPage;
use law::Step;
use law::form::narrative;
use service::transfer::BadRow;

fn row() -> ListRow {
    let cells = ["2020-00001", "样例申请内容", "法律服务机构", "市政府", "2020年3月8日", "2020年4月6日"];
    ListRow { href: "/desk/requests/1".into(), cells: cells.map(str::to_owned).into(), badge: badge() }
}

fn due() -> DueBox {
    DueBox {
        on: "2020年4月6日".into(),
        left: badge(),
        provisional: true,
        steps: vec![Step::new("2020年3月8日为收到申请之日", "条例第三十一条"), Step::new("20个工作日", "")],
    }
}

fn lines() -> Vec<Line> {
    let said = || Said::plain("作出决定").item("决定", "予以公开");
    let line = |ordinal, correct: &str| Line {
        ordinal,
        seq: i64::from(ordinal),
        said: said(),
        on: "2020年3月8日".into(),
        at: "2020年3月8日 09:30".into(),
        who: "样例经办人".into(),
        correct: correct.into(),
        ..Line::default()
    };
    vec![
        Line {
            corrects: "更正第1条记录：日期有误".into(), ..line(2, "/desk/requests/1/correct/2")
        },
        Line { corrected_by: "已被第2条记录更正".into(), ..line(1, "") },
    ]
}

fn form(name: &str) -> Form {
    Form::post("/x", "登记", vec![Field::area(name, "意见", 2)]).hide("version", 1)
}

impl ListPage {
    pub(crate) fn samples(frame: &Frame) -> Vec<Self> {
        let page = |rows: Vec<ListRow>, filtered, next: &str| ListPage {
            frame: frame.clone(),
            filter: Form::get("/desk/requests", "筛选", vec![Field::text("q", "编号或者内容").optional()]),
            listing: Listing {
                columns: vec![
                    "编号",
                    "申请内容",
                    "申请人类别",
                    "受理机关",
                    "收到日期",
                    "答复期限",
                    "办理阶段",
                ],
                rows,
                next: None,
            },
            item: "申请",
            filtered,
            begin: Some(Link::new("/desk/requests/new", "登记申请")),
            import: Some(Link::new("/desk/requests/import", "导入")),
            more: vec![Link::new("/desk/requests/ledger", "登记台账")],
            exports: vec![Link::new("/desk/requests/export/csv", "导出CSV")],
            next: next.into(),
        };
        let reading = ListPage { begin: None, import: None, ..page(vec![row()], false, "") };
        vec![
            page(vec![row(), row()], false, "/desk/requests?after=x"),
            page(vec![], true, ""),
            page(vec![], false, ""),
            reading,
        ]
    }
}

impl FormPage {
    pub(crate) fn samples(frame: &Frame, form: &Form, typed: &Typed) -> Vec<Self> {
        let refused = FormPage::new(frame.clone(), form.clone(), typed);
        let mut two = FormPage::new(frame.clone(), form.clone(), &Typed::default());
        two.lead = "更正不会删除原记录。".into();
        two.other = Some(self::form("void_reason"));
        two.other_heading = "作废";
        vec![refused, two]
    }
}

impl DocketPage {
    pub(crate) fn samples(frame: &Frame) -> Vec<Self> {
        let full = || DocketPage {
            frame: frame.clone(),
            item: "申请",
            badge: badge(),
            items: vec![
                Item::new("申请内容", "样例"),
                Item::new("公开网址", "链接").link("https://example.invalid/"),
            ],
            sections: vec![
                super::handover::sample_section(),
                super::submission::sample_section(),
                super::case_paper::sample_section(),
                super::file::sample_section(),
                super::interpretation::sample_section(),
                super::catalogue::sample_section(),
                super::consultation::sample_section(),
                super::opinion::sample_section(),
                super::channel::sample_section(),
                super::delivery::sample_section(),
                super::proactive::sample_section(),
            ],
            links: vec![Link::new("/desk/disputes?request=1", "相关复议诉讼")],
            due: Some(due()),
            clocks: vec![ClockLine {
                what: "征求意见答复：样本公司".into(),
                by: "被征求意见方",
                on: "2020年3月30日".into(),
                left: badge(),
                steps: due().steps,
            }],
            told: vec!["2020年3月9日：“答复申请人”的期限由2020年4月3日改为2020年4月6日".into()],
            steps: vec![Link::new("/desk/requests/1/record/decided", "作出决定")],
            late: vec![Link::new("/desk/requests/1/record/correction-noticed", "告知补正")],
            history: lines(),
            gone: false,
        };
        let gone = DocketPage {
            gone: true,
            items: vec![],
            sections: vec![super::content::sample_section()],
            due: None,
            clocks: vec![],
            told: vec![],
            steps: vec![],
            late: vec![],
            ..full()
        };
        vec![full(), gone]
    }
}

impl ConflictPage {
    pub(crate) fn samples(frame: &Frame) -> Vec<Self> {
        let page = |items| ConflictPage {
            frame: frame.clone(),
            sentence: "这份申请刚刚被其他人修改".into(),
            items,
            back: Link::new("/desk/requests/1", "查看最新内容"),
        };
        vec![page(vec![Item::new("决定日期", "2020-03-08")]), page(vec![])]
    }
}

impl ApplicantPage {
    pub(crate) fn samples(frame: &Frame) -> Vec<Self> {
        let items = vec![Item::new("姓名或者名称", "样本甲")];
        vec![ApplicantPage {
            frame: frame.clone(), items, back: Link::new("/desk/requests/1", "返回申请")
        }]
    }
}

fn report_lines() -> Vec<ReportLine> {
    vec![ReportLine {
        href: "/desk/reports/sample/2020".into(),
        unit: "样例市教育局".into(),
        scope: "本机关",
        stage: Badge::new("起草中", "yellow"),
        deadline: "2021年1月31日".into(),
        left: badge(),
        published: "—".into(),
    }]
}

impl BoardPage {
    pub(crate) fn samples(frame: &Frame) -> Vec<Self> {
        let page = |rows: Vec<ListRow>, reports, reads| BoardPage {
            frame: frame.clone(),
            today: "今天是2020年3月8日，星期日".into(),
            scopes: vec![
                Link { here: true, ..Link::new("/desk?scope=own", "本单位") },
                Link::new("/desk", "本单位和下级单位"),
            ],
            counts: vec![
                Count { here: true, ..Count::new("已逾期", 1, "red", "/desk?urgency=late") },
                Count::new("期限以内", 2, "green", "/desk?urgency=in-time"),
            ],
            heading: "已逾期的申请".into(),
            next: rows.first().map(|_| "/desk?after=2020-03-08_1".to_owned()).unwrap_or_default(),
            due: rows,
            year: 2019,
            reports,
            may_edit: reads,
            reads,
        };
        vec![page(vec![row()], report_lines(), true), page(vec![], vec![], true), page(vec![], vec![], false)]
    }
}

impl NoticesPage {
    pub(crate) fn samples(frame: &Frame) -> Vec<Self> {
        let line = |unread, href: &str| NoticeLine {
            text: "申请2020-00001的“答复申请人”还剩3个工作日，2020年4月6日到期，请抓紧办理".into(),
            href: href.into(),
            at: "2020年4月1日 07:00".into(),
            unread,
        };
        let page = |lines: Vec<NoticeLine>, read, next: &str| NoticesPage {
            frame: frame.clone(),
            lines,
            read,
            next: next.into(),
        };
        let read = Form::post("/desk/notices", "全部标为已读", Vec::new()).hide("id", 1).hide("id", 2);
        let lines = vec![line(true, "/desk/requests/1"), line(false, "")];
        vec![page(lines, Some(read), "/desk/notices?after=1_2"), page(vec![], None, "")]
    }
}

impl ReportsPage {
    pub(crate) fn samples(frame: &Frame) -> Vec<Self> {
        let page = |lines: Vec<ReportLine>| ReportsPage {
            frame: frame.clone(),
            inspections: (!lines.is_empty()).then(|| Link::new("/desk/inspections", "核查已公布的报告")),
            collections: (!lines.is_empty()).then(|| Link::new("/desk/collections", "报告汇总")),
            filter: Form::get("/desk/reports", "查看", vec![Field::number("year", "报告年度")]),
            year: 2020,
            lines,
        };
        vec![page(report_lines()), page(vec![])]
    }
}

impl InspectionsPage {
    pub(crate) fn samples(frame: &Frame, problems: &Problems) -> Vec<Self> {
        let line = InspectionLine {
            href: "/desk/inspections/1".into(),
            name: "某县某局2023年度报告".into(),
            file: "某县某局关于2023年度政府信息公开工作情况的报告（定稿）.html".into(),
            form: "2021年格式".into(),
            state: vec![Badge::new("错误2项待处理", "red"), Badge::new("1处未读取", "yellow")],
            belongs: "某局2023年".into(),
            read_on: "2024年3月1日".into(),
        };
        let taken =
            |href: &str, why: &str| Taken { file: "报告.pdf".into(), href: href.into(), why: why.into() };
        let full = InspectionsPage {
            frame: frame.clone(),
            problems: problems.clone(),
            form: form("files"),
            filter: Form::get("/desk/inspections", "查看", vec![Field::number("year", "报告年度")]),
            taken: vec![taken("/desk/inspections/1", ""), taken("", "文件是扫描件，没有可以读取的文字")],
            lines: vec![line],
            findings: "/desk/inspections/findings.xlsx".into(),
            rules: "/desk/units/1/rules".into(),
            next: "/desk/inspections?after=1_1".into(),
        };
        let bare = InspectionsPage {
            problems: Problems::default(),
            taken: vec![],
            lines: vec![],
            rules: String::new(),
            next: String::new(),
            ..full.clone()
        };
        vec![full, bare]
    }
}

impl InspectionPage {
    pub(crate) fn samples(frame: &Frame, problems: &Problems) -> Vec<Self> {
        let finding = |n: usize, form: Option<Form>, waived: &str| FindingView {
            id: "T3-H".into(),
            anchor: format!("finding-{n}"),
            severity: Badge::new("错误", "red"),
            verdict: "不符",
            message: "表三“(一)予以公开”的“自然人”为6，应为5（多1）".into(),
            quote: "予以公开6件".into(),
            citation: "国办公开办函〔2021〕30号表三".into(),
            cells: vec![Link::new("#read", "表三“(一)予以公开”的“自然人”")],
            place: "第3页第14行".into(),
            act: "处理",
            blocks: "",
            waived: waived.into(),
            refused: n == 1,
            form,
        };
        let full = InspectionPage {
            frame: frame.clone(),
            problems: problems.clone(),
            state: Badge::new("2021年格式", "blue"),
            facts: vec![
                ("文件", "报告.pdf".into()),
                ("标题", "某县某局2023年政府信息公开工作年度报告".into()),
            ],
            summary: "错误2项，预警0项，提示0项。".into(),
            unread: vec!["表四：表四有12个数据，应当是15个".into()],
            outdated: Some(("核查规则已经改变，现在使用法定规则。".into(), form("recheck"))),
            rules: Link::new("/x", "某市人民政府的核查规则设置（第3版，2024年2月1日）"),
            findings: vec![
                finding(1, Some(form("judgement-1")), ""),
                finding(2, Some(form("judgement-2")), "2024年3月2日属实"),
            ],
            downloads: vec![Link::new("/x", "核查意见（Word文档）")],
            actions: vec![("归入历年报告", form("unit"))],
            original: "<p class=\"page-mark\">第1页</p><p>一、总体情况</p>".into(),
            article: "<article class=\"report\"><h2 class=\"report-title\">样例</h2></article>".into(),
            history: lines(),
        };
        let bare = InspectionPage {
            frame: frame.clone(),
            problems: Problems::default(),
            state: Badge::new("已作废", "grey"),
            facts: vec![],
            summary: "错误0项，预警0项，提示0项。".into(),
            unread: vec![],
            outdated: None,
            rules: Link::new("/x", "法定规则，没有本地设置"),
            findings: vec![],
            downloads: vec![],
            actions: vec![],
            original: String::new(),
            article: String::new(),
            history: vec![],
        };
        vec![full, bare]
    }
}

impl ReportPage {
    pub(crate) fn samples(frame: &Frame, problems: &Problems) -> Vec<Self> {
        let finding = |n: usize, form: Option<Form>, waived: &str| FindingView {
            id: "T3-B".into(),
            anchor: format!("finding-{n}"),
            severity: Badge::new("错误", "red"),
            verdict: "不符",
            message: "第一项加第二项之和为3，第三项加第四项之和为2".into(),
            quote: "收到申请3件".into(),
            citation: "国办公开办函〔2021〕30号".into(),
            cells: vec![Link::new("/x", "表三“一”的“总计”"), Link::new("/y", "表三“四”的“总计”")],
            place: String::new(),
            act: "作出说明",
            blocks: "妨碍公布",
            waived: waived.into(),
            refused: n == 1,
            form,
        };
        let full = || {
            ReportPage {
            frame: frame.clone(),
            problems: problems.clone(),
            stage: Badge::new("起草中", "yellow"),
            way: ["起草", "审核"].map(|label| WayStep { label, state: "now" }).into(),
            deadline: due(),
            as_of: "2021年1月20日 09:30".into(),
            back_in_draft: "2021年1月20日退回修改：请核对表二".into(),
            actions: vec![("审核", form("review_note"))],
            waiting: "报告正在起草。",
            findings: vec![finding(1, Some(form("reason-1")), ""), finding(2, Some(form("reason-2")), "已说明"), finding(3, None, "")],
            summary: "错误3项。".into(),
            outdated: vec!["表二的数字已有变化".into()],
            parts: vec![Link::new("/x", "总体情况")],
            downloads: vec![Link::new("/x", "PDF文件")],
            public: Some(Link::new("/reports/sample/2020", "公众看到的页面")),
            filing: Some(Link::new("/desk/report-filings/sample/2020", "向汇总机关报送")),
            covered: "应当汇总2个机关的报告，已接收1个。".into(),
            coverage: vec![CoverLine {
                unit: Link::new("/desk/report-filings/sample/2020", "样例局"),
                state: Badge::new("已接收", "green"),
                note: "第2次报送".into(),
            }],
            article: "<article class=\"report\"><h2 class=\"report-title\">样例</h2><h3 class=\"report-part\">一、总体情况</h3></article>".into(),
            history: lines(),
        }
        };
        let bare = ReportPage {
            problems: Problems::default(),
            findings: vec![],
            actions: vec![],
            parts: vec![],
            outdated: vec![],
            public: None,
            filing: None,
            coverage: vec![],
            history: vec![],
            back_in_draft: String::new(),
            ..full()
        };
        vec![full(), bare]
    }
}

impl CellPage {
    pub(crate) fn samples(frame: &Frame) -> Vec<Self> {
        let record = || RecordRow {
            link: Link::new("/desk/requests/1", "样例申请"),
            kind: "依申请公开",
            number: "2020-00001".into(),
            on: "2020年3月8日".into(),
            contributes: "1".into(),
        };
        let page = |parts: Vec<PartRow>, records: Vec<RecordRow>, truncated| CellPage {
            frame: frame.clone(),
            id: "requests.new_requests.total".into(),
            value: "2".into(),
            explained: "“办结”除以全年工作日数。".into(),
            parts_sum: "2".into(),
            units: parts
                .iter()
                .map(|_| PartRow { link: Link::new("/u", "样例局"), value: "1".into() })
                .collect(),
            own: "1".into(),
            summed: "1个机关中有1个不为0。".into(),
            parts,
            records_sum: "2".into(),
            records,
            truncated,
            back: Link::new("/desk/reports/sample/2020", "样例市2020年度报告"),
        };
        let part = PartRow { link: Link::new("/x", "表三“一”的“自然人”"), value: "2".into() };
        vec![
            page(vec![part], vec![record(), record()], false),
            page(vec![], vec![record()], true),
            page(vec![], vec![], false),
        ]
    }
}

impl TextPage {
    pub(crate) fn samples(frame: &Frame, problems: &Problems) -> Vec<Self> {
        let text = "## 聚焦回应\n全年收到{{hotline.received}}条。";
        let fact = || FactRow {
            label: "12345热线受理数量".into(),
            value: "2629条".into(),
            insert: "{{hotline.received}}".into(),
            register: "热线平台".into(),
        };
        let page = |text: &str, problems: &Problems| TextPage {
            frame: frame.clone(),
            problems: Problems { all: problems.all.iter().filter(|p| p.field.is_empty()).cloned().collect() },
            form: Form::post("/x", "保存", vec![Field::area("text", "正文", 18).value(text)]),
            parts: vec![Link { here: true, ..Link::new("/x", "总体情况") }],
            facts: vec![fact()],
            cells: vec![fact()],
            preview: narrative::render(text, |_| Some("2629".into())).unwrap(),
            back: Link::new("/x", "样例市2020年度报告"),
        };
        vec![page(text, problems), page("", &Problems::default())]
    }
}

impl AccountsPage {
    pub(crate) fn samples(frame: &Frame) -> Vec<Self> {
        let line = AccountLine {
            link: Link::new("/desk/accounts/officer", "officer"),
            name: "样例经办人".into(),
            unit: "全部机关".into(),
            roles: "信息公开工作人员".into(),
            email: "officer@example.invalid".into(),
            state: Badge::new("可用", "green"),
        };
        vec![AccountsPage { frame: frame.clone(), lines: vec![line] }]
    }
}

impl AccountPage {
    pub(crate) fn samples(frame: &Frame, problems: &Problems) -> Vec<Self> {
        vec![AccountPage {
            frame: frame.clone(),
            problems: problems.clone(),
            items: vec![Item::new("使用人", "样例经办人")],
            forms: vec![("调整角色", form("roles")), ("重设密码", form("password"))],
        }]
    }
}

impl JournalPage {
    pub(crate) fn samples(frame: &Frame) -> Vec<Self> {
        let row = |href: &str| JournalRow {
            seq: 1,
            at: "2020年3月8日 09:30".into(),
            who: "样例经办人".into(),
            kind: "申请",
            href: href.into(),
            event: "作出决定".into(),
            on: "2020年3月8日".into(),
            hash: "0011223344556677".into(),
        };
        let page = |rows, next: &str| JournalPage {
            frame: frame.clone(),
            filter: Form::get(
                "/desk/journal",
                "查看",
                vec![Field::number("after", "从第几条之后开始").optional()],
            ),
            rows,
            next: next.into(),
            before: next.into(),
        };
        vec![page(vec![row("/desk/requests/1"), row("")], "/desk/journal?after=100"), page(vec![], "")]
    }
}

impl ImportPage {
    pub(crate) fn samples(frame: &Frame, form: &Form) -> Vec<Self> {
        let bad = BadRow { row: 3, column: "成文日期".into(), reason: "不是日期".into() };
        let whole = BadRow { row: 4, column: String::new(), reason: "发文字号已经登记过".into() };
        let page = |outcome: &str, bad: Vec<BadRow>, more| ImportPage {
            frame: frame.clone(),
            problems: Problems::default(),
            form: form.clone(),
            outcome: outcome.into(),
            bad,
            more,
            example: Link::new("/desk/documents/export/xlsx", "导出现有登记簿作为样式"),
        };
        vec![page("", vec![], 0), page("共5行，可以导入3行，有问题2行。", vec![bad, whole], 7)]
    }
}
