//! The gate leaks none of the planted strings.

use super::plant::{Plants, Sort};
use super::{book, picture, portable, word};
use paper::redact::{Area, Kind, LeakKind, Mark, gate, redact};
use std::collections::BTreeSet;

const GROUND: &str = "条例第十五条";
const SORTS: [Sort; 4] = [Sort::Mobile, Sort::Identity, Sort::Name, Sort::Address];

/// Plants, proves that the gate finds every string, redacts, and proves that nothing is left. How many strings.
fn proved(name: &str, first: usize, sort: Sort, make: impl Fn(&mut Plants) -> Vec<u8>) -> usize {
    let mut plants = Plants::new(sort, first);
    let bytes = make(&mut plants);
    let strings: Vec<String> = plants.planted.iter().map(|(_, text)| text.clone()).collect();
    let before = gate(&bytes, "答复.bin", &strings);
    let found: BTreeSet<&str> =
        before.iter().filter(|l| l.kind == LeakKind::Found).map(|l| l.text.as_str()).collect();
    let missed: Vec<_> = plants.planted.iter().filter(|(_, text)| !found.contains(text.as_str())).collect();
    assert!(missed.is_empty(), "{name} {sort:?}: the gate does not find {missed:?}");

    let kind = Kind::sniff(&bytes).unwrap();
    let whole = Area { left: 0.0, top: 0.0, right: 0.5, bottom: 0.5 };
    let marks: Vec<Mark> = match kind {
        Kind::Png | Kind::Jpeg => vec![Mark::region(0, whole, GROUND)],
        _ => strings.iter().map(|text| Mark::term(text, GROUND)).collect(),
    };
    let clean = redact(&bytes, &marks).unwrap();
    assert_eq!(clean.kind, kind);
    let after = gate(&clean.bytes, "答复.bin", &strings);
    assert!(after.is_empty(), "{name} {sort:?}: {after:#?}");
    assert!(gate(&clean.bytes, "答复.bin", &clean.removed).is_empty(), "{name} {sort:?}");
    strings.len()
}

#[test]
fn no_string_of_at_least_two_hundred_leaks() {
    let picture = picture::png();
    let mut count = 0;
    for (n, sort) in SORTS.into_iter().enumerate() {
        let first = n * 200;
        count += proved("pdf", first, sort, portable::file);
        count += proved("docx", first, sort, |s| word::file(s, &picture));
        count += proved("xlsx", first, sort, book::file);
        count += proved("png", first, sort, picture::planted_png);
        count += proved("jpeg", first, sort, picture::planted_jpeg);
    }
    assert!(count >= 200, "{count} strings were planted");
    println!("{count} planted strings, 0 leaks");
}

/// Nobody marks what nobody sees: it goes all the same, and what is seen stays.
fn parted(name: &str, sort: Sort, make: impl Fn(&mut Plants) -> Vec<u8>, seen: &[&str]) {
    let mut plants = Plants::new(sort, 0);
    let bytes = make(&mut plants);
    let clean = redact(&bytes, &[Mark::term("没有这样的词语", GROUND)]).unwrap();
    assert_eq!(clean.not_found(), [0]);
    let all: Vec<String> = plants.planted.iter().map(|(_, text)| text.clone()).collect();
    let left: BTreeSet<String> = gate(&clean.bytes, "a", &all).into_iter().map(|leak| leak.text).collect();
    for (place, text) in &plants.planted {
        let stays = seen.contains(&place.as_str()) || place.starts_with("旋转");
        assert_eq!(left.contains(text), stays, "{name}: {place}");
    }
}

#[test]
fn what_is_hidden_goes_unmarked_and_what_is_seen_stays() {
    let picture = picture::png();
    let layout = ["样式名", "编号文字", "字体名"];
    let body = [
        "正文",
        "跨文本块",
        "夹空格",
        "全角",
        "中间有制表符",
        "软回车",
        "嵌套表格",
        "表格",
        "链接文字",
        "域结果",
        "插入的文字",
        "白色文字",
        "控件内容",
        "公式",
        "被注音的文字",
        "文本框",
        "旧式文本框",
        "注释",
        "页眉",
        "首页页眉",
        "页脚",
    ];
    parted("docx", Sort::Name, |s| word::file(s, &picture), &[&layout[..], &body].concat());
    let cells = ["内嵌文字", "夹空格", "一格一字", "数字", "公式结果", "共享文字", "富文本", "工作表名"];
    parted("xlsx", Sort::Mobile, book::file, &cells);
    let page = [
        "正文",
        "十六进制",
        "分段数组",
        "夹空格",
        "断行",
        "倒序绘制",
        "描边文字",
        "重影加粗",
        "压扁的文字",
        "转义",
        "倾斜",
        "表单对象",
        "ASCII85",
    ];
    parted("pdf", Sort::Mobile, portable::file, &page);
}

#[test]
fn a_black_box_over_text_is_no_redaction() {
    let mut file = portable::File::new();
    let content = "BT /F 14 Tf 50 700 Td (13800001234) Tj ET 0 g 40 690 200 30 re f";
    let page = portable::page(&mut file, content, "");
    let bytes = file.write("", &[page]);
    let leaks = gate(&bytes, "a.pdf", &["13800001234".to_owned()]);
    assert!(leaks.iter().any(|l| l.kind == LeakKind::Found && l.place == "第1页"), "{leaks:?}");
}

#[test]
fn the_name_of_the_file_is_searched() {
    let png = picture::png();
    assert!(gate(&png, "关于某事的答复.png", &["赵琪霖".into()]).is_empty());
    let leaks = gate(&png, "给赵 琪霖的答复.png", &["赵琪霖".into()]);
    assert_eq!(leaks.len(), 1);
    assert_eq!(leaks[0].to_string(), "文件名仍有应当删除的内容“赵琪霖”，请重新处理。");
}

#[test]
fn what_cannot_be_read_is_refused() {
    for bytes in [&b""[..], b"hello", b"%PDF-1.7", b"PK\x03\x04", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"] {
        let leaks = gate(bytes, "a", &[]);
        assert!(
            leaks.iter().any(|l| matches!(l.kind, LeakKind::Unreadable | LeakKind::Unusable)),
            "{bytes:?}: {leaks:?}"
        );
    }
}

#[test]
fn hidden_content_is_refused_even_if_nothing_was_removed() {
    let picture = picture::png();
    let hidden = |bytes: &[u8]| -> BTreeSet<String> {
        gate(bytes, "a", &[]).into_iter().filter(|l| l.kind == LeakKind::Hidden).map(|l| l.text).collect()
    };
    let word = hidden(&word::file(&mut Plants::new(Sort::Name, 0), &picture));
    for what in ["批注", "修订痕迹", "隐藏文字", "嵌入文件", "自定义XML"] {
        assert!(word.contains(what), "{what}: {word:?}");
    }
    let book = hidden(&book::file(&mut Plants::new(Sort::Name, 0)));
    for what in ["批注", "隐藏的工作表", "隐藏的行或者列", "定义的名称", "数据透视缓存", "公式"]
    {
        assert!(book.contains(what), "{what}: {book:?}");
    }
    let pdf = hidden(&portable::file(&mut Plants::new(Sort::Mobile, 0)));
    for what in ["批注", "附件", "脚本", "表单域", "保存前的旧版本", "文件末尾的附加数据"]
    {
        assert!(pdf.contains(what), "{what}: {pdf:?}");
    }
}
