//! Public pages: first paint on a slow phone; and beside nginx that serves the same bytes as static files, requests a second
//! and what one request computes.
//!
//! Both are asked in turns by the same few connections on the same machine. What the client computes is the same for both and
//! takes from both; so what each server computes for a request is measured too.

use crate::table::{Table, grouped, median};
use crate::{Outcome, clock};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

const CONNECTIONS: usize = 16;
const SPAN: Duration = Duration::from_secs(2);
const ROUNDS: usize = 3;
const TARGET: f64 = 0.6;

/// A process that ends with this value.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // It is asked first, so that nginx ends its workers.
        let _ = Command::new("kill").arg(self.0.id().to_string()).status();
        let _ = self.0.wait();
    }
}

fn free() -> Outcome<SocketAddr> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?)
}

/// A connection on which one request follows another.
struct Asker {
    stream: BufReader<TcpStream>,
    at: SocketAddr,
}

impl Asker {
    fn new(at: SocketAddr) -> Outcome<Asker> {
        let stream = TcpStream::connect(at)?;
        stream.set_nodelay(true)?;
        Ok(Asker { stream: BufReader::with_capacity(1 << 16, stream), at })
    }

    /// Status and body; `more` are further headers.
    fn ask(&mut self, path: &str, more: &str) -> Outcome<(u16, Vec<u8>)> {
        let request = format!("GET {path} HTTP/1.1\r\nHost: {}\r\n{more}\r\n", self.at);
        self.stream.get_mut().write_all(request.as_bytes())?;
        let mut line = String::new();
        self.stream.read_line(&mut line)?;
        let status = line.split(' ').nth(1).and_then(|s| s.parse().ok()).ok_or("no status")?;
        let mut length = 0;
        loop {
            line.clear();
            self.stream.read_line(&mut line)?;
            let header = line.trim_end().to_ascii_lowercase();
            if header.is_empty() {
                break;
            }
            if let Some(n) = header.strip_prefix("content-length:") {
                length = n.trim().parse()?;
            }
        }
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body)?;
        Ok((status, body))
    }
}

fn wait(at: SocketAddr) -> Outcome {
    for _ in 0..600 {
        if Asker::new(at).and_then(|mut a| a.ask("/", "")).is_ok() {
            return Ok(());
        }
        thread::sleep(Duration::from_millis(100));
    }
    Err("nothing answers".into())
}

/// Seconds that a process and its children still running have computed.
fn computed(process: u32) -> f64 {
    let of = |id: u32| -> Option<f64> {
        let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
        let fields: Vec<&str> = stat.rsplit(')').next()?.split_whitespace().collect();
        Some((fields.get(11)?.parse::<f64>().ok()? + fields.get(12)?.parse::<f64>().ok()?) / 100.0)
    };
    let below =
        std::fs::read_to_string(format!("/proc/{process}/task/{process}/children")).unwrap_or_default();
    let children = below.split_whitespace().filter_map(|id| id.parse().ok());
    std::iter::once(process).chain(children).filter_map(of).sum()
}

/// Requests a second, and microseconds that the server computed for each.
fn round(at: SocketAddr, process: u32, path: &str, more: &str) -> Outcome<(f64, f64)> {
    let before = computed(process);
    let began = clock();
    let mut asking = Vec::new();
    for _ in 0..CONNECTIONS {
        let (path, more) = (path.to_owned(), more.to_owned());
        asking.push(thread::spawn(move || -> Result<u64, String> {
            let mut asker = Asker::new(at).map_err(|e| e.to_string())?;
            let mut n = 0;
            while began.elapsed() < SPAN {
                let (status, _) = asker.ask(&path, &more).map_err(|e| e.to_string())?;
                if status != 200 {
                    return Err(format!("{path} answers {status}"));
                }
                n += 1;
            }
            Ok(n)
        }));
    }
    let mut all = 0;
    for one in asking {
        all += one.join().map_err(|_| "a client failed")??;
    }
    let seconds = began.elapsed().as_secs_f64();
    let n = all as f64;
    Ok((n / seconds, (computed(process) - before) / n * 1e6))
}

/// The sample county, served by the program.
fn sample(program: &Path, folder: &Path) -> Outcome<(Running, SocketAddr)> {
    let data = folder.join("public");
    if data.exists() {
        std::fs::remove_dir_all(&data)?;
    }
    let at = free()?;
    let mut command = Command::new(program);
    command.args(["demo", "--listen", &at.to_string(), "--data"]).arg(&data);
    let log = std::fs::File::create(folder.join("public.log"))?;
    let child = command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log).spawn()?;
    let running = Running(child);
    wait(at)?;
    Ok((running, at))
}

fn nginx(folder: &Path, pages: &[(&str, Vec<u8>, Vec<u8>)]) -> Outcome<(Running, SocketAddr)> {
    let root = folder.join("nginx");
    if root.exists() {
        std::fs::remove_dir_all(&root)?;
    }
    std::fs::create_dir_all(root.join("html"))?;
    for (n, (_, plain, packed)) in pages.iter().enumerate() {
        std::fs::write(root.join(format!("html/{n}.html")), plain)?;
        std::fs::write(root.join(format!("html/{n}.html.gz")), packed)?;
    }
    std::fs::write(root.join("html/index.html"), "ready")?;
    let at = free()?;
    let place = root.display();
    // As a careful administrator sets it: a worker for each core, files kept open, a line of the log for each request.
    let settings = format!(
        "worker_processes auto; daemon off; pid {place}/pid; error_log {place}/error.log;\n\
         events {{ worker_connections 1024; }}\n\
         http {{ access_log {place}/access.log; default_type text/html; charset utf-8; sendfile on; tcp_nopush on;\n\
         keepalive_requests 1000000; gzip_static on; open_file_cache max=1000; client_body_temp_path {place}/body;\n\
         proxy_temp_path {place}/proxy; fastcgi_temp_path {place}/fastcgi; uwsgi_temp_path {place}/uwsgi;\n\
         scgi_temp_path {place}/scgi;\n\
         server {{ listen {at}; root {place}/html; }} }}\n"
    );
    let path = root.join("nginx.conf");
    std::fs::write(&path, settings)?;
    // The worker must read the folder whoever it runs as.
    let mut command = Command::new("nginx");
    command.arg("-p").arg(&root).arg("-c").arg(&path).args(["-g", "user root;"]);
    let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
    let running = Running(child);
    wait(at)?;
    Ok((running, at))
}

/// First paint on a slow phone, of pages and of what a search finds, by the program of the browser tests.
fn first_paint(table: &mut Table, at: SocketAddr, paths: &[&str]) -> Outcome {
    let place = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../e2e");
    let mut command = Command::new("node");
    command.current_dir(place).arg("first-paint.mjs").arg(format!("http://{at}")).args(paths);
    command.arg("/search?q=%E5%85%AC%E5%BC%80");
    let said = command.stdin(Stdio::null()).stderr(Stdio::null()).output();
    let Some(said) = said.ok().filter(|said| said.status.success()) else {
        let why = "Node.js, Chromium or the packages of e2e are not here (`cargo xtask test --browser` fetches them)";
        table.told("first paint on a slow phone", "not measured", why);
        return Ok(());
    };
    let said = String::from_utf8(said.stdout)?;
    let number = |word: Option<&str>| word.and_then(|w| w.parse::<f64>().ok());
    let mut times = Vec::new();
    for line in said.lines() {
        let mut words = line.split(' ');
        let (median, most) = (number(words.next()), number(words.next()));
        times.push((median.ok_or("no time")?, most.ok_or("no time")?));
    }
    let slowest = times.iter().map(|t| t.0).fold(0.0, f64::max);
    let worst = times.iter().map(|t| t.1).fold(0.0, f64::max);
    table.aimed(
        "first paint on a slow phone",
        "1 s",
        format!("{slowest:.0} ms"),
        slowest < 1_000.0,
        format!(
            "the slowest of {} pages, median of 5 visits with an empty cache, the slowest visit {worst:.0} ms; a quarter of \
             the processor, 1.6 Mbit/s down, 150 ms there and back for each request and each connection",
            times.len()
        ),
    );
    Ok(())
}

pub fn measure(table: &mut Table, program: &Path, folder: &Path) -> Outcome {
    let (gongkai, at) = sample(program, folder)?;
    let mut asker = Asker::new(at)?;
    let (_, list) = asker.ask("/documents", "")?;
    let list = String::from_utf8_lossy(&list).into_owned();
    let first =
        list.split("href=\"/documents/").find_map(|s| s.split('"').next().filter(|id| id.len() == 36));
    let document = format!("/documents/{}", first.ok_or("no document in the list")?);
    let paths = ["/", "/documents", document.as_str(), "/catalogues/environment", "/reports/gp-office/2020"];
    const GZIP: &str = "Accept-Encoding: gzip\r\n";
    let mut pages = Vec::new();
    for path in paths {
        let (_, plain) = asker.ask(path, "")?;
        let (_, packed) = asker.ask(path, GZIP)?;
        pages.push((path, plain, packed));
    }
    let largest = pages.iter().map(|(_, plain, _)| plain.len()).max().unwrap_or(0);
    table.aimed(
        "largest list page as HTML",
        "60 kB",
        format!("{} kB", largest.div_ceil(1000)),
        pages.iter().filter(|(path, ..)| *path != document).all(|(_, plain, _)| plain.len() < 60_000),
        "of home, documents, a document, a catalogue and a report; gzip makes it a fifth",
    );
    first_paint(table, at, &paths)?;
    let Ok((beside, static_at)) = nginx(folder, &pages) else {
        table.told(
            "public pages beside nginx",
            "not measured",
            "nginx is not installed, or does not start here",
        );
        return Ok(());
    };
    for (way, more) in [("", ""), (", gzip", GZIP)] {
        let mut ratios = Vec::new();
        let (mut own, mut other, mut own_work, mut other_work) = (vec![], vec![], vec![], vec![]);
        for _ in 0..ROUNDS {
            for (n, (path, ..)) in pages.iter().enumerate() {
                let (a, a_work) = round(static_at, beside.0.id(), &format!("/{n}.html"), more)?;
                let (b, b_work) = round(at, gongkai.0.id(), path, more)?;
                ratios.push(b / a);
                own.push(b);
                other.push(a);
                own_work.push(b_work);
                other_work.push(a_work);
            }
        }
        let ratio = median(&ratios);
        table.aimed(
            &format!("public pages to nginx with the same bytes{way}"),
            "60 %",
            format!("{:.0} %", ratio * 100.0),
            ratio >= TARGET,
            format!(
                "median of {} rounds in turns, {CONNECTIONS} connections, pages {}; {}/s beside {}/s; a request computes {:.0} µs beside {:.0} µs; \
                 each writes a line of its log",
                ratios.len(),
                paths.len(),
                grouped(median(&own)),
                grouped(median(&other)),
                median(&own_work),
                median(&other_work)
            ),
        );
    }
    Ok(())
}
