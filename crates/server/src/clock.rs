//! The only place that reads the clock and asks the operating system for randomness (DESIGN §2, invariant 5).
//!
//! Everything behind the door is handed an instant and a seed. Tests hand over a fixed clock instead.

use jiff::Timestamp;
use std::sync::{Arc, Mutex, PoisonError};

/// Where instants and seeds come from.
#[derive(Debug, Clone)]
pub struct Clock(Source);

#[derive(Debug, Clone)]
enum Source {
    System,
    Fixed(Arc<Mutex<Fixed>>),
}

#[derive(Debug)]
struct Fixed {
    at: Timestamp,
    seeds: u64,
}

impl Clock {
    /// The clock of the machine and the randomness of its operating system.
    pub fn system() -> Self {
        Clock(Source::System)
    }

    /// A clock that stands still, and seeds that are the same in every run: for tests and reproducible samples.
    pub fn fixed(at: Timestamp) -> Self {
        Clock(Source::Fixed(Arc::new(Mutex::new(Fixed { at, seeds: 0 }))))
    }

    /// Moves a fixed clock; the clock of the machine cannot be moved.
    pub fn set(&self, to: Timestamp) {
        if let Source::Fixed(fixed) = &self.0 {
            fixed.lock().unwrap_or_else(PoisonError::into_inner).at = to;
        }
    }

    /// The instant now, in whole microseconds, as the journal keeps it.
    pub fn now(&self) -> Timestamp {
        match &self.0 {
            Source::System => whole_micros(system_now()),
            Source::Fixed(fixed) => fixed.lock().unwrap_or_else(PoisonError::into_inner).at,
        }
    }

    /// 32 new random bytes.
    ///
    /// # Panics
    /// The operating system gives no randomness: nothing may be signed or sealed then.
    pub fn seed(&self) -> [u8; 32] {
        let mut seed = [0; 32];
        match &self.0 {
            Source::System => getrandom::fill(&mut seed).expect("the operating system gives randomness"),
            Source::Fixed(fixed) => {
                let mut fixed = fixed.lock().unwrap_or_else(PoisonError::into_inner);
                fixed.seeds += 1;
                seed[..8].copy_from_slice(&fixed.seeds.to_be_bytes());
            }
        }
        seed
    }
}

fn whole_micros(at: Timestamp) -> Timestamp {
    Timestamp::from_microsecond(at.as_microsecond()).unwrap_or(at)
}

#[expect(clippy::disallowed_methods, reason = "the one place that reads the clock")]
fn system_now() -> Timestamp {
    Timestamp::now()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fixed_clock_moves_only_when_told_and_never_gives_a_seed_twice() {
        let start: Timestamp = "2021-01-04T01:00:00Z".parse().unwrap();
        let clock = Clock::fixed(start);
        assert_eq!((clock.now(), clock.now()), (start, start));
        assert_ne!(clock.seed(), clock.seed());
        let later: Timestamp = "2021-01-04T02:00:00Z".parse().unwrap();
        clock.clone().set(later);
        assert_eq!(clock.now(), later);
        assert_eq!(Clock::fixed(start).seed(), Clock::fixed(start).seed());
    }

    #[test]
    fn the_system_gives_different_seeds_and_whole_microseconds() {
        let clock = Clock::system();
        assert_ne!(clock.seed(), clock.seed());
        assert_eq!(clock.now().subsec_nanosecond() % 1000, 0);
    }
}
