//! Group commit: a task that takes waiting jobs, runs each under a savepoint in one transaction, commits once, and
//! only then answers each.
//!
//! A durable commit costs a disk flush, a job costs microseconds; under load the flush is shared. Two things follow.
//! Nobody is told "done" before the flush. And a job that fails, or panics, is rolled back to its own savepoint and
//! takes nothing else with it.

use crate::store::Writable;
use crate::{Error, Result, Tx};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use tokio::sync::{mpsc, oneshot};

/// At most this many jobs share a commit, so that the first of them does not wait long.
const BATCH: usize = 256;

/// What a job came to.
pub(crate) enum Answer<T, E> {
    Done(std::result::Result<T, E>),
    /// The job panicked; the panic goes on where the job was handed in.
    Panicked(Box<dyn Any + Send>),
}

/// A job whose types are forgotten.
pub(crate) trait Job: Send {
    /// Runs it; whether what it did is to be kept.
    fn run<'a>(&'a mut self, tx: &'a mut Tx) -> BoxFuture<'a, bool>;
    /// Turns success (or nothing yet) into this error.
    fn spoil(&mut self, error: Error);
    /// Tells the caller.
    fn answer(self: Box<Self>);
}

pub(crate) struct Typed<T, E, F> {
    pub(crate) job: Option<F>,
    pub(crate) answer: Option<Answer<T, E>>,
    pub(crate) to: oneshot::Sender<Answer<T, E>>,
}

impl<T, E, F> Job for Typed<T, E, F>
where
    T: Send + 'static,
    E: From<Error> + Send + 'static,
    F: for<'a> FnOnce(&'a mut Tx) -> BoxFuture<'a, std::result::Result<T, E>> + Send + 'static,
{
    fn run<'a>(&'a mut self, tx: &'a mut Tx) -> BoxFuture<'a, bool> {
        Box::pin(async move {
            let Some(job) = self.job.take() else { return false };
            // Unwind safety: after a panic the savepoint is rolled back and the cached heads are restored, so no
            // half-made state of the transaction is seen again.
            let outcome = match catch_unwind(AssertUnwindSafe(|| job(tx))) {
                Ok(future) => AssertUnwindSafe(future).catch_unwind().await,
                Err(panic) => Err(panic),
            };
            let keep = matches!(outcome, Ok(Ok(_)));
            self.answer = Some(outcome.map_or_else(Answer::Panicked, Answer::Done));
            keep
        })
    }

    fn spoil(&mut self, error: Error) {
        if matches!(self.answer, None | Some(Answer::Done(Ok(_)))) {
            self.answer = Some(Answer::Done(Err(E::from(error))));
        }
    }

    fn answer(self: Box<Self>) {
        if let Some(answer) = self.answer {
            // The caller may have gone away; what was committed stays committed.
            let _ = self.to.send(answer);
        }
    }
}

pub(crate) enum Message {
    Job(Box<dyn Job>),
    /// Finish what is queued before this, then stop.
    Close,
}

/// The writer task: ends when every sender is gone or after [`Message::Close`].
pub(crate) async fn work(to: Writable, mut queue: mpsc::Receiver<Message>) {
    let mut messages = Vec::with_capacity(BATCH);
    let mut jobs: Vec<Box<dyn Job>> = Vec::with_capacity(BATCH);
    let mut open = true;
    while open {
        if queue.recv_many(&mut messages, BATCH).await == 0 {
            break;
        }
        for message in messages.drain(..) {
            match message {
                Message::Job(job) if open => jobs.push(job),
                Message::Job(mut job) => {
                    job.spoil(Error::Unreachable("数据库已经关闭".to_owned()));
                    job.answer();
                }
                Message::Close => open = false,
            }
        }
        while !jobs.is_empty() {
            batch(&to, &mut jobs).await;
        }
    }
}

/// One commit. Takes at least one job off the front of the list and answers it; what was not reached because the
/// transaction broke down stays for the next one.
async fn batch(to: &Writable, jobs: &mut Vec<Box<dyn Job>>) {
    let mut tx = match to.begin().await {
        Ok(tx) => tx,
        Err(error) => {
            for mut job in jobs.drain(..) {
                job.spoil(error.again());
                job.answer();
            }
            return;
        }
    };
    let mut ran = 0;
    let mut outcome = Ok(());
    for job in jobs.iter_mut() {
        ran += 1;
        outcome = attempt(&mut tx, job.as_mut()).await;
        if outcome.is_err() {
            break;
        }
    }
    let outcome = match outcome {
        Ok(()) => tx.commit().await,
        Err(error) => {
            if let Err(also) = tx.rollback().await {
                tracing::warn!(error = ?also, "rolling back a broken transaction failed");
            }
            Err(error)
        }
    };
    if let Err(error) = &outcome {
        tracing::error!(?error, jobs = ran, "a transaction was not committed");
    }
    for mut job in jobs.drain(..ran) {
        if let Err(error) = &outcome {
            job.spoil(error.again());
        }
        job.answer();
    }
}

/// Runs one job under its savepoint. An error means that the whole transaction is lost.
async fn attempt(tx: &mut Tx, job: &mut dyn Job) -> Result<()> {
    let heads = tx.heads.clone();
    tx.plain("savepoint job").await?;
    if job.run(tx).await {
        match tx.plain("release savepoint job").await {
            Ok(()) => return Ok(()),
            // The job swallowed an error after which PostgreSQL accepts nothing: it did not succeed.
            Err(error) => job.spoil(error),
        }
    }
    tx.heads = heads;
    tx.plain("rollback to savepoint job").await?;
    tx.plain("release savepoint job").await
}
