//! How many journal entries a second `verify` goes through: a new SQLite store in a temporary folder, filled with
//! request dockets of five entries, then verified three times.
//!
//! `cargo run --release -p service --example verify_rate -- 100000`

use jiff::Timestamp;
use service::transfer::{ImportMode, Kind};
use service::{Actor, Context, Location, Region, Service};
use std::error::Error;
use std::fmt::Write;
use std::time::Instant;

const AT: &str = "2021-03-01T01:00:00Z";
/// Dockets taken in one transaction.
const BATCH: usize = 20_000;

fn operator(n: usize) -> Result<Context, Box<dyn Error>> {
    let at: Timestamp = AT.parse()?;
    let mut seed = [0; 32];
    seed[..8].copy_from_slice(&n.to_be_bytes());
    Ok(Context::new(at, Actor::Operator, seed))
}

#[expect(clippy::disallowed_methods, reason = "a measurement needs the clock")]
fn clock() -> Instant {
    Instant::now()
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let dockets: usize = std::env::args().nth(1).map_or(Ok(100_000), |n| n.parse())?;
    if let Some(folder) = std::env::args().nth(2) {
        let service = Service::open(&Location::Folder(folder.into())).await?;
        return measure(&service).await;
    }
    let folder = tempfile::tempdir()?;
    let at = Location::Folder(folder.path().to_owned());
    let service = Service::init(&at, Region(140_581), "样本市", [1; 32], AT.parse()?).await?;
    let unit = "代码,名称,简称,类别,层级,设立日期\na,样本市人民政府,市政府,人民政府,县级,1990-01-01\n";
    service.import(operator(0)?, Kind::Units, unit.as_bytes(), "units", ImportMode::AllOrNothing).await?;

    let began = clock();
    for batch in 0..dockets.div_ceil(BATCH) {
        let mut file = String::from(
            "受理机关,统计单位,到达日期,收到方式,申请人类别,申请内容,交办日期,承办单位,\
             答复日期,处理结果,文号,处理理由,送达日期,送达方式\n",
        );
        for n in batch * BATCH..dockets.min((batch + 1) * BATCH) {
            let (month, day) = (1 + n / 28 % 6, 1 + n % 28);
            writeln!(
                file,
                "a,a,2020-{month:02}-{day:02},邮寄（签收）,自然人,样本地块{n}的征收补偿方案和相关批复,\
                 2020-{month:02}-{day:02},a,2020-{:02}-{day:02},予以公开,样公复〔2020〕{n}号,\
                 所申请的信息属于主动公开范围,2020-{:02}-{day:02},邮寄",
                month + 1,
                month + 1,
            )?;
        }
        let ctx = operator(batch + 1)?;
        let outcome = service
            .import(ctx, Kind::Requests, file.as_bytes(), "requests", ImportMode::AllOrNothing)
            .await?;
        if let Some(bad) = outcome.bad.first() {
            return Err(format!("row {}: {} {}", bad.row, bad.column, bad.reason).into());
        }
        eprint!("\r{} dockets in {:.1} s", outcome.taken + batch * BATCH, began.elapsed().as_secs_f64());
    }
    eprintln!();
    measure(&service).await?;
    service.close().await;
    Ok(())
}

async fn measure(service: &Service) -> Result<(), Box<dyn Error>> {
    for _ in 0..3 {
        let began = clock();
        let verified = service.verify(&operator(0)?, |_, _| {}).await?;
        let seconds = began.elapsed().as_secs_f64();
        if let Some(problem) = verified.problems.first() {
            return Err(problem.clone().into());
        }
        println!(
            "{} entries of {} dockets in {seconds:.2} s: {:.0} entries a second",
            verified.entries,
            verified.dockets,
            verified.entries as f64 / seconds
        );
    }
    Ok(())
}
