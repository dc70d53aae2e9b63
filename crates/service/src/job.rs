//! Jobs: what a running server does from time to time.
//!
//! A job is a row. Whoever takes it holds a lease and a fencing number; who was too slow cannot end what somebody else has
//! taken since. Every job may run twice: what it makes, it makes once.

use crate::Service;
use crate::context::{Context, Permission, zone};
use crate::error::{Error, Result};
use jiff::{SignedDuration, Timestamp};
use store::{JobRow, Tx};

/// What is done from time to time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Job {
    /// 期限提醒: each morning.
    Remind,
    /// 收取邮件: each minute.
    Inbox,
    /// 待发邮件: each minute.
    Mail,
    /// 定时公开: each minute.
    Publish,
    /// 推送: each minute.
    Push,
    /// 订阅邮件: each morning.
    Digest,
    /// 清理: each night.
    Tidy,
}

impl Job {
    /// All jobs.
    pub const ALL: [Job; 7] =
        [Job::Remind, Job::Publish, Job::Inbox, Job::Digest, Job::Mail, Job::Push, Job::Tidy];

    /// Stored key.
    pub fn key(self) -> &'static str {
        match self {
            Job::Remind => "remind",
            Job::Inbox => "inbox",
            Job::Mail => "mail",
            Job::Publish => "publish",
            Job::Push => "push",
            Job::Digest => "digest",
            Job::Tidy => "tidy",
        }
    }

    /// How long a taking lasts: longer than the job ever runs.
    fn lease(self) -> SignedDuration {
        SignedDuration::from_mins(10)
    }

    /// When it is due next.
    fn next(self, now: Timestamp) -> Timestamp {
        match self {
            Job::Remind => morning_after(now, 7),
            Job::Digest => morning_after(now, 8),
            Job::Tidy => morning_after(now, 3),
            Job::Inbox | Job::Mail | Job::Publish | Job::Push => later(now, SignedDuration::from_mins(1)),
        }
    }
}

/// The next time it is this hour in Asia/Shanghai.
fn morning_after(now: Timestamp, hour: i8) -> Timestamp {
    let local = now.to_zoned_datetime(zone());
    let today = local.date().at(hour, 0, 0, 0);
    let day = if local.datetime() < today {
        Some(today)
    } else {
        today.checked_add(jiff::Span::new().days(1)).ok()
    };
    let at = day.and_then(|d| d.to_zoned_datetime(zone()).ok()).map(|z| z.timestamp());
    at.unwrap_or_else(|| later(now, SignedDuration::from_hours(24)))
}

fn later(now: Timestamp, by: SignedDuration) -> Timestamp {
    now.checked_add(by).unwrap_or(now)
}

/// A job that was taken.
#[derive(Debug, Clone, Copy)]
pub struct Taken {
    /// Which.
    pub job: Job,
    fence: i64,
}

impl Service {
    /// Takes a job that is due; nothing if none is, or if others hold them.
    pub async fn take_job(&self, ctx: &Context) -> Result<Option<Taken>> {
        ctx.actor.must(Permission::Upkeep)?;
        let (region, now) = (self.region, ctx.at);
        // Mostly nothing is due: that costs one look.
        let kept = self.look().await?.jobs(region).await?;
        let open = |job: &Job| {
            let row = kept.iter().find(|k| k.kind == job.key());
            row.is_none_or(|k| k.due_at <= now && k.leased_until.is_none_or(|until| until <= now))
        };
        for job in Job::ALL.into_iter().filter(open) {
            let fence = self
                .store
                .write(move |tx: &mut Tx| {
                    Box::pin(async move {
                        tx.add_job(region, job.key(), now).await?;
                        let until = later(now, job.lease());
                        Ok::<_, Error>(tx.take_job(region, job.key(), now, until).await?)
                    })
                })
                .await?;
            if let Some(fence) = fence {
                return Ok(Some(Taken { job, fence }));
            }
        }
        Ok(None)
    }

    /// Ends a job that was taken; `failed` says why, if it did not work, and it is tried again in five minutes. `false` if
    /// it had been taken by somebody else meanwhile.
    pub async fn end_job(&self, ctx: &Context, taken: Taken, failed: Option<String>) -> Result<bool> {
        ctx.actor.must(Permission::Upkeep)?;
        let (region, now) = (self.region, ctx.at);
        let next = taken.job.next(now);
        let next = if failed.is_some() { next.min(later(now, SignedDuration::from_mins(5))) } else { next };
        self.store
            .write(move |tx: &mut Tx| {
                Box::pin(async move {
                    let key = taken.job.key();
                    Ok::<_, Error>(
                        tx.end_job(region, key, taken.fence, (now, next), failed.as_deref()).await?,
                    )
                })
            })
            .await
    }

    /// The jobs as they stand, for those who look after the system.
    pub async fn jobs(&self, ctx: &Context) -> Result<Vec<JobRow>> {
        ctx.actor.must(Permission::Upkeep)?;
        Ok(self.look().await?.jobs(self.region).await?)
    }

    /// Forgets what is no longer needed.
    pub async fn tidy(&self, ctx: &Context) -> Result<()> {
        ctx.actor.must(Permission::Upkeep)?;
        self.tidy_notices(self.region, ctx.at).await?;
        self.tidy_followers(ctx).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_morning_is_that_of_shanghai() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        assert_eq!(morning_after(at("2024-03-07T22:59:59Z"), 7), at("2024-03-07T23:00:00Z"));
        assert_eq!(morning_after(at("2024-03-07T23:00:00Z"), 7), at("2024-03-08T23:00:00Z"));
        assert_eq!(Job::Mail.next(at("2024-03-07T23:00:00Z")), at("2024-03-07T23:01:00Z"));
    }
}
