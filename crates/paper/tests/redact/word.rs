//! A Word document with a string in every place that can hold one.

use super::package::{Parts, TYPES, W, relations};
use super::plant::{Plants, halves, spaced, wide};

fn p(inner: &str) -> String {
    format!("<w:p w:rsidR=\"00AB12CD\">{inner}</w:p>")
}

fn r(text: &str) -> String {
    format!("<w:r><w:t xml:space=\"preserve\">{text}</w:t></w:r>")
}

fn cut(text: &str) -> String {
    let (a, b) = halves(text);
    format!("<w:r><w:rPr><w:b/></w:rPr><w:t>{a}</w:t></w:r><w:proofErr w:type=\"spellStart\"/>{}", r(&b))
}

fn body(s: &mut Plants) -> String {
    let mut out = String::new();
    let mut add = |block: String| out.push_str(&block);
    add(p(&r(&format!("本机关收到{}的申请。", s.put("正文")))));
    add(p(&cut(&s.put("跨文本块"))));
    add(p(&format!("{}{}", r(&spaced(&s.put("夹空格"))), r("。"))));
    add(p(&r(&wide(&s.put("全角")))));
    let (a, b) = halves(&s.put("中间有制表符"));
    add(p(&format!("{}<w:r><w:tab/></w:r>{}", r(&a), r(&b))));
    let (a, b) = halves(&s.put("软回车"));
    add(p(&format!("<w:r><w:t>{a}</w:t><w:br/><w:t>{b}</w:t></w:r>")));
    let inner = format!("<w:tbl><w:tr><w:tc>{}</w:tc></w:tr></w:tbl>{}", p(&cut(&s.put("嵌套表格"))), p(""));
    add(format!(
        "<w:tbl><w:tblPr><w:tblW w:w=\"5000\" w:type=\"pct\"/></w:tblPr><w:tblGrid><w:gridCol w:w=\"4000\"/><w:gridCol w:w=\"4000\"/></w:tblGrid>\
         <w:tr><w:tc>{}</w:tc><w:tc>{inner}</w:tc></w:tr></w:tbl>",
        p(&r(&s.put("表格")))
    ));
    add(p(&format!(
        "<w:hyperlink r:id=\"rLink\" w:tooltip=\"{}\">{}</w:hyperlink>",
        s.put("链接提示"),
        cut(&s.put("链接文字"))
    )));
    add(p(&format!(
        "<w:r><w:fldChar w:fldCharType=\"begin\"/></w:r><w:r><w:instrText> HYPERLINK \"mailto:{}\" </w:instrText></w:r>\
         <w:r><w:fldChar w:fldCharType=\"separate\"/></w:r>{}<w:r><w:fldChar w:fldCharType=\"end\"/></w:r>",
        s.put("域代码"),
        r(&s.put("域结果"))
    )));
    add(p(&format!("<w:fldSimple w:instr=\" AUTHOR {} \">{}</w:fldSimple>", s.put("简单域代码"), r("作者"))));
    add(p(&format!(
        "<w:ins w:author=\"{}\" w:id=\"1\">{}</w:ins><w:del w:id=\"2\" w:author=\"x\"><w:r><w:delText>{}</w:delText></w:r></w:del>\
         <w:moveFrom w:id=\"3\">{}</w:moveFrom>",
        s.put("修订作者"),
        r(&s.put("插入的文字")),
        s.put("删除的文字"),
        r(&s.put("移走的文字"))
    )));
    add(p(&format!("<w:r><w:rPr><w:vanish/></w:rPr><w:t>{}</w:t></w:r>", s.put("隐藏文字"))));
    add(p(&format!("<w:r><w:rPr><w:color w:val=\"FFFFFF\"/></w:rPr><w:t>{}</w:t></w:r>", s.put("白色文字"))));
    add(format!("<w:p><w:pPr><w:pStyle w:val=\"Ghost\"/></w:pPr>{}</w:p>", r(&s.put("样式隐藏的文字"))));
    add(p(&format!(
        "<w:bookmarkStart w:id=\"9\" w:name=\"{}\"/>{}<w:bookmarkEnd w:id=\"9\"/><w:commentRangeStart w:id=\"0\"/>\
         <w:r><w:commentReference w:id=\"0\"/></w:r>",
        s.put("书签名"),
        r("书签")
    )));
    add(format!(
        "<w:sdt><w:sdtPr><w:alias w:val=\"{}\"/><w:tag w:val=\"{}\"/></w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>",
        s.put("控件标题"),
        s.put("控件标记"),
        p(&cut(&s.put("控件内容")))
    ));
    add(p(&format!(
        "<w:smartTag w:uri=\"{}\" w:element=\"x\">{}</w:smartTag>",
        s.put("智能标记"),
        r("标记")
    )));
    add(p(&format!("<m:oMath><m:r><m:t>{}</m:t></m:r></m:oMath>", s.put("公式"))));
    add(p(&format!(
        "<w:r><w:ruby><w:rt>{}</w:rt><w:rubyBase>{}</w:rubyBase></w:ruby></w:r>",
        r(&s.put("注音")),
        r(&s.put("被注音的文字"))
    )));
    let boxed = |text: &str| format!("<w:txbxContent>{}</w:txbxContent>", p(&cut(text)));
    let (shape, fallback) = (s.put("文本框"), s.put("文本框的旧版副本"));
    add(p(&format!(
        "<w:r><mc:AlternateContent><mc:Choice Requires=\"wps\"><w:drawing><wp:inline><wp:docPr id=\"1\" name=\"{}\" descr=\"{}\"/>\
         <a:graphic><a:graphicData><wps:wsp><wps:txbx>{}</wps:txbx></wps:wsp></a:graphicData></a:graphic></wp:inline></w:drawing></mc:Choice>\
         <mc:Fallback><w:pict><v:shape><v:textbox>{}</v:textbox></v:shape></w:pict></mc:Fallback></mc:AlternateContent></w:r>",
        s.put("图形名称"),
        s.put("替代文字"),
        boxed(&shape),
        boxed(&fallback)
    )));
    add(p(&format!(
        "<w:r><w:pict><v:shape alt=\"{}\"><v:textbox>{}</v:textbox></v:shape></w:pict></w:r>",
        s.put("旧式替代文字"),
        boxed(&s.put("旧式文本框"))
    )));
    add(p(&format!(
        "<w:r><w:drawing><wp:inline><wp:docPr id=\"2\" name=\"图\" title=\"{}\"/><a:blip r:embed=\"rPic\"/></wp:inline></w:drawing></w:r>",
        s.put("图片标题")
    )));
    add(p("<w:r><w:footnoteReference w:id=\"2\"/></w:r><w:r><w:endnoteReference w:id=\"2\"/></w:r>"));
    add(format!(
        "<w:p><w:pPr><w:numPr><w:ilvl w:val=\"0\"/><w:numId w:val=\"1\"/></w:numPr><w:rPr><w:rFonts w:ascii=\"{}\"/></w:rPr></w:pPr>{}</w:p>",
        s.put("字体名"),
        r("列表")
    ));
    add(format!("<!-- {} -->", s.put("XML注释")));
    add("<w:sectPr><w:headerReference w:type=\"default\" r:id=\"rHead\"/><w:headerReference w:type=\"first\" r:id=\"rFirst\"/>\
         <w:footerReference w:type=\"default\" r:id=\"rFoot\"/><w:pgSz w:w=\"11906\" w:h=\"16838\"/><w:titlePg/></w:sectPr>".into());
    out
}

pub fn file(s: &mut Plants, picture: &[u8]) -> Vec<u8> {
    let mut parts = Parts(Vec::new());
    parts.add("[Content_Types].xml", TYPES);
    parts.add("_rels/.rels", relations(&[("r1", "officeDocument", "word/document.xml", false)]));
    parts.add("word/document.xml", format!("<w:document {W}><w:body>{}</w:body></w:document>", body(s)));
    let target = format!("https://example.org/{}", s.put("链接地址"));
    parts.add(
        "word/_rels/document.xml.rels",
        relations(&[
            ("rHead", "header", "header1.xml", false),
            ("rFirst", "header", "header2.xml", false),
            ("rFoot", "footer", "footer1.xml", false),
            ("rNotes", "footnotes", "footnotes.xml", false),
            ("rEnd", "endnotes", "endnotes.xml", false),
            ("rLink", "hyperlink", &target, true),
            ("rPic", "image", "media/image1.png", false),
        ]),
    );
    for (name, root, place) in
        [("header1", "w:hdr", "页眉"), ("header2", "w:hdr", "首页页眉"), ("footer1", "w:ftr", "页脚")]
    {
        parts.add(&format!("word/{name}.xml"), format!("<{root} {W}>{}</{root}>", p(&cut(&s.put(place)))));
    }
    for (list, item) in [("footnotes", "footnote"), ("endnotes", "endnote")] {
        let notes = format!(
            "<w:{list} {W}><w:{item} w:id=\"2\">{}</w:{item}><w:{item} w:id=\"3\">{}</w:{item}></w:{list}>",
            p(&cut(&s.put("注释"))),
            p(&r(&s.put("没有引用的注释")))
        );
        parts.add(&format!("word/{list}.xml"), notes);
    }
    parts.add(
        "word/comments.xml",
        format!(
            "<w:comments {W}><w:comment w:id=\"0\" w:author=\"{}\">{}</w:comment></w:comments>",
            s.put("批注作者"),
            p(&cut(&s.put("批注")))
        ),
    );
    parts.add(
        "word/people.xml",
        format!("<w:people {W}><w:person w:author=\"{}\"/></w:people>", s.put("人员")),
    );
    parts.add("word/styles.xml", format!("<w:styles {W}><w:style w:type=\"paragraph\" w:styleId=\"Ghost\"><w:name w:val=\"{}\"/><w:rPr><w:vanish/></w:rPr></w:style></w:styles>", s.put("样式名")));
    parts.add("word/numbering.xml", format!("<w:numbering {W}><w:abstractNum w:abstractNumId=\"0\"><w:lvl w:ilvl=\"0\"><w:lvlText w:val=\"{}\"/></w:lvl></w:abstractNum><w:num w:numId=\"1\"><w:abstractNumId w:val=\"0\"/></w:num></w:numbering>", s.put("编号文字")));
    parts.add(
        "word/settings.xml",
        format!(
            "<w:settings {W}><w:docVars><w:docVar w:name=\"a\" w:val=\"{}\"/></w:docVars></w:settings>",
            s.put("文档变量")
        ),
    );
    parts.add(
        "word/glossary/document.xml",
        format!("<w:glossaryDocument {W}>{}</w:glossaryDocument>", p(&r(&s.put("文档部件")))),
    );
    parts.add(
        "word/charts/chart1.xml",
        format!("<c:chart xmlns:c=\"urn:c\"><c:v>{}</c:v></c:chart>", s.put("图表")),
    );
    parts.add("docProps/core.xml", format!("<cp xmlns=\"urn:p\"><creator>{}</creator><title>{}</title><lastModifiedBy>{}</lastModifiedBy></cp>", s.put("作者"), s.put("标题"), s.put("修改者")));
    parts.add("docProps/app.xml", format!("<p xmlns=\"urn:a\"><Company>{}</Company></p>", s.put("单位")));
    parts.add(
        "docProps/custom.xml",
        format!(
            "<p xmlns=\"urn:c\"><property name=\"{}\"><v>{}</v></property></p>",
            s.put("自定义属性名"),
            s.put("自定义属性")
        ),
    );
    parts.add(
        "customXml/item1.xml",
        format!("<x a=\"{}\">{}</x>", s.put("自定义XML属性"), s.put("自定义XML")),
    );
    let mut inner = Parts(Vec::new());
    inner.add("xl/sharedStrings.xml", format!("<sst><si><t>{}</t></si></sst>", s.put("嵌入的工作簿")));
    parts.add("word/embeddings/book.xlsx", inner.pack(""));
    parts.add("word/media/image1.png", super::picture::with_text(picture, "Author", &s.put("图片元数据")));
    parts.add(&format!("word/media/{}.txt", s.put("部件名")), "");
    parts.pack(&s.put("压缩包注释"))
}
