use super::*;
use rust_xlsxwriter::{Format, Workbook};

fn item(first: &str, second: &str) -> Item {
    Item {
        first: first.into(),
        second: second.into(),
        content: "●救助对象名单\n●救助金额".into(),
        basis: "【行政法规】《社会救助暂行办法》\n【部门规章及规范性文件】样例办法".into(),
        limit: "制定或获取信息之日起10个工作日内".into(),
        body: "民政部门、乡镇人民政府".into(),
        channels: vec![
            "政府网站".into(),
            "社区/企事业单位/村公示栏（电子屏）".into(),
            "投资项目在线审批监管平台".into(),
        ],
        everybody: true,
        proactive: true,
        tiers: BTreeSet::from([Tier::County, Tier::Township]),
        ..Item::default()
    }
}

fn items_of(read: Vec<Read>) -> Vec<Item> {
    read.into_iter().map(|r| r.item).collect()
}

fn numbered(items: &[Item]) -> Vec<(u32, Item)> {
    (1..).zip(items.iter().cloned()).collect()
}

#[test]
fn what_is_written_is_read_again() {
    let group =
        Item {
            everybody: false, group: "申请人".into(), on_request: true, ..item("综合业务", "办理结果")
        };
    let village = Item { tiers: BTreeSet::from([Tier::Village]), ..item("临时救助", "") };
    for all in [vec![item("综合业务", "政策法规文件"), group.clone()], vec![group, village]] {
        let bytes = write("样例市社会救助领域基层政务公开标准目录", &numbered(&all)).unwrap();
        let read = read(&bytes, None, &BTreeSet::new()).unwrap();
        assert!(read.iter().all(|r| r.field.key == "social-assistance"));
        assert_eq!(read[0].row, 4, "below the title and two rows of headings");
        assert_eq!(items_of(read), all);
    }
}

/// A workbook as offices make them: merged cells, spaces in headings, other boxes, notes at the end, a sheet for each field.
fn found() -> Vec<u8> {
    let plain = Format::new();
    let mut book = Workbook::new();
    book.add_worksheet().set_name("说明").unwrap().write(0, 0, "本目录由样例办编制").unwrap();
    let sheet = book.add_worksheet();
    sheet.set_name("就业").unwrap();
    sheet.merge_range(0, 0, 0, 12, "样例市基层政务公开标准目录", &plain).unwrap();
    let upper = [
        "序号",
        "公开事项",
        "",
        "公开内容（要素）",
        "公开依据",
        "公开时限",
        "公开主体",
        "公开渠道和载体",
        "公开对象",
        "",
        "公开方式",
        "",
        "公开层级",
    ];
    for (n, text) in (0..).zip(upper) {
        sheet.write(1, n, text).unwrap();
    }
    let lower = [
        "",
        "一级\n事项",
        "二级 事项",
        "",
        "",
        "",
        "",
        "",
        "全社会",
        "特定群众",
        "主动",
        "依申请公开",
        "县级",
    ];
    for (n, text) in (0..).zip(lower) {
        sheet.write(2, n, text).unwrap();
    }
    sheet.merge_range(3, 1, 4, 1, "就业信息服务", &plain).unwrap();
    for (row, second, mark) in [(3, "岗位信息发布", "√"), (4, "职业培训信息发布", "")] {
        let cells = [
            "1",
            "",
            second,
            "招聘单位\n\n岗位要求 ",
            "就业促进法",
            "公开事项信息形成或变更之日起 20个工作日内",
            "人社部门",
        ];
        for (n, text) in (0..).zip(cells).filter(|(n, _)| *n != 1) {
            sheet.write(row, n, text).unwrap();
        }
        sheet.write(row, 7, "☑政府网站 ☐政府公报 ☑其他：______ ").unwrap();
        for (n, text) in [(8, mark), (9, "√"), (10, "√"), (11, ""), (12, "√")] {
            sheet.write(row, n, text).unwrap();
        }
    }
    sheet.write(5, 0, "注：本目录动态调整").unwrap();
    sheet.merge_range(6, 0, 6, 12, "注：由样例办解释", &plain).unwrap();
    book.save_to_buffer().unwrap()
}

#[test]
fn a_workbook_of_an_office_is_read() {
    let read = read(&found(), None, &BTreeSet::new()).unwrap();
    assert_eq!(
        read.iter().map(|r| (r.row, r.sheet.as_str())).collect::<Vec<_>>(),
        [(4, "就业"), (5, "就业")]
    );
    let second = &read[1].item;
    assert_eq!((second.first.as_str(), second.second.as_str()), ("就业信息服务", "职业培训信息发布"));
    assert_eq!(second.content, "招聘单位\n岗位要求");
    assert_eq!(second.channels, ["政府网站", "其他"]);
    assert_eq!((second.everybody, second.group.as_str()), (false, "特定群体"));
    assert_eq!((second.proactive, second.on_request), (true, false));
    assert_eq!(second.tiers, BTreeSet::from([Tier::County]));
    assert_eq!(read[0].field.key, "employment");
}

fn sentence(bytes: &[u8]) -> String {
    read(bytes, None, &BTreeSet::new()).unwrap_err().to_string()
}

#[test]
fn what_is_no_catalogue_is_refused_with_a_sentence() {
    let with = |fill: &dyn Fn(&mut rust_xlsxwriter::Worksheet)| {
        let mut book = Workbook::new();
        fill(book.add_worksheet());
        book.save_to_buffer().unwrap()
    };
    assert!(sentence(b"no workbook").contains("XLSX"), "{}", sentence(b"no workbook"));
    let whole = found();
    assert!(!sentence(&whole[..whole.len() / 2]).is_empty());
    let empty = sentence(&with(&|_| ()));
    assert!(empty.contains("没有标准目录"), "{empty}");
    let some = sentence(&with(&|sheet| {
        sheet.write(0, 0, "一级事项").unwrap();
        sheet.write(0, 1, "公开依据").unwrap();
    }));
    assert!(some.contains("缺少列：公开内容(要素)、公开时限"), "{some}");
    // A sheet that claims to reach to its last possible cell is read as far as it may go.
    let huge = with(&|sheet| {
        sheet.write(0, 0, "一级事项").unwrap();
        sheet.write(0, 16_383, "公开依据").unwrap();
    });
    assert!(sentence(&huge).contains("缺少列：公开内容(要素)、公开依据"));
    let long = with(&|sheet| {
        sheet.write(0, 0, "一级事项").unwrap();
        sheet.write(1_048_575, 16_383, "远处").unwrap();
        sheet.write(1_048_575, 0, "远处").unwrap();
    });
    assert!(sentence(&long).contains("超过2050行"), "{}", sentence(&long));
}

#[test]
fn the_field_is_that_of_the_sheet_its_title_or_the_choice() {
    assert_eq!(field_in("高平市农村危房改造领域").map(|f| f.key.as_str()), Some("rural-housing"));
    assert_eq!(field_in("国有土地上房屋征收与补偿").map(|f| f.key.as_str()), Some("house-expropriation"));
    assert!(field_in("卫生健康").is_none());
    let untitled = write("目录", &numbered(&[item("综合业务", "")])).unwrap();
    assert!(sentence(&untitled).contains("看不出"));
    let health = catalogue::field("health");
    assert_eq!(read(&untitled, health, &BTreeSet::new()).unwrap()[0].field.key, "health");
}
