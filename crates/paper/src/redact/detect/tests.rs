//! What is seen, and above all what is not.

use super::*;
use jiff::civil::date;

const TODAY: Date = date(2024, 2, 29);

fn seen(text: &str) -> Vec<(What, String)> {
    detect(text, &["张三", "欧阳某某"], TODAY).into_iter().map(|f| (f.what, f.text)).collect()
}

fn only(text: &str, what: What, words: &str) {
    assert_eq!(seen(text), [(what, words.to_owned())], "{text}");
}

#[test]
fn every_pattern_compiles() {
    assert_eq!(PATTERNS.len(), 11);
}

#[test]
fn identity_numbers_are_seen_in_every_dress() {
    // The worked example of GB 11643-1999.
    for words in [
        "11010519491231002X",
        "11010519491231002x",
        "110105 19491231 002X",
        "110105-19491231-002X",
        "１１０１０５１９４９１２３１００２Ｘ",
        "110105194912\n31002X",
    ] {
        only(&format!("身份证号：{words}，男"), What::ResidentNumber, words);
    }
    assert_eq!(seen("编号110105194912310021"), [], "a wrong check digit");
    assert_eq!(seen("流水号911010519491231002X"), [], "part of a longer number");
    only("旧号110105491231002。", What::ResidentNumber, "110105491231002");
    assert_eq!(seen("旧号110105491331002。"), [], "no thirteenth month");
}

#[test]
fn credit_codes_cards_and_telephones() {
    let body = "91110000000000000";
    let code = "0123456789ABCDEFGHJKLMNPQRTUWXY"
        .chars()
        .map(|c| format!("{body}{c}"))
        .find(|c| is_credit_code(c))
        .unwrap();
    only(&format!("代码{code}）"), What::CreditCode, &code);
    // Built for the test: UnionPay prefix and a right Luhn digit.
    only("卡号6222 0200 0000 0000 000", What::BankCard, "6222 0200 0000 0000 000");
    assert_eq!(seen("卡号6222020000000000001"), []);
    only("电话138-0000-1234", What::Mobile, "138-0000-1234");
    only("电话１３８００００１２３４", What::Mobile, "１３８００００１２３４");
    only("+8613800001234", What::Mobile, "+8613800001234");
    only("电话：0356-5222222-801。", What::Telephone, "0356-5222222-801");
    only("（010）61234567", What::Telephone, "（010）61234567");
    only("邮箱 zhang.san@example.org.cn。", What::Email, "zhang.san@example.org.cn");
    only("车牌晋E·12345", What::Plate, "晋E·12345");
    only("新能源晋AD12345违停", What::Plate, "晋AD12345");
}

#[test]
fn addresses_and_names() {
    only(
        "甲某，晋城市高平市东城街道长平西街12号院3号楼2单元501室。",
        What::Address,
        "晋城市高平市东城街道长平西街12号院3号楼2单元501室",
    );
    only("住址：高平市米山镇某某村", What::Address, "高平市米山镇某某村");
    only("申请人张 三提出", What::Name, "张 三");
    only("申请人欧阳某某提出", What::Name, "欧阳某某");
}

#[test]
fn document_numbers_dates_and_amounts_are_left_alone() {
    for text in [
        "高政办发〔2023〕12号",
        "国办公开办函〔2021〕30号",
        "国务院令第711号",
        "太原市人民政府令第12号公布",
        "2024年2月29日至2024年12月31日",
        "2024-02-29 08:30:00",
        "合计12345678901元",
        "金额1,234,567.89万元",
        "138000012.34元",
        "项目编号2023-140581-48-01-123456",
        "统计代码140581000000",
        "邮政编码048400，热线12345",
        "网址 www.example.gov.cn",
        "第三十六条第（二）项",
        "2020010112345678901",
        "共12组34户",
        "增长12.5%，完成1380000123.4",
    ] {
        assert_eq!(seen(text), [], "{text}");
    }
}

#[test]
fn a_longer_reading_wins_and_the_order_is_that_of_the_text() {
    let text = "张三（11010519491231002X）电话13800001234";
    let found = detect(text, &["张三"], TODAY);
    assert_eq!(
        found.iter().map(|f| f.what).collect::<Vec<_>>(),
        [What::Name, What::ResidentNumber, What::Mobile]
    );
    for hit in found {
        assert_eq!(text[hit.range], hit.text);
    }
}
