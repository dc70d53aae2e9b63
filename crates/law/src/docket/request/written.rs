//! A letter of the docket that was finished.

use crate::letter::Letter;
use serde::{Deserialize, Serialize};

/// A finished letter. Its text names people, so it is sealed beside the journal and can be erased; the digest proves
/// which text it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Written {
    /// Which letter.
    pub letter: Letter,
    /// Of which consultation or helping unit, from 1, where there are several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub n: Option<u32>,
    /// 文号; empty for those that go by the number of the request.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub number: String,
    /// Id of the sealed text.
    pub record: String,
    /// SM3 of the text, hexadecimal.
    pub digest: String,
    /// Version of the unit's template; 0 for the one that comes with the program.
    pub template: u32,
}
