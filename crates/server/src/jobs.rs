//! The loop of jobs in a running server: it looks now and then what is due, takes it and does it. Any number of servers may
//! run it over one database.

use crate::App;
use crate::inbox::Maildir;
use crate::mailer::Mailer;
use crate::push::{self, Notice};
use crate::web::portal::subscription;
use futures_util::future::join_all;
use service::channel::Outgoing;
use service::job::{Job, Taken};
use service::{Actor, Context, Error, Service};
use std::time::Duration;

/// How often it looks.
const LOOK: Duration = Duration::from_secs(20);
/// Letters sent in one taking are fewer than the lease has time for.
const ROUNDS: usize = 4;
/// So are items: each round takes as long as the slowest of its receivers may.
const PUSHES: usize = 20;

/// Looks for jobs until it is dropped.
pub async fn run(app: App, mailer: Option<Mailer>, inbox: Option<Maildir>) {
    loop {
        if let Err(error) = round(&app, mailer.as_ref(), inbox.as_ref()).await {
            tracing::error!(%error, "the jobs could not be done; they are tried again");
        }
        tokio::time::sleep(LOOK).await;
    }
}

fn context(app: &App) -> Context {
    Context::new(app.clock.now(), Actor::Operator, app.clock.seed())
}

/// Takes up a new calendar, then does what is due.
///
/// # Errors
/// The store cannot be reached. A job that fails is noted with its reason and does not end the round.
pub async fn round(app: &App, mailer: Option<&Mailer>, inbox: Option<&Maildir>) -> Result<(), Error> {
    app.service.keep_up_with_calendar(context(app)).await?;
    // A clone counts by the calendar in force now.
    let service = app.service.clone();
    while let Some(taken) = service.take_job(&context(app)).await? {
        let failed = work(app, &service, (mailer, inbox), taken).await.err().map(|e| {
            tracing::error!(error = %e, job = taken.job.key(), "a job failed");
            e.to_string()
        });
        if !service.end_job(&context(app), taken, failed).await? {
            tracing::warn!(job = taken.job.key(), "a job took longer than its lease");
        }
    }
    Ok(())
}

async fn work(
    app: &App,
    service: &Service,
    (mailer, inbox): (Option<&Mailer>, Option<&Maildir>),
    taken: Taken,
) -> Result<(), Error> {
    match taken.job {
        Job::Remind => {
            service.remind(context(app)).await?;
            if let Some(mailer) = mailer {
                service.write_letters(context(app), &mailer.site).await?;
            }
        }
        Job::Inbox => {
            let Some(inbox) = inbox else { return Ok(()) };
            let round = inbox.take(service, || context(app)).await?;
            if round.failed > 0 {
                let text = format!("有{}封邮件没有收取，仍在收件目录中，请查看运行日志", round.failed);
                return Err(Error::Invalid(text));
            }
        }
        Job::Mail => {
            let Some(mailer) = mailer else { return Ok(()) };
            for _ in 0..ROUNDS {
                let letters = service.take_letters(&context(app)).await?;
                if letters.is_empty() {
                    break;
                }
                for letter in letters {
                    let went = mailer.send(&letter, app.clock.now()).await;
                    service.settle_letter(&context(app), &letter, went).await?;
                }
            }
        }
        Job::Publish => {
            let round = service.publish_scheduled(&context(app)).await?;
            if round.missed > 0 {
                tracing::warn!(missed = round.missed, "scheduled documents could not be published");
            }
        }
        Job::Push => {
            service.follow_channels(&context(app)).await?;
            let base = app.settings.public_url.clone().unwrap_or_default();
            for _ in 0..PUSHES {
                let Some(all) = service.take_deliveries(&context(app)).await? else { break };
                // At the same time: a receiver that is silent keeps the others waiting once a round, not once an item.
                join_all(all.iter().map(|outgoing| deliver(app, service, outgoing, &base)))
                    .await
                    .into_iter()
                    .collect::<Result<(), Error>>()?;
            }
        }
        Job::Digest => {
            let Some(mailer) = mailer else { return Ok(()) };
            let failed =
                service.write_digests(|| context(app), subscription::search_of, &mailer.site).await?;
            if failed > 0 {
                let text = format!("有{failed}封检索订阅邮件没有写成，稍后再试，请查看运行日志");
                return Err(Error::Invalid(text));
            }
        }
        Job::Tidy => service.tidy(&context(app)).await?,
    }
    Ok(())
}

/// Sends one item, unless the channel would learn nothing, and notes how it went.
async fn deliver(app: &App, service: &Service, outgoing: &Outgoing, base: &str) -> Result<(), Error> {
    let notice = Notice::of(outgoing, base, service::civil_date(app.clock.now()));
    if outgoing.says_nothing_new(&notice.digest) {
        return service.needs_no_delivery(&context(app), outgoing).await;
    }
    let went = push::send(service.push_hosts(), outgoing, &notice, app.clock.now()).await;
    service.settle_push(&context(app), outgoing, &notice.digest, went).await
}
