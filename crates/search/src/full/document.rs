//! What is put into the index.

use jiff::civil::Date;

/// One published item. Everything is text as people read it; the index makes of it what it needs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Document {
    /// The caller's id; putting another document with the same id replaces this one.
    pub id: String,
    /// Title.
    pub title: String,
    /// Document number (发文字号), empty if it has none.
    pub number: String,
    /// Index number (索引号), empty if it has none.
    pub index_number: String,
    /// The text itself.
    pub body: String,
    /// Attachments: name and text of each.
    pub attachments: Vec<(String, String)>,
    /// The value of each [`Facet`], in the order of [`Facet::ALL`]; an empty one is not counted, and several stand in lines.
    pub facets: [String; Facet::ALL.len()],
    /// When it was made (成文日期).
    pub made_on: Option<Date>,
    /// When it was published (发布日期).
    pub published_on: Option<Date>,
    /// Whether it is in force.
    pub in_force: bool,
}

impl Document {
    /// The same document with a value of a facet.
    #[must_use]
    pub fn with(mut self, facet: Facet, value: &str) -> Document {
        value.clone_into(&mut self.facets[facet as usize]);
        self
    }
}

/// By what answers can be narrowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Facet {
    /// The unit that published it (发布机构).
    Unit,
    /// Column of the platform (栏目).
    Column,
    /// Year.
    Year,
    /// Subject class (主题分类).
    Subject,
    /// Genre (体裁分类).
    Genre,
    /// Validity (时效).
    Validity,
    /// Field of the standard catalogues (标准目录领域); an item may have several.
    Field,
}

impl Facet {
    /// All of them, in the order of [`Document::facets`].
    pub const ALL: [Facet; 7] = [
        Facet::Unit,
        Facet::Column,
        Facet::Year,
        Facet::Subject,
        Facet::Genre,
        Facet::Validity,
        Facet::Field,
    ];

    pub(crate) fn field(self) -> &'static str {
        match self {
            Facet::Unit => "unit",
            Facet::Column => "column",
            Facet::Year => "year",
            Facet::Subject => "subject",
            Facet::Genre => "genre",
            Facet::Validity => "validity",
            Facet::Field => "field",
        }
    }
}
