//! The command line (DESIGN §5) with the built program: what every command prints, and how it ends.

#![allow(clippy::unwrap_used, missing_docs, reason = "a test may fail")]

mod support;

use jiff::civil::date;
use serde_json::Value;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Stdio};
use support::{County, PASSWORD, gongkai, refused, run, run_with};

fn json(run: &support::Run) -> Value {
    serde_json::from_str(&run.out).unwrap_or_else(|e| panic!("{e}: {run:?}"))
}

/// Runs to the end, well.
#[track_caller]
fn done(args: &[&str]) -> support::Run {
    let ended = run(args);
    assert_eq!(ended.status, Some(0), "{args:?}: {ended:?}");
    ended
}

/// A county on disk with one request and one document, closed again.
fn county(folder: &Path) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let mut county = County::new(folder).await;
        county.request(date(2020, 6, 1), "样例申请").await;
        county.document(date(2020, 3, 2), "样例通知").await;
        county.service.close().await;
    });
}

struct Store {
    folder: tempfile::TempDir,
}

impl Store {
    fn new() -> Store {
        let store = Store { folder: tempfile::tempdir().unwrap() };
        county(&store.folder.path().join("data"));
        store
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).to_str().unwrap().to_owned()
    }

    fn data(&self) -> String {
        self.path("data")
    }
}

#[test]
fn calendar_prints_the_number_or_the_date_alone() {
    assert_eq!(done(&["calendar", "2020"]).out, "249\n");
    assert_eq!(done(&["calendar", "add", "2020-01-15", "20"]).out, "2020-02-19\n");
    let year = json(&done(&["calendar", "2020", "--format", "json"]));
    assert_eq!(
        (year["working_days"].as_i64(), year["notices"].as_array().map(Vec::len)),
        (Some(249), Some(2))
    );
    let later = json(&done(&["calendar", "add", "2026-12-20", "20", "--format", "json"]));
    assert_eq!(later["provisional"], true);
    let text = done(&["calendar", "add", "2026-12-20", "20"]);
    assert!(text.out.lines().count() == 1 && text.err.contains("暂定"), "{text:?}");
}

#[test]
fn a_calendar_is_installed_once_and_a_wrong_one_refused() {
    let home = Store::new();
    let data = home.data();
    let text = "year = 2027\nworking_days = 260\n[[notice]]\nnumber = \"样本发电〔2026〕9号\"\ntitle = \"样本通知\"\n\
                [days]\noff = [{ name = \"元旦\", first = 2027-01-01, last = 2027-01-03 }]\nwork = []\n";
    let (file, wrong) = (home.path("2027.toml"), home.path("wrong.toml"));
    std::fs::write(&file, text).unwrap();
    std::fs::write(&wrong, text.replace("260", "261")).unwrap();
    let installed = done(&["calendar", "install", &file, "--data", &data]);
    assert!(installed.out.contains("2027年的工作日历已经启用"), "{installed:?}");
    let again = done(&["calendar", "install", &file, "--data", &data]);
    assert!(again.out.contains("与现行的一致"), "{again:?}");
    refused(&run(&["calendar", "install", &wrong, "--data", &data]), &["261天", "260天"]);
    refused(
        &run(&["calendar", "install", &home.path("none.toml"), "--data", &data]),
        &["none.toml", "没有找到"],
    );
    let verified = done(&["verify", "--data", &data]);
    assert!(verified.out.contains("没有发现问题"), "{verified:?}");
}

#[test]
fn clock_prints_the_date_and_every_step() {
    let args = ["clock", "--received", "2024-02-05", "--consult", "2024-02-21..2024-03-06"];
    let due = json(&done(&[&args[..], &["--format", "json"]].concat()));
    assert_eq!((due["due"].as_str(), due["provisional"].as_bool()), (Some("2024-03-22"), Some(false)));
    let because = due["because"].as_array().unwrap();
    assert!(because.iter().any(|s| s["citation"] == "条例第三十三条"), "{due}");
    let text = done(&args).out;
    assert!(text.starts_with("2024-03-22\n") && text.lines().count() == 1 + because.len(), "{text}");
    for (more, expected) in [
        (&["--extend", "20"][..], "2024-04-08"),
        (&["--corrected", "2024-02-20"], "2024-03-19"),
        (&["--paid", "2024-02-20"], "2024-03-19"),
    ] {
        let out = done(&[&["clock", "--received", "2024-02-05"][..], more].concat()).out;
        assert!(out.starts_with(expected), "{more:?}: {out}");
    }
}

#[test]
fn fee_prints_the_yuan_owed() {
    for (basis, count, yuan) in
        [("requests", "30", "2000"), ("requests", "61", "11500"), ("pages", "250", "4700")]
    {
        assert_eq!(done(&["fee", "--basis", basis, "--count", count]).out, format!("{yuan}\n"));
    }
    let fee =
        json(&done(&["fee", "--basis", "pages", "--count", "31", "--on", "2021-01-01", "--format", "json"]));
    assert_eq!((fee["yuan"].as_i64(), fee["on"].as_str()), (Some(10), Some("2021-01-01")));
}

#[test]
fn a_new_store_gets_an_account_and_is_well() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("new").to_str().unwrap().to_owned();
    let init = done(&["init", "--data", &data, "--region", "990101", "--name", "示例县"]);
    assert!(init.out.is_empty() && init.err.contains("示例县") && init.err.contains("密钥"), "{init:?}");
    let add = ["user", "add", "admin", "--data", &data, "--name", "样例甲", "--role", "administrator"];
    let added = run_with(&add, &format!("{PASSWORD}\n"));
    assert_eq!(added.status, Some(0), "{added:?}");
    assert!(!added.err.contains(PASSWORD) && !added.out.contains(PASSWORD));
    let again = run_with(&add, &format!("{PASSWORD}\n"));
    assert!(again.status == Some(2) && again.err.contains("已被使用"), "{again:?}");
    let weak = run_with(&["user", "password", "admin", "--data", &data], "123\n");
    assert_eq!(weak.status, Some(2), "{weak:?}");
    let changed = run_with(&["user", "password", "admin", "--data", &data], "Another-2020-word\n");
    assert_eq!(changed.status, Some(0), "{changed:?}");
    done(&["user", "roles", "admin", "administrator", "head", "--data", &data]);
    done(&["user", "disable", "admin", "--data", &data]);
    let list = json(&done(&["user", "list", "--data", &data, "--format", "json"]));
    assert_eq!(list[0]["login"], "admin");
    assert_eq!(list[0]["roles"], serde_json::json!(["administrator", "head"]));
    assert_eq!(list[0]["disabled"], true);
    done(&["user", "enable", "admin", "--data", &data]);
    let text = done(&["user", "list", "--data", &data]).out;
    assert!(text.contains("系统管理员、单位负责人") && !text.contains("停用"), "{text}");

    let doctor = run(&["doctor", "--data", &data, "--format", "json"]);
    assert!(matches!(doctor.status, Some(0 | 1)), "{doctor:?}");
    let doctor = json(&doctor);
    assert!(doctor["checkups"].as_array().unwrap().len() > 3);
    let names: Vec<&str> =
        doctor["settings"].as_array().unwrap().iter().map(|s| s["env"].as_str().unwrap()).collect();
    assert_eq!(names, server::config::all().map(|s| s.env).collect::<Vec<_>>());
    let secret = gongkai(&["doctor", "--data", &data])
        .env("GONGKAI_DATABASE", "postgres://u:geheim@h/d")
        .output()
        .unwrap();
    assert!(!String::from_utf8_lossy(&secret.stdout).contains("geheim"));
}

#[test]
fn a_report_is_built_in_every_format() {
    let store = Store::new();
    let data = store.data();
    let base = ["report", "build", "--data", &data, "--unit", "示例县人民政府办公室", "--year", "2020"];
    let built = done(&base);
    let report = json(&built);
    assert_eq!(report["form"], "2019");
    assert_eq!(report["unit"]["name"], "示例县人民政府办公室");
    assert_eq!(report["cells"]["requests.new_requests.natural_person"], 1);
    assert!(report["facts"].is_object() && report["findings"].is_array() && report["as_of"].is_string());
    let before = json(&done(&[&base[..], &["--as-of", "2020-05-01"]].concat()));
    assert_eq!(before["cells"]["requests.new_requests.natural_person"], 0);
    // The government's report is its own and what it accepted: until then, nothing of the office.
    let government = [&base[..5], &["示例县人民政府", "--year", "2020", "--scope", "government"]].concat();
    assert_eq!(json(&done(&government))["cells"]["requests.new_requests.natural_person"], 0);
    let written = store.path("office.json");
    std::fs::write(&written, &built.out).unwrap();
    done(&["report", "file", "--data", &data, &written]);
    // Filed once; again only when it was returned, withdrawn or accepted.
    let twice = run(&["report", "file", "--data", &data, &written, "--reason", "数据有更正"]);
    assert_eq!(twice.status, Some(2));
    assert!(twice.err.contains("已经报送"), "{twice:?}");
    let consolidate =
        ["report", "consolidate", "--data", &data, "--unit", "示例县人民政府", "--year", "2020"];
    let said = done(&consolidate);
    let missing = &json(&said)["consolidation"]["missing"];
    assert!(missing.as_array().unwrap().iter().any(|m| m["name"] == "县政府办"), "{missing}");
    assert!(said.err.contains("没有接收"), "{said:?}");

    for (format, begins) in
        [("html", &b"<!"[..]), ("md", b"> "), ("csv", b"\xef\xbb\xbf"), ("docx", b"PK"), ("xlsx", b"PK")]
    {
        let file = store.path(&format!("report.{format}"));
        let made = done(&[&base[..], &["-o", &file]].concat());
        assert!(made.out.is_empty(), "{made:?}");
        let bytes = std::fs::read(&file).unwrap();
        assert!(bytes.starts_with(begins), "{format}: {:?}", &bytes[..8]);
        let piped = gongkai(&[&base[..], &["--format", format]].concat()).output().unwrap();
        assert!(piped.status.success() && piped.stdout.starts_with(begins), "{format}");
    }
    let left: Vec<_> =
        std::fs::read_dir(store.folder.path()).unwrap().map(|f| f.unwrap().file_name()).collect();
    assert!(left.iter().all(|f| !f.to_string_lossy().contains(".part")), "{left:?}");
}

#[test]
fn a_cell_lists_the_records_behind_it() {
    let store = Store::new();
    let data = store.data();
    let base = ["report", "cell", "--data", &data, "--unit", "sx-office", "--year", "2020"];
    let cell = [&base[..], &["requests.new_requests.natural_person"]].concat();
    let text = done(&cell).out;
    assert!(text.lines().count() == 2 && text.contains("样例申请") && text.contains("2020-00001"), "{text}");
    let found = json(&done(&[&cell[..], &["--format", "json"]].concat()));
    assert_eq!((found["value"].as_i64(), found["records"].as_array().map(Vec::len)), (Some(1), Some(1)));
}

#[test]
fn a_register_goes_out_and_comes_back() {
    let store = Store::new();
    let (data, other, file) = (store.data(), store.path("other"), store.path("units.csv"));
    done(&["export", "units", "--data", &data, "--format", "csv", "-o", &file]);
    let json_out = json(&done(&["export", "documents", "--data", &data, "--format", "json"]));
    assert_eq!(json_out.as_array().map(Vec::len), Some(1));
    done(&["init", "--data", &other, "--region", "990101", "--name", "示例县"]);
    let dry = done(&["import", "units", &file, "--data", &other, "--dry-run"]);
    assert!(dry.out.contains("共3行") && dry.out.contains("没有导入"), "{dry:?}");
    let none = json(&done(&["export", "units", "--data", &other, "--format", "json"]));
    assert_eq!(none.as_array().map(Vec::len), Some(0));
    let taken = done(&["import", "units", &file, "--data", &other]);
    assert!(taken.out.contains("导入3行"), "{taken:?}");
    let back = json(&done(&["export", "units", "--data", &other, "--format", "json"]));
    assert_eq!(back.as_array().map(Vec::len), Some(3));
}

#[test]
fn old_documents_come_in_with_their_files_and_go_on_where_they_were_stopped() {
    let store = Store::new();
    let (data, list, files) = (store.data(), store.path("历史公文.csv"), store.path("files"));
    std::fs::create_dir_all(Path::new(&files).join("2018")).unwrap();
    let body = "示政办发〔2018〕1号\n关于一事的通知\n示例县人民政府办公室\n2018年3月20日\n";
    std::fs::write(Path::new(&files).join("2018/一.txt"), body).unwrap();
    std::fs::write(Path::new(&store.path("外.txt")), "目录以外的文件").unwrap();
    let headings = "发文字号,标题,制作机关,成文日期,公开属性,发布日期,正文文件名\n";
    let good = "示政办发〔2018〕1号,关于一事的通知,县政府办,2018-03-20,主动公开,2018-03-22,2018\\一.txt\n";
    let bad = "示政办发〔2018〕2号,关于二事的通知,县政府办,2018-03-20,主动公开,2018-03-22,../外.txt\n";
    std::fs::write(&list, format!("{headings}{good}{bad}")).unwrap();
    let asked = ["import", "documents", &list, "--data", &data, "--files", &files];
    let with = |more: &[&str]| run(&[&asked[..], &["--category", "其他公文"], more].concat());
    let ended = |ended: &support::Run, status: i32, words: &[&str]| {
        assert_eq!(ended.status, Some(status), "{ended:?}");
        for word in words {
            assert!(ended.out.contains(word), "{word}: {ended:?}");
        }
    };
    ended(&run(&asked), 2, &["第2行 公文类别：请填写公文类别", "没有导入"]);
    let none = ["第3行 正文文件名：没有找到文件“../外.txt”", "公开1行", "有错误，不导入1行"];
    ended(&with(&["--dry-run"]), 1, &none);
    let all = with(&[]);
    ended(&all, 2, &none);
    assert!(all.err.contains("没有导入任何一行") && all.err.contains("--take-good"), "{all:?}");
    let count = || {
        json(&done(&["export", "documents", "--data", &data, "--format", "json"])).as_array().map(Vec::len)
    };
    assert_eq!(count(), Some(1), "nothing came in");
    ended(&with(&["--take-good"]), 1, &["公开1行"]);
    assert_eq!(count(), Some(2));
    // The list is mended: what is there is known, the rest comes in.
    std::fs::write(&list, format!("{headings}{good}{}", bad.replace("../外.txt", ""))).unwrap();
    ended(&with(&[]), 0, &["已经登记，不变1行", "公开1行"]);
    ended(&with(&["--unit", "县卫健局"]), 0, &["已经登记，不变2行"]);
    assert_eq!(count(), Some(3));
    assert!(done(&["verify", "--data", &data]).out.contains("没有发现问题"));
    refused(&run(&["import", "units", &list, "--data", &data, "--files", &files]), &["只用于导入公文"]);
    let nowhere = store.path("nowhere");
    let lost = run(&["import", "documents", &list, "--data", &data, "--files", &nowhere]);
    refused(&lost, &["没有找到存放文件的目录"]);
    refused(&run(&[&asked[..], &["--category", "别的"]].concat()), &["没有公文类别"]);
}

#[test]
fn a_backup_is_restored_and_verified() {
    let store = Store::new();
    let (data, backup, back) = (store.data(), store.path("backup"), store.path("back"));
    let verified = json(&done(&["verify", "--data", &data, "--format", "json"]));
    assert_eq!(verified["problems"], serde_json::json!([]));
    let dockets = verified["dockets"].as_u64().unwrap();
    assert!(dockets >= 5, "{verified}");
    let made = done(&["backup", "--data", &data, "--with-key", &backup]);
    assert!(!made.out.is_empty(), "{made:?}");
    done(&["restore", "--data", &back, &backup]);
    assert_eq!(json(&done(&["verify", "--data", &back, "--format", "json"]))["dockets"], dockets);
    assert!(done(&["verify", "--data", &back]).out.contains("没有发现问题"));
    let over = run(&["restore", "--data", &data, &backup]);
    refused(&over, &[]);
}

#[test]
fn a_site_that_could_not_be_read_is_refused_before_it_is_served() {
    let store = Store::new();
    for (name, value, words) in [
        ("GONGKAI_COLOURS", "#ffcc00", "主色 #ffcc00"),
        ("GONGKAI_COLOURS", "#a81219,#0b57a4,#1a6334,#000000", "应为1至3个颜色"),
        ("GONGKAI_EMBLEM", "/no/such/emblem.svg", "应为可以读取的文件"),
        ("GONGKAI_SITE_ID", "123", "应为10位数字"),
        ("GONGKAI_TERMINAL_IDLE", "5", "应为60至1800的整数"),
    ] {
        let mut command = gongkai(&["serve", "--data", &store.data(), "--listen", "127.0.0.1:0"]);
        refused(&command.env(name, value).output().unwrap().into(), &[name, words]);
    }
}

#[test]
fn help_is_printed_and_ends_well() {
    for args in
        [&["--help"][..], &["report", "build", "-h"], &["user", "--help"], &["calendar", "add", "--help"]]
    {
        let help = done(args);
        assert!(help.out.contains("用法：gongkai") && help.err.is_empty(), "{help:?}");
    }
    assert!(done(&["--version"]).out.starts_with("gongkai "));
}

/// A program that serves, ended with the test.
struct Serving {
    child: Child,
    out: BufReader<std::process::ChildStdout>,
}

impl Serving {
    fn start(args: &[&str]) -> Serving {
        let mut child = gongkai(args).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let out = BufReader::new(child.stdout.take().unwrap());
        Serving { child, out }
    }

    /// Asks it to end, as the system does, and waits.
    fn stop(mut self) -> Option<i32> {
        let pid = self.child.id().to_string();
        std::process::Command::new("kill").args(["-TERM", &pid]).status().unwrap();
        self.child.wait().unwrap().code()
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        // It has ended already where the test went well.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn fetch(address: &str, path: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn serve_says_where_answers_and_ends_when_told() {
    let store = Store::new();
    let mut serving = Serving::start(&["serve", "--data", &store.data(), "--listen", "127.0.0.1:0"]);
    let mut line = String::new();
    serving.out.read_line(&mut line).unwrap();
    let address = line.split("http://").nth(1).unwrap().split('/').next().unwrap().to_owned();
    let answer = fetch(&address, "/api/v1/units");
    assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("示例县人民政府办公室"), "{answer}");
    assert_eq!(serving.stop(), Some(0));
    done(&["verify", "--data", &store.data()]);
}

#[test]
fn demo_fills_shows_the_passwords_once_and_opens_again() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("demo").to_str().unwrap().to_owned();
    let made = json(&done(&["demo", "--no-serve", "--data", &data, "--format", "json"]));
    assert_eq!((made["created"].as_bool(), made["address"].is_null()), (Some(true), true));
    assert!(made["accounts"].as_array().unwrap().len() > 2, "{made}");
    let again = done(&["demo", "--no-serve", "--data", &data]);
    let password = made["accounts"][0]["password"].as_str().unwrap();
    assert!(again.out.contains("打开已有的数据") && !again.out.contains(password), "{again:?}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing unfinished is left");

    let mut serving =
        Serving::start(&["demo", "--data", &data, "--listen", "127.0.0.1:0", "--format", "json"]);
    let mut line = String::new();
    serving.out.read_line(&mut line).unwrap();
    let told: Value = serde_json::from_str(&line).unwrap();
    let address = told["address"].as_str().unwrap().strip_prefix("http://").unwrap().to_owned();
    let list = fetch(&address, "/api/v1/reports");
    assert!(list.starts_with("HTTP/1.1 200") && list.contains("2020"), "{list}");
    assert_eq!(serving.stop(), Some(0));
}
