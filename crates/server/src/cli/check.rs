//! `report check`: published reports of anybody, read and checked; a file, a folder or addresses, however many.
//!
//! Files are read by as many threads as there are processors, a few dozen at a time, so that memory does not grow with their
//! number; what is told keeps the order in which they were named.

use super::{Ended, Failure, Hands, Outcome, print, read_file, stdout_is_terminal, write_file};
use clap::{Args, ValueEnum};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use law::form::published::authority_key;
use law::form::settings::Settings;
use paper::read::{MAX_BYTES, Reading, Unreadable, read};
use service::inspection::{self, Inspection, Row, opinion, unreadable_json, workbook};
use std::collections::BTreeMap;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Files in memory at a time.
const AT_ONCE: usize = 48;
/// Endings of files that may be reports, in a folder.
const ENDINGS: [&str; 9] = ["html", "htm", "shtml", "xhtml", "pdf", "docx", "txt", "md", "markdown"];

#[derive(Args)]
pub struct Check {
    #[arg(value_name = "文件", help = "年度报告文件、存放报告的目录或者网址，可以写多个")]
    files: Vec<String>,
    #[arg(long, value_name = "清单", help = "文本文件，每行一个报告文件或者网址")]
    list: Option<PathBuf>,
    #[arg(
        long,
        value_name = "文件",
        help = "上一年度的报告文件或者目录，用于跨年核对；多份时按机关名称和年度对应"
    )]
    previous: Vec<PathBuf>,
    #[arg(
        long,
        value_name = "文件",
        help = "本地的核查规则设置（TOML）：停用、调整级别和数值、本地增加的行"
    )]
    rules: Option<PathBuf>,
    #[arg(
        long,
        value_name = "格式",
        help = "text（默认）、json、xlsx（核查结果表）或者 docx（核查意见，只用于一份报告）"
    )]
    format: Option<Told>,
    #[arg(short, long, value_name = "文件", help = "输出文件，默认写到标准输出")]
    output: Option<PathBuf>,
    #[arg(long, value_name = "机关", help = "出具核查意见的机关名称，--format docx 时填写")]
    signed_by: Option<String>,
}

/// How the result is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Told {
    Text,
    Json,
    Xlsx,
    Docx,
}

/// A report in the summary.
struct Line {
    file: String,
    errors: usize,
    warnings: usize,
    text: Vec<String>,
}

impl Check {
    fn format(&self) -> Result<Told, Failure> {
        let ending = self.output.as_ref().and_then(|f| f.extension()?.to_str()).unwrap_or_default();
        Ok(match (self.format, ending.to_lowercase().as_str()) {
            (Some(format), _) => format,
            (None, "json") => Told::Json,
            (None, "xlsx") => Told::Xlsx,
            (None, "docx") => Told::Docx,
            (None, _) => Told::Text,
        })
    }

    pub async fn run(self, hands: &Hands) -> Ended {
        let format = self.format()?;
        if matches!(format, Told::Xlsx | Told::Docx) && self.output.is_none() && stdout_is_terminal() {
            return Err("这种格式的文件不能显示在终端上，请用 -o 写明输出文件".into());
        }
        let sources = self.sources()?;
        let previous = Before::read(&self.previous)?;
        let rules = self.settings()?;
        let mut told = Telling::new(format, self.output.is_none());
        let (mut found, mut unread) = (false, Vec::new());
        let bar = bar(sources.len());
        for some in sources.chunks(AT_ONCE) {
            let contents = fetched(some).await;
            for (source, result) in some.iter().zip(inspected(&contents, &previous, &rules)) {
                bar.inc(1);
                match &result {
                    Ok(inspection) => found |= inspection.has_errors(),
                    Err(sentence) => unread.push(format!("{source}：{sentence}")),
                }
                told.add(source, result, sources.len() == 1)?;
            }
        }
        bar.finish_and_clear();
        told.finish(&self, hands)?;
        match (found, unread.as_slice()) {
            (true, rest) => {
                rest.iter().for_each(|sentence| eprintln!("{sentence}"));
                Ok(Outcome::Found)
            }
            (false, []) => Ok(Outcome::Done),
            (false, [only]) => Err(Failure(only.clone())),
            (false, all) => {
                Err(Failure(format!("{}\n共有{}份文件没有读取，请按以上说明处理", all.join("\n"), all.len())))
            }
        }
    }

    /// The rules as the place has set them.
    fn settings(&self) -> Result<Settings, Failure> {
        let Some(file) = &self.rules else { return Ok(Settings::default()) };
        let text = String::from_utf8(read_file(file)?)
            .map_err(|_| Failure(format!("{} 不是UTF-8编码的文本，请另存后再试", file.display())))?;
        Settings::parse(&text).map_err(|all| Failure(format!("{}：{}", file.display(), all.join("；"))))
    }

    /// What is to be checked, in order: files, files of folders, addresses.
    fn sources(&self) -> Result<Vec<String>, Failure> {
        let mut named = self.files.clone();
        if let Some(list) = &self.list {
            let text = String::from_utf8(read_file(list)?)
                .map_err(|_| Failure(format!("{} 不是UTF-8编码的文本，请另存后再试", list.display())))?;
            let lines = text.trim_start_matches('\u{feff}').lines().map(str::trim);
            named.extend(lines.filter(|l| !l.is_empty() && !l.starts_with('#')).map(str::to_owned));
        }
        if named.is_empty() {
            return Err("没有写明要核查的报告，请写明文件、目录或者网址".into());
        }
        let mut sources = Vec::new();
        for name in named {
            let path = Path::new(&name);
            if !is_address(&name) && path.is_dir() {
                let before = sources.len();
                walk(path, &mut sources)?;
                if sources.len() == before {
                    return Err(Failure(format!(
                        "目录 {name} 中没有可以核查的文件（{}），请核对目录",
                        ENDINGS.join("、")
                    )));
                }
            } else {
                sources.push(name);
            }
        }
        Ok(sources)
    }
}

fn is_address(name: &str) -> bool {
    name.starts_with("http://") || name.starts_with("https://")
}

/// The files of a folder that may be reports, by name, those of its folders among them. Links are not followed.
fn walk(folder: &Path, sources: &mut Vec<String>) -> Result<(), Failure> {
    let unreadable = |e| Failure(format!("不能打开目录 {}：{e}", folder.display()));
    let entries = std::fs::read_dir(folder).map_err(unreadable)?;
    let mut paths: Vec<PathBuf> =
        entries.map(|e| e.map(|e| e.path())).collect::<Result<_, _>>().map_err(unreadable)?;
    paths.sort();
    for path in paths {
        let hidden = path.file_name().is_some_and(|n| n.to_string_lossy().starts_with(['.', '~']));
        let Ok(kind) = path.symlink_metadata().map(|m| m.file_type()) else { continue };
        if hidden || kind.is_symlink() {
            continue;
        }
        if kind.is_dir() {
            walk(&path, sources)?;
            continue;
        }
        let ending = path.extension().and_then(|e| e.to_str()).unwrap_or_default().to_lowercase();
        if ENDINGS.contains(&ending.as_str()) {
            sources.push(path.display().to_string());
        }
    }
    Ok(())
}

/// The content of each source: files are read where they are checked, addresses are fetched before.
enum Content {
    File(PathBuf),
    Bytes(Result<Vec<u8>, String>),
}

async fn fetched(sources: &[String]) -> Vec<Content> {
    let mut contents = Vec::with_capacity(sources.len());
    for source in sources {
        contents.push(if is_address(source) {
            // Whoever runs the command may reach what this machine reaches.
            Content::Bytes(crate::fetch::fetch(source, MAX_BYTES, &|_, _| true).await)
        } else {
            Content::File(PathBuf::from(source))
        });
    }
    contents
}

impl Content {
    fn bytes(&self) -> Result<Vec<u8>, String> {
        match self {
            Content::Bytes(result) => result.clone(),
            Content::File(path) => {
                let size = std::fs::metadata(path).map(|m| m.len()).unwrap_or_default();
                if size > MAX_BYTES as u64 {
                    return Err(Unreadable::TooLarge.to_string());
                }
                read_file(path).map_err(|f| f.to_string())
            }
        }
    }
}

/// Reads and checks some files, in parallel.
fn inspected(contents: &[Content], previous: &Before, rules: &Settings) -> Vec<Result<Inspection, Refusal>> {
    let next = AtomicUsize::new(0);
    let results: Vec<Mutex<Option<Result<Inspection, Refusal>>>> =
        contents.iter().map(|_| Mutex::new(None)).collect();
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(contents.len()).max(1);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let n = next.fetch_add(1, Ordering::Relaxed);
                    let Some(content) = contents.get(n) else { break };
                    let result = one(content, previous, rules);
                    if let Ok(mut slot) = results[n].lock() {
                        *slot = Some(result);
                    }
                }
            });
        }
    });
    let lost = || Err(Refusal::Sentence("程序内部出错，这份文件没有核查，请把文件交给系统管理员".into()));
    results.into_iter().map(|slot| slot.into_inner().ok().flatten().unwrap_or_else(lost)).collect()
}

/// Why a file was not checked.
enum Refusal {
    Unreadable(Unreadable),
    Sentence(String),
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Refusal::Unreadable(e) => e.fmt(f),
            Refusal::Sentence(text) => f.write_str(text),
        }
    }
}

fn one(content: &Content, previous: &Before, rules: &Settings) -> Result<Inspection, Refusal> {
    let bytes = content.bytes().map_err(Refusal::Sentence)?;
    let reading = read(&bytes).map_err(Refusal::Unreadable)?;
    let last = previous.of(&reading);
    Ok(Inspection::by(reading, last, rules))
}

/// Reports of the year before.
struct Before {
    /// The only one, whosever it is: the checks say if it is another's.
    only: Option<inspection::Before>,
    all: BTreeMap<(String, i16), inspection::Before>,
}

impl Before {
    fn read(paths: &[PathBuf]) -> Result<Before, Failure> {
        let mut sources = Vec::new();
        for path in paths {
            if path.is_dir() {
                walk(path, &mut sources)?;
            } else {
                sources.push(path.display().to_string());
            }
        }
        let mut before = Before { only: None, all: BTreeMap::new() };
        for source in &sources {
            match read(&read_file(Path::new(source))?) {
                Ok(reading) if sources.len() == 1 => before.only = Some((&reading).into()),
                Ok(reading) => {
                    if let (Some(name), Some(year)) = (&reading.published.organization, reading.year) {
                        before.all.insert((authority_key(name), year), (&reading).into());
                    }
                }
                Err(e) if sources.len() == 1 => return Err(Failure(format!("上一年度报告 {source}：{e}"))),
                Err(e) => eprintln!("上一年度报告 {source} 没有读取：{e}"),
            }
        }
        Ok(before)
    }

    fn of(&self, reading: &Reading) -> Option<&inspection::Before> {
        if self.only.is_some() {
            return self.only.as_ref();
        }
        let name = reading.published.organization.as_deref()?;
        let key = (authority_key(name), reading.year?.checked_sub(1)?);
        self.all.get(&key)
    }
}

/// What is told in the end.
struct Telling {
    format: Told,
    rows: Vec<Row>,
    lines: Vec<Line>,
    /// JSON that is not written yet.
    json: String,
    begun: bool,
    /// Whether JSON is written as it is made, so that memory does not grow with the number of reports.
    at_once: bool,
    letter: Option<Inspection>,
}

impl Telling {
    fn new(format: Told, at_once: bool) -> Telling {
        let json = String::new();
        Telling { format, rows: Vec::new(), lines: Vec::new(), json, begun: false, at_once, letter: None }
    }

    fn add(&mut self, source: &str, result: Result<Inspection, Refusal>, alone: bool) -> Result<(), Failure> {
        match self.format {
            Told::Json => {
                let value = match &result {
                    Ok(inspection) => inspection.json(source),
                    Err(Refusal::Unreadable(e)) => unreadable_json(source, e),
                    Err(Refusal::Sentence(text)) => {
                        serde_json::json!({ "file": source, "error": { "code": "file", "message": text } })
                    }
                };
                self.json.push(if self.begun { ',' } else { '[' });
                self.begun = true;
                self.json.push_str(&value.to_string());
                if self.at_once {
                    print(self.json.as_bytes())?;
                    self.json.clear();
                }
            }
            Told::Xlsx => self.rows.push(match &result {
                Ok(inspection) => Row::of(source, inspection),
                Err(e) => Row { file: source.to_owned(), unread: vec![e.to_string()], ..Row::default() },
            }),
            Told::Docx => self.letter = result.ok(),
            Told::Text => {
                if let Ok(inspection) = result {
                    self.lines.push(line(source, &inspection, alone));
                }
            }
        }
        Ok(())
    }

    fn finish(mut self, asked: &Check, hands: &Hands) -> Result<(), Failure> {
        let bytes = match self.format {
            Told::Json => format!("{}{}]\n", self.json, if self.begun { "" } else { "[" }).into_bytes(),
            Told::Text => self.text().into_bytes(),
            Told::Xlsx => {
                self.rows.sort_by_key(|r| std::cmp::Reverse((r.counts[0], r.counts[1])));
                workbook(&self.rows)?
            }
            Told::Docx => {
                let signed_by = asked.signed_by.as_deref().map(str::trim).filter(|n| !n.is_empty());
                let signed_by = signed_by.ok_or("请用 --signed-by 写明出具核查意见的机关名称")?;
                match &self.letter {
                    Some(inspection) => opinion(inspection, signed_by, hands.today())?,
                    None => return Ok(()),
                }
            }
        };
        match &asked.output {
            Some(file) => {
                write_file(file, &bytes)?;
                eprintln!("已经写入 {}", file.display());
                Ok(())
            }
            None if bytes.is_empty() => Ok(()),
            None => print(&bytes),
        }
    }

    /// The reports with most errors first.
    fn text(&mut self) -> String {
        self.lines.sort_by(|a, b| {
            (b.errors, b.warnings).cmp(&(a.errors, a.warnings)).then_with(|| a.file.cmp(&b.file))
        });
        let mut text = String::new();
        for line in &self.lines {
            for words in &line.text {
                text.push_str(words);
                text.push('\n');
            }
        }
        if self.lines.len() > 1 {
            let wrong = self.lines.iter().filter(|l| l.errors > 0).count();
            text.push_str(&format!("共核查{}份报告，其中{wrong}份有错误\n", self.lines.len()));
        }
        text
    }
}

/// A report and what was found; of several reports only errors and warnings are told.
fn line(source: &str, inspection: &Inspection, alone: bool) -> Line {
    use law::form::check::Severity;
    let name = inspection.name();
    let head = format!("{source}  {name}（{}年格式）：{}", inspection.reading.form.id, inspection.summary());
    let remark = Severity::Info.label();
    let mut text = vec![head];
    let mut told = true;
    for words in inspection.lines() {
        // A line that is indented belongs to the one before it.
        if !words.starts_with(' ') {
            told = alone || !words.starts_with(remark);
        }
        if told {
            text.push(format!("  {words}"));
        }
    }
    Line {
        file: source.to_owned(),
        errors: inspection.count(Severity::Error),
        warnings: inspection.count(Severity::Warning),
        text,
    }
}

fn bar(files: usize) -> ProgressBar {
    let terminal = std::io::stderr().is_terminal() && files > AT_ONCE;
    let target = if terminal { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
    let style = ProgressStyle::with_template("核查 {bar:40} {pos}/{len} 还需{eta}");
    let style = style.unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::with_draw_target(Some(files as u64), target).with_style(style)
}
