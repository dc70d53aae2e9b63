//! A workbook with a string in every place that can hold one.

use super::package::{Parts, TYPES, relations};
use super::plant::{Plants, halves, spaced};

const S: &str = concat!(
    "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" ",
    "xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\""
);

fn inline(at: &str, text: &str) -> String {
    format!("<c r=\"{at}\" t=\"inlineStr\"><is><t>{text}</t></is></c>")
}

fn sheet(rows: &str, before: &str, after: &str) -> String {
    format!("<worksheet {S}>{before}<sheetData>{rows}</sheetData>{after}</worksheet>")
}

/// The sheet that is seen.
fn visible(s: &mut Plants) -> String {
    let mut rows = String::from(
        "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"B1\" t=\"s\"><v>1</v></c><c r=\"C1\"><v>12.5</v></c></row>",
    );
    rows.push_str(&format!(
        "<row r=\"2\">{}{}</row>",
        inline("A2", &format!("申请人{}。", s.put("内嵌文字"))),
        inline("B2", &spaced(&s.put("夹空格")))
    ));
    // Every character in a cell of its own, as forms have it; short names are not looked for over cells.
    if s.is_ascii() {
        rows.push_str("<row r=\"3\">");
        for (n, c) in s.put("一格一字").chars().enumerate() {
            rows.push_str(&inline(&format!("{}3", char::from(b'A' + n as u8)), &c.to_string()));
        }
        rows.push_str(&format!("</row><row r=\"4\"><c r=\"A4\"><v>{}</v></c></row>", s.put("数字")));
    }
    rows.push_str(&format!(
        "<row r=\"5\"><c r=\"A5\" t=\"str\"><f>\"{}\"&amp;B1</f><v>{}</v></c></row>",
        s.put("公式"),
        s.put("公式结果")
    ));
    rows.push_str(&format!("<row r=\"6\" hidden=\"1\">{}</row>", inline("A6", &s.put("隐藏行"))));
    rows.push_str(&format!("<row r=\"7\">{}{}</row>", inline("A7", "甲"), inline("Z7", &s.put("隐藏列"))));
    rows.push_str(&format!(
        "<row r=\"8\">{}{}</row>",
        inline("A8", "合并"),
        inline("B8", &s.put("合并单元格之下"))
    ));
    let after = format!(
        "<mergeCells><mergeCell ref=\"A8:B8\"/></mergeCells>\
         <conditionalFormatting sqref=\"A1\"><cfRule type=\"expression\"><formula>A1=\"{}\"</formula></cfRule></conditionalFormatting>\
         <dataValidations><dataValidation sqref=\"A1\" prompt=\"{}\"><formula1>\"{},乙\"</formula1></dataValidation></dataValidations>\
         <hyperlinks><hyperlink ref=\"A1\" r:id=\"rLink\" tooltip=\"{}\"/></hyperlinks>\
         <headerFooter><oddHeader>&amp;C{}</oddHeader></headerFooter>",
        s.put("条件格式"),
        s.put("输入提示"),
        s.put("有效性列表"),
        s.put("链接提示"),
        s.put("页眉")
    );
    sheet(&rows, "<cols><col min=\"26\" max=\"26\" width=\"9\" hidden=\"1\"/></cols>", &after)
}

pub fn file(s: &mut Plants) -> Vec<u8> {
    let mut parts = Parts(Vec::new());
    parts.add("[Content_Types].xml", TYPES);
    parts.add("_rels/.rels", relations(&[("r1", "officeDocument", "xl/workbook.xml", false)]));
    parts.add(
        "xl/workbook.xml",
        format!(
            "<workbook {S}><sheets><sheet name=\"名单\" sheetId=\"1\" r:id=\"r1\"/><sheet name=\"{}\" sheetId=\"2\" state=\"hidden\" r:id=\"r2\"/>\
             <sheet name=\"深藏\" sheetId=\"3\" state=\"veryHidden\" r:id=\"r3\"/><sheet name=\"{}\" sheetId=\"4\" r:id=\"r4\"/></sheets>\
             <definedNames><definedName name=\"某\">\"{}\"</definedName></definedNames></workbook>",
            s.put("隐藏表名"),
            s.put("工作表名"),
            s.put("定义的名称")
        ),
    );
    parts.add(
        "xl/_rels/workbook.xml.rels",
        relations(&[
            ("r1", "worksheet", "worksheets/sheet1.xml", false),
            ("r2", "worksheet", "worksheets/sheet2.xml", false),
            ("r3", "worksheet", "worksheets/sheet3.xml", false),
            ("r4", "worksheet", "worksheets/sheet4.xml", false),
            ("r5", "sharedStrings", "sharedStrings.xml", false),
            ("r6", "styles", "styles.xml", false),
        ]),
    );
    let (a, b) = halves(&s.put("富文本"));
    parts.add(
        "xl/sharedStrings.xml",
        format!(
            "<sst {S}><si><t>电话{}</t></si><si><r><rPr><b/></rPr><t>{a}</t></r><r><t>{b}</t></r><rPh><t>{}</t></rPh></si><si><t>{}</t></si></sst>",
            s.put("共享文字"),
            s.put("注音"),
            s.put("不再使用的文字")
        ),
    );
    parts.add("xl/styles.xml", format!("<styleSheet {S}><numFmts><numFmt numFmtId=\"164\" formatCode=\"0&quot;{}&quot;\"/></numFmts><cellXfs><xf numFmtId=\"0\"/></cellXfs></styleSheet>", s.put("数字格式")));
    parts.add("xl/worksheets/sheet1.xml", visible(s));
    for (n, place) in [(2, "隐藏工作表"), (3, "深藏工作表")] {
        parts.add(
            &format!("xl/worksheets/sheet{n}.xml"),
            sheet(&format!("<row r=\"1\">{}</row>", inline("A1", &s.put(place))), "", ""),
        );
    }
    parts.add(
        "xl/worksheets/sheet4.xml",
        sheet(&format!("<row r=\"1\">{}</row>", inline("A1", "第二张")), "", ""),
    );
    parts.add(
        "xl/worksheets/_rels/sheet1.xml.rels",
        relations(&[("rLink", "hyperlink", &format!("mailto:{}@example.org", s.put("链接地址")), true)]),
    );
    parts.add("xl/comments1.xml", format!("<comments {S}><authors><author>{}</author></authors><commentList><comment ref=\"A1\"><text><r><t>{}</t></r></text></comment></commentList></comments>", s.put("批注作者"), s.put("批注")));
    parts.add("xl/threadedComments/threadedComment1.xml", format!("<t><c>{}</c></t>", s.put("会话批注")));
    parts.add("xl/pivotCache/pivotCacheDefinition1.xml", format!("<p><s v=\"{}\"/></p>", s.put("透视缓存")));
    parts.add("xl/externalLinks/externalLink1.xml", format!("<e><v>{}</v></e>", s.put("外部链接缓存")));
    parts.add("xl/drawings/drawing1.xml", format!("<d xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\"><a:p><a:r><a:t>{}</a:t></a:r></a:p></d>", s.put("文本框")));
    parts.add("xl/tables/table1.xml", format!("<t><c name=\"{}\"/></t>", s.put("表格列名")));
    parts.add("docProps/core.xml", format!("<c><creator>{}</creator></c>", s.put("作者")));
    parts.pack("")
}
