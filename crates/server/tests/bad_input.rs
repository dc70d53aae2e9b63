//! Bad input: one clear Chinese sentence saying what to do, the right status, no trace, and nothing lost or half written.

#![allow(clippy::unwrap_used, missing_docs, reason = "a test may fail")]

mod support;

use jiff::civil::date;
use std::fs;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Stdio};
use support::{County, gongkai, refused, run};

struct Store {
    folder: tempfile::TempDir,
}

impl Store {
    fn new() -> Store {
        let store = Store { folder: tempfile::tempdir().unwrap() };
        tokio::runtime::Runtime::new().unwrap().block_on(async {
            let mut county = County::new(&store.folder.path().join("data")).await;
            county.request(date(2020, 6, 1), "样例申请").await;
            county.service.close().await;
        });
        store
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).to_str().unwrap().to_owned()
    }

    fn data(&self) -> String {
        self.path("data")
    }

    /// Still whole, with so many units.
    #[track_caller]
    fn is_well_with(&self, units: usize) {
        let verified = run(&["verify", "--data", &self.data(), "--format", "json"]);
        assert_eq!(verified.status, Some(0), "{verified:?}");
        let out = run(&["export", "units", "--data", &self.data(), "--format", "json"]);
        let list: serde_json::Value = serde_json::from_str(&out.out).unwrap();
        assert_eq!(list.as_array().unwrap().len(), units);
    }
}

#[test]
fn a_place_that_is_no_store() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    fs::create_dir(at("empty")).unwrap();
    fs::create_dir(at("text")).unwrap();
    fs::write(at("text/gongkai.db"), "这不是数据库，只是一段文字。".repeat(200)).unwrap();
    fs::write(at("file"), "x").unwrap();
    for place in ["missing", "empty", "text", "file"] {
        let at = at(place);
        for command in
            [&["verify"][..], &["serve"], &["report", "build", "--unit", "sx", "--year", "2020"], &["doctor"]]
        {
            let ended = run(&[command, &["--data", &at]].concat());
            refused(&ended, &["不是公开系统的数据", "请"]);
        }
    }
    assert!(!Path::new(&at("missing")).exists(), "looking makes nothing");
    refused(&run(&["verify"]), &["--data", "--database"]);
    let unreachable = gongkai(&["verify", "--database", "postgres://u:geheim@127.0.0.1:1/d"])
        .env("GONGKAI_KEY", "00".repeat(16))
        .output()
        .unwrap()
        .into();
    refused(&unreachable, &["连接不上"]);
    assert!(!unreachable.err.contains("geheim"), "a password is not repeated");
    let keyless =
        run(&["init", "--database", "postgres://u@127.0.0.1:1/d", "--region", "990101", "--name", "示例县"]);
    refused(&keyless, &["GONGKAI_KEY"]);
}

#[test]
fn a_store_of_a_newer_version() {
    let store = Store::new();
    let database = store.path("data/gongkai.db");
    let script = "import sqlite3,sys\nc=sqlite3.connect(sys.argv[1])\nc.execute(sys.argv[2])\nc.commit()\n";
    let newer = "insert into schema_version (version, name) values (9999, 'future')";
    let python = std::env::var("GONGKAI_ORACLE_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let done = Command::new(python).args(["-c", script, &database, newer]).output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let before = fs::read(&database).unwrap();
    let ended = run(&["verify", "--data", &store.data()]);
    refused(&ended, &["新版程序", "9999"]);
    assert_eq!(fs::read(&database).unwrap(), before, "nothing was touched");
}

#[test]
fn arguments_that_cannot_be_used() {
    for (args, words) in [
        (&["calendar", "add", "2020-02-30", "5"][..], &["2020-02-30", "2020-01-31"][..]),
        (&["calendar", "add", "20200115", "5"], &["20200115", "2020-01-31"]),
        (&["calendar", "add", "2020-01-15", "0"], &["大于零"]),
        (&["calendar", "add", "2001-01-15", "5"], &["2008"]),
        (&["calendar", "2040"], &["2040", "放假通知"]),
        (&["calendar", "abc"], &["abc", "2020"]),
        (&["calendar"], &["缺少", "年度"]),
        (&["clock", "--received", "2024-02-05", "--consult", "2024-03-06..2024-02-21"], &["早于"]),
        (&["clock", "--received", "2024-02-05", "--extend", "21"], &["20个工作日", "第三十三条"]),
        (&["clock", "--received", "2024-02-05", "--corrected", "2024-01-05"], &["请"]),
        (&["fee", "--basis", "weight", "--count", "3"], &["requests", "pages"]),
        (&["fee", "--basis", "pages", "--count", "3", "--on", "2020-12-31"], &["没有施行"]),
        (&["nothing"], &["没有命令", "nothing", "--help"]),
        (&["verfiy"], &["verify"]),
        (&[], &["请写明", "report"]),
        (&["report"], &["build", "cell"]),
        (&["report", "build", "--yaer", "2020"], &["--yaer", "--year"]),
        (&["calendar", "2020", "--format", "xml"], &["xml", "json"]),
        (&["serve", "--data", "a", "--database", "b"], &["--data", "--database", "一个"]),
        (&["serve", "--data", "a", "--listen", "8080"], &["8080", "127.0.0.1:8080"]),
        (&["import", "letters", "x.csv", "--data", "a"], &["letters", "units"]),
        (&["user", "add", "a", "--data", "a", "--name", "b", "--role", "king"], &["king", "officer"]),
        (&["init", "--data", "a", "--region", "12", "--name", "b"], &["行政区划代码"]),
    ] {
        refused(&run(args), words);
    }
    let wrong = gongkai(&["calendar", "2020"]).env("GONGKAI_TIMEOUT", "soon").output().unwrap().into();
    refused(&wrong, &["GONGKAI_TIMEOUT"]);
}

#[test]
fn an_unknown_unit_cell_or_year() {
    let store = Store::new();
    let data = store.data();
    let build = |unit, year| run(&["report", "build", "--data", &data, "--unit", unit, "--year", year]);
    refused(&build("没有这个机关", "2020"), &["没有这个机关"]);
    refused(&build("sx-office", "1999"), &["1999"]);
    refused(&build("sx-office", "20"), &["四位数字"]);
    let cell =
        |cell| run(&["report", "cell", "--data", &data, "--unit", "sx-office", "--year", "2020", cell]);
    refused(&cell("requests.nothing.total"), &["requests.nothing.total"]);
    let to = store.path("none/report.html");
    let ended =
        run(&["report", "build", "--data", &data, "--unit", "sx-office", "--year", "2020", "-o", &to]);
    refused(&ended, &["目录不存在"]);
    let unknown = run(&[
        "report",
        "build",
        "--data",
        &data,
        "--unit",
        "sx-office",
        "--year",
        "2020",
        "-o",
        "report.xyz",
    ]);
    refused(&unknown, &["--format"]);
}

#[test]
fn a_port_in_use() {
    let store = Store::new();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let at = taken.local_addr().unwrap().to_string();
    let port = at.split(':').nth(1).unwrap();
    refused(&run(&["serve", "--data", &store.data(), "--listen", &at]), &[port, "占用", "--listen"]);
    let demo = store.path("demo");
    refused(&run(&["demo", "--data", &demo, "--listen", &at]), &[port, "占用", "--listen"]);
    assert!(!Path::new(&demo).exists(), "nothing was made");
    refused(
        &run(&["serve", "--data", &store.data(), "--listen", "192.0.2.1:8080"]),
        &["192.0.2.1", "--listen"],
    );
}

#[test]
fn a_truncated_or_wrong_import_takes_nothing() {
    let store = Store::new();
    let (data, sheet) = (store.data(), store.path("units.xlsx"));
    let out = run(&["export", "units", "--data", &data, "--format", "xlsx", "-o", &sheet]);
    assert_eq!(out.status, Some(0), "{out:?}");
    let whole = fs::read(&sheet).unwrap();
    let broken = store.path("broken.xlsx");
    for keep in [0, 1, whole.len() / 2, whole.len() - 1] {
        fs::write(&broken, &whole[..keep]).unwrap();
        refused(&run(&["import", "units", &broken, "--data", &data]), &["请"]);
    }
    fs::write(store.path("wrong.csv"), "颜色,味道\n红,甜\n").unwrap();
    refused(&run(&["import", "units", &store.path("wrong.csv"), "--data", &data]), &["颜色"]);
    refused(&run(&["import", "units", &store.path("missing.csv"), "--data", &data]), &["没有找到文件"]);

    // One bad row among good ones: every bad row is named, nothing is taken unless asked.
    let csv = store.path("units.csv");
    let rows = [
        "代码,名称,简称,类别,层级,上级机关,设立日期",
        "sx-edu,示例县教育局,县教育局,政府部门,县级,sx,2010-01-01",
        "县体育,示例县体育局,县体育局,政府部门,县级,sx,2010-01-01",
        "sx-audit,示例县审计局,县审计局,政府部门,县级,sx,2010-02-30",
    ];
    fs::write(&csv, rows.join("\n")).unwrap();
    let ended = run(&["import", "units", &csv, "--data", &data]);
    assert_eq!(ended.status, Some(2), "{ended:?}");
    for word in ["第3行", "小写字母", "第4行", "2010-02-30", "导入0行"] {
        assert!(ended.out.contains(word), "{word}: {ended:?}");
    }
    assert!(ended.err.contains("--take-good"), "{ended:?}");
    store.is_well_with(3);
    let good = run(&["import", "units", &csv, "--data", &data, "--take-good"]);
    assert_eq!(good.status, Some(1), "{good:?}");
    assert!(good.out.contains("导入1行"), "{good:?}");
    store.is_well_with(4);
}

/// A shell that runs the program where `small` is a disk of so many kilobytes.
fn on_a_small_disk(small: &str, kilobytes: u32, script: &str, args: &[&str]) -> Option<support::Run> {
    let mount = format!("mount -t tmpfs -o size={kilobytes}k tmpfs \"$SMALL\" && {script}");
    for flags in ["-m", "-rm"] {
        let probe = Command::new("unshare")
            .args([flags, "mount", "-t", "tmpfs", "tmpfs", small])
            .stderr(Stdio::null())
            .status();
        if probe.is_ok_and(|s| s.success()) {
            let mut command = gongkai(&[]);
            let program = command.get_program().to_owned();
            command = Command::new("unshare");
            for setting in server::config::SETTINGS {
                command.env_remove(setting.env);
            }
            command.args([flags, "sh", "-c", &mount, "sh"]).arg(program).args(args).env("SMALL", small);
            return Some(command.output().unwrap().into());
        }
    }
    None
}

#[test]
fn a_full_disk() {
    let store = Store::new();
    // A report written to standard output that is full.
    let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let args = ["report", "build", "--data", &store.data(), "--unit", "sx-office", "--year", "2020"];
    let ended: support::Run = gongkai(&args).stdout(full).output().unwrap().into();
    refused(&ended, &["磁盘空间不足", "没有写入"]);

    let small = store.path("small");
    fs::create_dir(&small).unwrap();
    let (data, inside) = (store.data(), format!("{small}/data"));
    // A new store on a disk too small for it leaves none behind.
    let script = "\"$@\"; status=$?; ls \"$SMALL/data\" 2>/dev/null | grep -c '^gongkai.db$' ; exit $status";
    let init = ["init", "--data", &inside, "--region", "990101", "--name", "示例县"];
    let Some(ended) = on_a_small_disk(&small, 128, script, &init) else {
        panic!("this test needs to mount a small disk: run it as root, or where user namespaces are allowed");
    };
    assert_eq!((ended.status, ended.out.trim()), (Some(2), "0"), "{ended:?}");
    assert!(ended.err.contains("磁盘"), "{ended:?}");
    assert_eq!(ended.err.lines().count(), 1, "{ended:?}");

    // A store whose disk fills up: the sentence, and everything acknowledged is still there.
    let fill = "cp -r \"$DATA\" \"$SMALL/data\" && head -c 100000000 /dev/zero > \"$SMALL/filler\" 2>/dev/null; \
                printf 'Xixi-2020-hehe\\n' | \"$@\"; status=$?; rm \"$SMALL/filler\"; \
                \"$1\" verify --data \"$SMALL/data\" --format json; exit $status";
    let add = ["user", "add", "full", "--data", &inside, "--name", "样例", "--role", "officer"];
    let fill = fill.replace("$DATA", &data);
    let ended = on_a_small_disk(&small, 4096, &fill, &add).unwrap();
    assert_eq!(ended.status, Some(2), "{ended:?}");
    assert!(ended.err.contains("磁盘已满") && ended.err.contains("没有写入"), "{ended:?}");
    assert!(ended.out.contains("\"problems\":[]"), "{ended:?}");
}

#[test]
fn two_officers_edit_one_thing() {
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let mut door = support::Door::new().await;
        let (id, version) = door.county.request(date(2021, 1, 4), "样例").await;
        let cookie = door.sign_in("officer").await;
        let path = format!("/api/v1/requests/{id}/changes");
        let note = |n: usize| {
            serde_json::json!({ "version": version, "on": "2021-01-05", "event": { "type": "searched", "note": n.to_string() } })
        };
        let posts = (0..8).map(|n| {
            let (door, path, cookie, note) = (&door, &path, &cookie, note(n));
            async move { door.post(path, cookie, note).await.status.as_u16() }
        });
        let statuses = all_at_once(posts).await;
        assert_eq!(statuses.iter().filter(|s| **s == 200).count(), 1, "{statuses:?}");
        assert_eq!(statuses.iter().filter(|s| **s == 409).count(), 7, "{statuses:?}");
        let one = door.get(&format!("/api/v1/requests/{id}"), &cookie).await.json();
        assert_eq!(one["version"], serde_json::json!(version + 1));
    });
}

/// Polls all at once on one task: they interleave at every await.
async fn all_at_once<F: Future<Output = u16>>(all: impl Iterator<Item = F>) -> Vec<u16> {
    use std::pin::Pin;
    use std::task::Poll;
    let mut waiting: Vec<Pin<Box<F>>> = all.map(Box::pin).collect();
    let mut done = Vec::new();
    std::future::poll_fn(|cx| {
        waiting.retain_mut(|f| match f.as_mut().poll(cx) {
            Poll::Ready(answer) => {
                done.push(answer);
                false
            }
            Poll::Pending => true,
        });
        if waiting.is_empty() { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
    done
}
