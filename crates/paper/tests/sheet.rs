//! Forms and envelopes: what the programs of others read in them.

#![allow(clippy::unwrap_used, missing_docs, reason = "a test fails where it stands")]

#[path = "sample/sheet.rs"]
mod sample;
#[expect(dead_code, reason = "shared with the other tests, which use other programs")]
mod tool;

use paper::Fonts;
use paper::envelope::{Envelope, envelope_docx, envelope_pdf};
use paper::sheet::{Sheet, sheet_docx, sheet_pdf};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use tool::solid;

static FONTS: LazyLock<Fonts> = LazyLock::new(|| Fonts::system(None));

const HOSTILE: &str = "<w:t> #set page() *粗* ]]> =1+1 {{ 申请人 }} \\end";

/// Everything on a form, without blanks.
fn words(sheet: &Sheet) -> Vec<String> {
    let mut all = vec![sheet.title.clone(), sheet.issuer.clone(), sheet.corner.clone()];
    for field in sheet.groups.iter().flat_map(|g| &g.rows).flat_map(|r| &r.boxes) {
        all.push(field.label.clone());
        all.extend(field.entry.lines().map(str::to_owned));
        all.push(field.foot.clone());
    }
    all.extend(sheet.notes.iter().cloned());
    all.iter().map(|t| solid(t)).filter(|t| !t.is_empty()).collect()
}

fn save(folder: &Path, name: &str, bytes: &[u8]) -> PathBuf {
    let file = folder.join(name);
    std::fs::write(&file, bytes).unwrap();
    file
}

fn hostile() -> Sheet {
    let mut form = sample::registration();
    form.content = format!("{HOSTILE}\n{}", "长".repeat(3_000));
    form.applicant.email = "a".repeat(300);
    form.applicant.name = HOSTILE.into();
    form.sheet()
}

#[test]
fn every_form_is_one_sound_tagged_page_with_every_word() {
    let folder = tempfile::tempdir().unwrap();
    for (name, sheet) in sample::sheets() {
        let file = save(folder.path(), &format!("{name}.pdf"), &sheet_pdf(&sheet, &FONTS).unwrap());
        let path = file.to_str().unwrap();
        tool::text("qpdf", &["--check", path]);
        let info = tool::text("pdfinfo", &[path]);
        assert!(info.contains("Tagged:          yes") && info.contains("A4"), "{name}: {info}");
        let pages = tool::pages(&file);
        assert_eq!(pages.len(), 1, "{name}");
        let read = solid(&tool::text("pdfinfo", &["-struct-text", path]))
            .replace("(block)", "")
            .replace("(inline)", "");
        let text: String = read.split('"').skip(1).step_by(2).collect();
        let lost: Vec<_> = words(&sheet).into_iter().filter(|w| !text.contains(w)).collect();
        assert_eq!(lost, [""; 0], "{name}: {text}");
    }
}

#[test]
fn the_registration_form_asks_for_no_purpose_and_fits_the_class_of_the_applicant() {
    for sheet in [sample::registration().sheet(), sample::empty_registration().sheet()] {
        assert!(words(&sheet).iter().all(|w| !w.contains("用途")), "条例 arts. 27, 29");
    }
    let of = |form: &paper::sheet::RegistrationForm| words(&form.sheet());
    assert!(!of(&sample::registration()).contains(&"证件号码".to_owned()));
    let mut person = sample::registration();
    person.class = Some(law::applicant::ApplicantClass::NaturalPerson);
    assert!(
        of(&person).contains(&"证件号码".to_owned()) && !of(&person).contains(&"统一社会信用代码".to_owned())
    );
    let empty = of(&sample::empty_registration());
    assert!(empty.contains(&"证件号码".to_owned()) && empty.contains(&"统一社会信用代码".to_owned()));
    assert!(empty.iter().all(|w| !w.contains('☑')));
}

#[test]
fn the_form_to_fill_in_asks_what_article_29_asks_and_nothing_of_the_office() {
    let folder = tempfile::tempdir().unwrap();
    let sheet = paper::sheet::RegistrationForm::to_fill_in("云岭县政府信息公开", law::date(2026, 3, 20));
    let all = words(&sheet);
    for asked in ["姓名或者名称", "证件号码", "联系电话", "内容描述", "获取方式", "载体形式", "申请人签章"]
    {
        assert!(all.contains(&asked.to_owned()), "{asked}: {all:?}");
    }
    for office in ["收到日期", "答复期限", "登记人", "申请编号："] {
        assert!(!all.contains(&office.to_owned()), "{office}: {all:?}");
    }
    assert!(all.iter().all(|w| !w.contains('☑') && !w.contains("：用途")));
    let file = save(folder.path(), "form.pdf", &sheet_pdf(&sheet, &FONTS).unwrap());
    assert_eq!(tool::pages(&file).len(), 1);
}

#[test]
fn the_slip_ticks_one_way_of_service() {
    let way = |slip: &paper::sheet::ServiceSlip| {
        words(&slip.sheet()).into_iter().find(|w| w.contains("邮寄送达")).unwrap()
    };
    assert_eq!(way(&sample::slip()), "□直接送达□委托送达☑邮寄送达□电子送达");
    let mut empty = sample::slip();
    empty.method = None;
    assert!(!way(&empty).contains('☑'));
}

#[test]
fn a_slip_to_pay_by_says_what_why_to_whom_and_by_when() {
    let all = words(&sample::payment().sheet());
    for said in [
        "4700元（大写：人民币肆仟柒佰元整）",
        "（国办函〔2020〕109号第五条）",
        "国家金库云岭县支库",
        "0000111122223333",
        "2026年4月20日前（含当日）缴纳",
        "逾期未缴纳的，视为放弃申请，本机关不再处理。",
    ] {
        assert!(all.iter().any(|w| w.starts_with(said)), "{said}: {all:?}");
    }
    assert!(!all.contains(&"缴款方式".to_owned()), "the account says it");
    // An authority that has said nothing points to its notice, and leaves no empty box.
    let bare = paper::sheet::PaymentSlip { account: vec![], notice: String::new(), ..sample::payment() };
    let all = words(&bare.sheet());
    assert!(all.contains(&"缴款方式见收费通知书".to_owned()) && !all.contains(&"收费通知书".to_owned()));
}

#[test]
fn an_opinion_on_record_is_printed_and_the_others_are_left_for_the_pen() {
    let all = words(&sample::review().sheet());
    assert!(all.contains(&"周砚2026年3月13日".to_owned()), "{all:?}");
    assert_eq!(all.iter().filter(|w| w.starts_with("签名：")).count(), 3);
}

#[test]
fn libreoffice_shows_every_word_of_forms_and_envelopes() {
    let folder = tempfile::tempdir().unwrap();
    let mut forms = sample::sheets();
    forms.push(("hostile", hostile()));
    let mut files: Vec<PathBuf> = forms
        .iter()
        .map(|(n, s)| save(folder.path(), &format!("{n}.docx"), &sheet_docx(s).unwrap()))
        .collect();
    files.push(save(folder.path(), "envelope.docx", &envelope_docx(&sample::envelope()).unwrap()));
    let printed = tool::office(folder.path(), &files);
    for (file, (name, sheet)) in printed.iter().zip(&forms) {
        let pages = tool::pages(file);
        assert!(*name == "hostile" || pages.len() == 1, "{name}: {} pages", pages.len());
        let text = solid(&pages.concat());
        // A label of a group is set a character a line.
        let lost: Vec<_> =
            words(sheet).into_iter().filter(|w| !text.contains(w) && w.chars().count() < 200).collect();
        // What wraps inside a box is drawn around the label beside it.
        let lost: Vec<_> = lost.into_iter().filter(|w| w.chars().count() < 14).collect();
        assert_eq!(lost, [""; 0], "{name}: {text}");
    }
    let envelope = tool::pages(printed.last().unwrap());
    assert_eq!(envelope.len(), 1);
    for word in ["林知远收", "政府信息公开答复", "云岭县人民政府办公室", "邮政编码：000001"]
    {
        assert!(solid(&envelope[0]).contains(word), "{word}: {envelope:?}");
    }
}

#[test]
fn an_envelope_has_its_size_and_its_postcode_in_boxes() {
    let folder = tempfile::tempdir().unwrap();
    let file = save(folder.path(), "envelope.pdf", &envelope_pdf(&sample::envelope(), &FONTS).unwrap());
    let path = file.to_str().unwrap();
    tool::text("qpdf", &["--check", path]);
    let info = tool::text("pdfinfo", &[path]);
    assert!(info.contains("623.622 x 311.811"), "220 mm by 110 mm: {info}");
    let text = solid(&tool::pages(&file).concat());
    for word in ["000000", "林知远收", "政府信息公开答复", "邮政编码：000001", "贴邮票处"]
    {
        assert!(text.contains(word), "{word}: {text}");
    }
}

#[test]
fn a_postcode_that_is_none_and_long_names_spoil_no_envelope() {
    let folder = tempfile::tempdir().unwrap();
    for postcode in ["", "12345", "1234567", "１２３４５６", "12a456", "<#>*_$"] {
        let envelope = Envelope {
            postcode: postcode.into(),
            name: format!("昇堃垚喆镕{}", "有限责任公司".repeat(12)),
            address: format!("{HOSTILE}{}", "清溪路".repeat(20)),
            ..sample::envelope()
        };
        let file = save(folder.path(), "long.pdf", &envelope_pdf(&envelope, &FONTS).unwrap());
        let pages = tool::pages(&file);
        assert_eq!(pages.len(), 1, "{postcode}");
        let text = solid(&pages.concat());
        assert!(text.contains("昇堃垚喆镕") && text.contains(&solid(HOSTILE)), "{text}");
        envelope_docx(&envelope).unwrap();
    }
}

#[test]
fn a_form_with_long_and_hostile_entries_goes_on_over_pages() {
    let folder = tempfile::tempdir().unwrap();
    let file = save(folder.path(), "hostile.pdf", &sheet_pdf(&hostile(), &FONTS).unwrap());
    let text = solid(&tool::pages(&file).concat());
    assert_eq!(text.matches('长').count(), 3_000);
    assert!(text.matches(&solid(HOSTILE)).count() >= 2, "{text}");
}

#[test]
fn the_same_form_is_the_same_file() {
    let sheet = sample::slip().sheet();
    assert_eq!(sheet_pdf(&sheet, &FONTS).unwrap(), sheet_pdf(&sheet, &FONTS).unwrap());
    assert_eq!(sheet_docx(&sheet).unwrap(), sheet_docx(&sheet).unwrap());
}
