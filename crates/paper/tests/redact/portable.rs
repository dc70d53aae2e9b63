//! PDF files written by hand, with a string in every place that can hold one.

use super::picture::zlib;
use super::plant::{Plants, halves, spaced};

/// Objects of a file; the first is the catalog, the second the page tree.
pub struct File {
    objects: Vec<Vec<u8>>,
    trailer: String,
}

impl File {
    pub fn new() -> File {
        File { objects: vec![Vec::new(), Vec::new()], trailer: String::new() }
    }

    pub fn add(&mut self, object: impl AsRef<[u8]>) -> usize {
        self.objects.push(object.as_ref().to_vec());
        self.objects.len()
    }

    pub fn stream(&mut self, entries: &str, data: &[u8]) -> usize {
        let head = format!("<< {entries} /Length {} >>\nstream\n", data.len());
        self.add([head.as_bytes(), data, b"\nendstream"].concat())
    }

    pub fn packed(&mut self, entries: &str, data: &[u8]) -> usize {
        self.stream(&format!("{entries} /Filter /FlateDecode"), &zlib(data))
    }

    pub fn write(mut self, catalog: &str, pages: &[usize]) -> Vec<u8> {
        let kids: String = pages.iter().map(|p| format!("{p} 0 R ")).collect();
        self.objects[0] = format!("<< /Type /Catalog /Pages 2 0 R {catalog} >>").into_bytes();
        self.objects[1] = format!("<< /Type /Pages /Count {} /Kids [{kids}] >>", pages.len()).into_bytes();
        let mut out = b"%PDF-1.7\n".to_vec();
        let mut places = Vec::new();
        for (n, object) in self.objects.iter().enumerate() {
            places.push(out.len());
            out.extend_from_slice(format!("{} 0 obj\n", n + 1).as_bytes());
            out.extend_from_slice(object);
            out.extend_from_slice(b"\nendobj\n");
        }
        let table = out.len();
        out.extend_from_slice(format!("xref\n0 {}\n0000000000 65535 f \n", places.len() + 1).as_bytes());
        for place in &places {
            out.extend_from_slice(format!("{place:010} 00000 n \n").as_bytes());
        }
        let end = format!(
            "trailer\n<< /Size {} /Root 1 0 R {} >>\nstartxref\n{table}\n%%EOF\n",
            places.len() + 1,
            self.trailer
        );
        out.extend_from_slice(end.as_bytes());
        out
    }
}

pub const FONT: &str = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>";

/// A page with one content stream in Helvetica.
pub fn page(file: &mut File, content: &str, more: &str) -> usize {
    let content = file.packed("", content.as_bytes());
    let box_ = if more.contains("/MediaBox") { "" } else { "/MediaBox [0 0 595 842]" };
    file.add(format!(
        "<< /Type /Page /Parent 2 0 R {box_} /Contents {content} 0 R /Resources << /Font << /F {FONT} >> >> {more} >>"
    ))
}

pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02X}")).collect()
}

fn utf16(text: &str) -> String {
    let bytes: Vec<u8> = [0xfeff].into_iter().chain(text.encode_utf16()).flat_map(u16::to_be_bytes).collect();
    format!("<{}>", hex(&bytes))
}

fn show(x: u32, y: u32, operators: &str) -> String {
    format!("BT /F 14 Tf 1 0 0 1 {x} {y} Tm {operators} ET\n")
}

/// What pages show; ASCII alone.
fn shown(file: &mut File, s: &mut Plants) -> Vec<usize> {
    let mut content = String::new();
    let mut line = 800;
    let mut next = || {
        line -= 30;
        line
    };
    content += &show(50, next(), &format!("(Telephone {}.) Tj", s.put("正文")));
    content += &show(50, next(), &format!("<{}> Tj", hex(s.put("十六进制").as_bytes())));
    let (a, b) = halves(&s.put("分段数组"));
    content += &show(50, next(), &format!("[({a}) -30 ({b})] TJ"));
    content += &show(50, next(), &format!("({}) Tj", spaced(&s.put("夹空格"))));
    let (a, b) = halves(&s.put("断行"));
    content += &show(400, next(), &format!("({a}) Tj 1 0 0 1 50 {} Tm ({b}) Tj", next()));
    // Drawn from the right to the left, so that only the places tell the order.
    let (a, b) = halves(&s.put("倒序绘制"));
    let y = next();
    content += &show(50 + 8 * u32::try_from(a.len()).unwrap(), y, &format!("({b}) Tj"));
    content += &show(50, y, &format!("({a}) Tj"));
    content += &show(50, next(), &format!("1 1 1 rg ({}) Tj 0 g", s.put("白色文字")));
    content += &show(50, next(), &format!("3 Tr ({}) Tj 0 Tr", s.put("不显示的文字")));
    content += &show(50, next(), &format!("2 Tr ({}) Tj 0 Tr", s.put("描边文字")));
    let bold = s.put("重影加粗");
    let y = next();
    content += &show(50, y, &format!("({bold}) Tj 1 0 0 1 50.3 {y} Tm ({bold}) Tj"));
    // Naive redaction: a black box over the words.
    let y = next();
    content += &show(50, y, &format!("({}) Tj", s.put("黑框之下")));
    content += &format!("0 g 40 {} 300 24 re f\n", y - 6);
    content += &show(50, next(), &format!("0.5 0 0 14 0 0 Tm ({}) Tj", s.put("压扁的文字")));
    content += &show(900, 700, &format!("({}) Tj", s.put("页面之外")));
    let escaped: String = s.put("转义").bytes().map(|b| format!("\\{b:03o}")).collect();
    content += &show(50, next(), &format!("({escaped}) Tj"));
    let mut pages = vec![page(file, &content, "")];
    for degrees in [90, 180, 270] {
        let content = show(100, 400, &format!("({}) Tj", s.put(&format!("旋转{degrees}度"))));
        pages.push(page(file, &content, &format!("/Rotate {degrees} /CropBox [50 50 500 700]")));
    }
    let slanted = format!("BT /F 14 Tf 0.9 0.4 -0.4 0.9 100 300 Tm ({}) Tj ET", s.put("倾斜"));
    pages.push(page(file, &slanted, ""));
    let form = file.packed(
        &format!("/Type /XObject /Subtype /Form /BBox [0 0 400 50] /Matrix [1 0 0 1 20 20] /Resources << /Font << /F {FONT} >> >>"),
        show(10, 10, &format!("({}) Tj", s.put("表单对象"))).as_bytes(),
    );
    let content = file.add_content("/X Do");
    pages.push(file.add(format!(
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {content} 0 R /Resources << /XObject << /X {form} 0 R >> >> >>"
    )));
    let text = show(50, 500, &format!("({}) Tj", s.put("ASCII85")));
    let content =
        file.stream("/Filter [/ASCIIHexDecode /FlateDecode]", (hex(&zlib(text.as_bytes())) + ">").as_bytes());
    pages.push(file.add(format!(
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {content} 0 R /Resources << /Font << /F {FONT} >> >> >>"
    )));
    pages
}

impl File {
    fn add_content(&mut self, text: &str) -> usize {
        self.packed("", text.as_bytes())
    }
}

/// A file with strings in and beside its pages.
pub fn file(s: &mut Plants) -> Vec<u8> {
    let mut file = File::new();
    let mut pages = if s.is_ascii() {
        shown(&mut file, s)
    } else {
        vec![page(&mut file, "BT /F 12 Tf (empty) Tj ET", "")]
    };
    let subject = hex(&encoding_rs::GB18030.encode(&s.put("主题GBK")).0);
    let info = file.add(format!(
        "<< /Author {} /Title {} /Keywords ({}) /Subject <{subject}> >>",
        utf16(&s.put("文档信息")),
        utf16(&spaced(&s.put("文档标题"))),
        s.put("关键词UTF-8"),
    ));
    file.trailer = format!("/Info {info} 0 R");
    let xmp = file.stream(
        "/Type /Metadata /Subtype /XML",
        format!("<x:xmpmeta xmlns:x='adobe:ns:meta/'><creator>{}</creator></x:xmpmeta>", s.put("XMP"))
            .as_bytes(),
    );
    let packed = file
        .packed("/Type /Metadata /Subtype /XML", format!("<x><t>{}</t></x>", s.put("压缩的XMP")).as_bytes());
    let note = file.add(format!(
        "<< /Type /Annot /Subtype /Text /Rect [10 10 30 30] /Contents {} /T {} >>",
        utf16(&s.put("批注")),
        utf16(&s.put("批注作者"))
    ));
    let field = file.add(format!(
        "<< /Type /Annot /Subtype /Widget /FT /Tx /T {} /V {} /Rect [10 40 200 60] >>",
        utf16(&s.put("域名称")),
        utf16(&s.put("域的值"))
    ));
    let link = file.add(format!(
        "<< /Type /Annot /Subtype /Link /Rect [1 1 2 2] /A << /S /URI /URI ({}) >> >>",
        s.put("链接地址")
    ));
    let content = file.packed("", b"q Q");
    pages.push(file.add(format!(
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {content} 0 R /Annots [{note} 0 R {field} 0 R {link} 0 R] /Metadata {packed} 0 R >>"
    )));
    let attachment = file.packed("/Type /EmbeddedFile", s.put("附件内容").as_bytes());
    let spec = file.add(format!(
        "<< /Type /Filespec /UF {} /EF << /F {attachment} 0 R >> >>",
        utf16(&format!("{}.txt", s.put("附件名")))
    ));
    let outline = file.add(format!("<< /Title {} /Parent 1 0 R >>", utf16(&s.put("书签"))));
    file.packed("", s.put("无人引用的数据").as_bytes());
    file.add(format!("({})", s.put("无人引用的对象")));
    file.packed(
        "/Type /ObjStm /N 1 /First 4",
        format!("90 0 << /Secret {} >>", utf16(&s.put("对象流"))).as_bytes(),
    );
    let script = s.put("脚本");
    let catalog = format!(
        "/Metadata {xmp} 0 R /AcroForm << /Fields [{field} 0 R] >> /Outlines << /First {outline} 0 R /Last {outline} 0 R >> \
         /Names << /EmbeddedFiles << /Names [(a) {spec} 0 R] >> >> /OpenAction << /S /JavaScript /JS {} >>",
        utf16(&format!("app.alert('{script}')"))
    );
    let mut out = file.write(&catalog, &pages);
    // An earlier revision and what somebody appended.
    let old = zlib(format!("BT /F 12 Tf ({}) Tj ET", s.put("旧版本的页面")).as_bytes());
    out.extend_from_slice(
        format!("99 0 obj\n<< /Length {} /Filter /FlateDecode >>\nstream\n", old.len()).as_bytes(),
    );
    out.extend_from_slice(&old);
    out.extend_from_slice(
        format!("\nendstream\nendobj\nstartxref\n9\n%%EOF\n% {}", s.put("文件末尾")).as_bytes(),
    );
    out
}
