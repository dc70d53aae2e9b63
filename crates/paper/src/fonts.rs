//! The fonts a PDF is set in: found on the machine, never shipped.

use crate::error::PaperError;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use typst::text::{Font, FontBook, FontVariant};
use typst_kit::fonts::{FontStore, scan, system};

/// A typeface of official documents that is not installed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MissingFont {
    /// 仿宋, 楷体, 黑体 or 宋体.
    pub look: &'static str,
    /// The Debian package that brings it.
    pub package: &'static str,
}

/// A typeface: what it is called in GB/T 9704-2012, and the families that have it, best first.
struct Look {
    name: &'static str,
    families: &'static [&'static str],
    package: &'static str,
}

/// Body text. `simfang.ttf` calls itself FangSong or 仿宋 by the language of the system that made the name table.
const FANG: Look = Look {
    name: "仿宋",
    families: &[
        "FangSong_GB2312",
        "仿宋_GB2312",
        "FZFangSong-Z02S",
        "方正仿宋_GBK",
        "FangSong",
        "仿宋",
        "STFangsong",
        "Zhuque Fangsong (technical preview)",
        "FandolFang R",
        "FandolFang",
    ],
    package: "texlive-lang-chinese",
};
const KAI: Look = Look {
    name: "楷体",
    families: &[
        "KaiTi_GB2312",
        "楷体_GB2312",
        "FZKai-Z03S",
        "方正楷体_GBK",
        "KaiTi",
        "楷体",
        "STKaiti",
        "LXGW WenKai",
        "FandolKai",
    ],
    package: "fonts-lxgw-wenkai",
};
const HEI: Look = Look {
    name: "黑体",
    families: &["SimHei", "黑体", "FZHei-B01S", "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC"],
    package: "fonts-noto-cjk",
};
const SONG: Look = Look {
    name: "宋体",
    families: &["SimSun", "宋体", "Noto Serif CJK SC", "Noto Serif SC", "Source Han Serif SC"],
    package: "fonts-noto-cjk",
};
/// The title. There is no free one: the bold weight of a Song typeface stands in, so it is never reported missing.
const TITLE: Look = Look {
    name: "小标宋",
    families: &[
        "FZXiaoBiaoSong-B05S",
        "FZXiaoBiaoSong-B05",
        "方正小标宋简体",
        "方正小标宋_GBK",
        "STZhongsong",
    ],
    package: "fonts-noto-cjk",
};

/// The end of every list: fonts that have the characters the older ones lack, rare names above all.
const LAST: &[&str] = &["Noto Serif CJK SC", "Noto Serif SC", "Noto Sans CJK SC", "Noto Sans SC"];

/// The fonts of the machine and of the operator's folder. Scanned at first use, once; a font file is read when a
/// document first needs it, and kept. Share one value in the whole process.
pub struct Fonts {
    extra: Option<PathBuf>,
    system: bool,
    found: OnceLock<FontStore>,
}

impl Fonts {
    /// The fonts of the system; those in `extra` come first and win over a system font of the same name.
    pub fn system(extra: Option<&Path>) -> Fonts {
        Fonts { extra: extra.map(Path::to_owned), system: true, found: OnceLock::new() }
    }

    /// Only the fonts of one folder.
    pub fn folder(folder: &Path) -> Fonts {
        Fonts { extra: Some(folder.to_owned()), system: false, found: OnceLock::new() }
    }

    /// The typefaces of official documents that no installed font has, each with the package that brings it. What is
    /// missing is set in another typeface; only without any Chinese font is there no PDF.
    pub fn missing(&self) -> Vec<MissingFont> {
        let book = self.store().book();
        [FANG, KAI, HEI, SONG]
            .into_iter()
            .filter(|look| !look.families.iter().any(|f| has(book, f)))
            .map(|look| MissingFont { look: look.name, package: look.package })
            .collect()
    }

    /// The families for every look, best first, for the template.
    ///
    /// # Errors
    /// [`PaperError::NoFonts`] if no font has Chinese characters.
    pub(crate) fn faces(&self) -> Result<Value, PaperError> {
        let book = self.store().book();
        let last = match LAST.iter().copied().filter(|f| has(book, f)).collect::<Vec<_>>() {
            noto if !noto.is_empty() => noto,
            _ => vec![any_chinese(book).ok_or(PaperError::NoFonts)?],
        };
        let list = |look: &Look| -> Vec<&str> {
            let found = look.families.iter().copied().filter(|f| has(book, f));
            found.chain(last.iter().copied()).collect()
        };
        let kai = KAI.families.iter().any(|f| has(book, f));
        Ok(json!({
            "fang": list(&FANG),
            "kai": list(&KAI),
            // Without a Kai typeface the weight tells a sub-heading from the text.
            "kai_weight": if kai { "regular" } else { "bold" },
            "hei": list(&HEI),
            "song": list(&SONG),
            "title": list(&TITLE),
        }))
    }

    /// The installed font that comes nearest to a look: 仿宋, 楷体, 黑体 or 宋体. None without a Chinese font.
    pub(crate) fn stand_in(&self, look: &str) -> Option<Font> {
        let book = self.store().book();
        let families =
            [FANG, KAI, HEI, SONG].into_iter().filter(|l| l.name == look).flat_map(|l| l.families.iter());
        let family = families.chain(LAST).copied().find(|f| has(book, f)).or_else(|| any_chinese(book))?;
        self.store().font(book.select(&family.to_lowercase(), FontVariant::default())?)
    }

    pub(crate) fn store(&self) -> &FontStore {
        self.found.get_or_init(|| {
            let mut store = FontStore::new();
            if let Some(folder) = &self.extra {
                store.extend(scan(folder));
            }
            if self.system {
                store.extend(system());
            }
            store
        })
    }
}

impl std::fmt::Debug for Fonts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Fonts")
            .field("extra", &self.extra)
            .field("system", &self.system)
            .finish_non_exhaustive()
    }
}

fn has(book: &FontBook, family: &str) -> bool {
    book.contains_family(&family.to_lowercase())
}

/// A family that has the characters 政 and 府, whatever its name.
fn any_chinese(book: &FontBook) -> Option<&str> {
    let covers = |i| book.info(i).is_some_and(|f| "政府".chars().all(|c| f.coverage.contains(u32::from(c))));
    book.families().find_map(|(name, mut faces)| faces.any(covers).then_some(name))
}
