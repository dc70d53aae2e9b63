//! Passwords: the rule they keep and how they are kept.

use crate::error::{Error, Result};
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use law::Refusal;
use tokio::sync::Semaphore;

/// What a password must be (GB/T 22239-2019, 8.1.4.1: complexity of the means of authentication).
#[derive(Debug, Clone, Copy)]
pub struct PasswordRule {
    /// So many characters are enough whatever they are.
    pub long: usize,
    /// So many are enough if they are of [`PasswordRule::classes`] classes.
    pub short: usize,
    /// Classes among lower case, upper case, digits and everything else.
    pub classes: usize,
    /// More are refused: hashing them would cost more than any person types.
    pub longest: usize,
}

/// The rule in force.
pub const RULE: PasswordRule = PasswordRule { long: 12, short: 8, classes: 3, longest: 128 };

/// Memory of one argon2id computation, in KiB: 19 MiB, with two passes and one lane, is the first choice of the OWASP
/// password storage cheat sheet.
const MEMORY_KIB: u32 = 19 * 1024;
/// Passes over that memory.
const PASSES: u32 = 2;
/// Lanes.
const LANES: u32 = 1;

/// So many computations at a time; the others wait, so that a flood of sign-ins cannot take the memory of the machine.
static GATE: Semaphore = Semaphore::const_new(4);

/// The hash of no password anybody knows: what is compared for a login that does not exist, so that the answer takes
/// as long as for one that does. Its parameters are those above (a test compares them).
const DECOY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Why this is no password for this login; every reason at once.
pub fn refuse(login: &str, password: &str) -> Vec<Refusal> {
    let mut no = Vec::new();
    let length = password.chars().count();
    let short_enough = length >= RULE.short && classes(password) >= RULE.classes;
    if length < RULE.long && !short_enough {
        no.push(Refusal::new(
            "password-weak",
            format!(
                "密码至少{}位；包含大写字母、小写字母、数字、符号中{}类的，至少{}位",
                RULE.long, RULE.classes, RULE.short
            ),
            "GB/T 22239-2019",
        ));
    }
    if length > RULE.longest {
        no.push(Refusal::new("password-long", format!("密码不能超过{}位", RULE.longest), ""));
    }
    if !login.is_empty() && password.to_lowercase().contains(&login.to_lowercase()) {
        no.push(Refusal::new("password-login", "密码不能包含登录名，请另设密码", ""));
    }
    no
}

fn classes(password: &str) -> usize {
    let lower = password.chars().any(|c| c.is_ascii_lowercase());
    let upper = password.chars().any(|c| c.is_ascii_uppercase());
    let digit = password.chars().any(|c| c.is_ascii_digit());
    let other = password.chars().any(|c| !c.is_ascii_alphanumeric());
    [lower, upper, digit, other].into_iter().filter(|x| *x).count()
}

fn argon2() -> Result<Argon2<'static>> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(|e| Error::Internal(e.to_string()))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// The hash to keep, with its parameters. `salt` must be random.
pub(crate) async fn hash(password: String, salt: [u8; 16]) -> Result<String> {
    slowly(move || {
        let hash = argon2()?.hash_password_with_salt(password.as_bytes(), &salt);
        hash.map(|h| h.to_string()).map_err(|e| Error::Internal(e.to_string()))
    })
    .await
}

/// Whether the password is the one hashed. Without a hash the same work is done and the answer is no.
pub(crate) async fn matches(password: String, hash: Option<String>) -> Result<bool> {
    slowly(move || {
        let known = hash.is_some();
        let hash = hash.as_deref().unwrap_or(DECOY);
        // Longer ones were never accepted; what they are does not matter.
        let password: String = password.chars().take(RULE.longest + 1).collect();
        Ok(argon2()?.verify_password(password.as_bytes(), hash).is_ok() && known)
    })
    .await
}

/// Hashing takes tens of milliseconds of a whole core: off the threads that serve others.
async fn slowly<T: Send + 'static>(job: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    let turn = GATE.acquire().await.map_err(|e| Error::Internal(e.to_string()))?;
    let done = tokio::task::spawn_blocking(job).await.map_err(|e| Error::Internal(e.to_string()))?;
    drop(turn);
    done
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(login: &str, password: &str) -> Vec<String> {
        refuse(login, password).into_iter().map(|r| r.code).collect()
    }

    #[test]
    fn length_or_variety() {
        assert!(codes("zhang", "abcdefghijkl").is_empty());
        assert!(codes("zhang", "Abcdef12").is_empty());
        assert!(codes("zhang", "政务公开工作abc12").is_empty());
        assert_eq!(codes("zhang", "abcdefghijk"), ["password-weak"]);
        assert_eq!(codes("zhang", "Abcde12"), ["password-weak"]);
        assert_eq!(codes("zhang", "abcdef12"), ["password-weak"]);
        assert_eq!(codes("zhang", &"a1".repeat(65)), ["password-long"]);
        assert_eq!(codes("zhang", "my-ZHANG-2024"), ["password-login"]);
        assert_eq!(codes("zhang", "Zhang1"), ["password-weak", "password-login"]);
    }

    #[tokio::test]
    async fn the_right_password_and_no_other() {
        let kept = hash("correct horse".to_owned(), [7; 16]).await.unwrap();
        assert!(kept.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{kept}");
        assert_ne!(kept, hash("correct horse".to_owned(), [8; 16]).await.unwrap());
        assert!(matches("correct horse".to_owned(), Some(kept.clone())).await.unwrap());
        assert!(!matches("correct horsf".to_owned(), Some(kept)).await.unwrap());
        assert!(!matches(String::new(), None).await.unwrap());
    }

    #[test]
    fn the_decoy_costs_what_a_real_hash_costs() {
        let decoy = argon2::password_hash::phc::PasswordHash::new(DECOY).unwrap();
        let params = Params::try_from(&decoy).unwrap();
        assert_eq!((params.m_cost(), params.t_cost(), params.p_cost()), (MEMORY_KIB, PASSES, LANES));
        assert_eq!(decoy.hash.unwrap().as_bytes().len(), Params::DEFAULT_OUTPUT_LEN);
    }
}
