//! Fonts that a PDF file names and does not carry: older Chinese files leave out 宋体 and 黑体, as every computer had
//! them. Without a stand-in their pages would be drawn empty.

use crate::fonts::Fonts;
use hayro::hayro_interpret::InterpreterSettings;
use hayro::hayro_interpret::font::{FallbackFontQuery, FontData, FontQuery};
use std::sync::{Arc, LazyLock};

/// The fonts of the system, found once. The drawing needs any font with the characters; the look is secondary.
static FONTS: LazyLock<Fonts> = LazyLock::new(|| Fonts::system(None));

/// How pages are read and drawn: everywhere the same, so that boxes belong to glyphs.
pub(crate) fn settings() -> InterpreterSettings {
    let default = InterpreterSettings::default().font_resolver;
    InterpreterSettings {
        font_resolver: Arc::new(move |query| match query {
            FontQuery::Fallback(wanted) if is_chinese(wanted) => chinese(wanted).or_else(|| default(query)),
            _ => default(query),
        }),
        ..InterpreterSettings::default()
    }
}

fn names(query: &FallbackFontQuery) -> impl Iterator<Item = String> {
    let names = [&query.post_script_name, &query.font_name, &query.font_family];
    names.into_iter().flatten().map(|name| name.to_lowercase())
}

/// By its collection of characters, or by a name that only Chinese fonts have.
fn is_chinese(query: &FallbackFontQuery) -> bool {
    const NAMES: [&str; 10] =
        ["simsun", "simhei", "simkai", "simfang", "fangsong", "kaiti", "heiti", "song", "yahei", "dengxian"];
    query.character_collection.is_some()
        || names(query).any(|name| !name.is_ascii() || NAMES.iter().any(|n| name.contains(n)))
}

fn chinese(query: &FallbackFontQuery) -> Option<(FontData, u32)> {
    let name = names(query).collect::<String>();
    let look = if ["fang", "仿"].iter().any(|n| name.contains(n)) {
        "仿宋"
    } else if ["kai", "楷"].iter().any(|n| name.contains(n)) {
        "楷体"
    } else if ["hei", "黑", "gothic"].iter().any(|n| name.contains(n)) {
        "黑体"
    } else {
        "宋体"
    };
    let font = FONTS.stand_in(look)?;
    Some((Arc::new(font.data().clone()), font.index()))
}
