//! What every document of a segment is beside its words: facets, dates, lengths, in plain memory, because an answer
//! counts the facets of every document it finds.

use super::document::Facet;
use super::schema::Fields;
use std::sync::Arc;
use tantivy::fieldnorm::FieldNormReader;
use tantivy::{SegmentReader, TantivyError};

/// The columns of a segment; they never change.
#[derive(Debug)]
pub(crate) struct Columns {
    /// For each document the number of its value of each facet; 0 is none, value `n` is `names[facet][n - 1]`. Several values are
    /// one name with a line for each: what has the same ones is counted together.
    pub(crate) facets: Vec<[u32; Facet::ALL.len()]>,
    pub(crate) names: [Vec<Arc<str>>; Facet::ALL.len()],
    pub(crate) made_on: Vec<u32>,
    pub(crate) published_on: Vec<u32>,
    pub(crate) in_force: Vec<bool>,
    /// Length of title and of text, as the index codes them.
    pub(crate) title_length: Vec<u8>,
    pub(crate) text_length: Vec<u8>,
}

/// The values that stand in lines in one.
pub(crate) fn values(name: &str) -> impl Iterator<Item = &str> {
    name.split('\n')
}

impl Columns {
    pub(crate) fn read(segment: &SegmentReader, fields: &Fields) -> Result<Columns, TantivyError> {
        let count = segment.max_doc();
        let fast = segment.fast_fields();
        let mut facets = vec![[0; Facet::ALL.len()]; count as usize];
        let mut names: [Vec<Arc<str>>; Facet::ALL.len()] = Default::default();
        for facet in Facet::ALL {
            let Some(column) = fast.str(facet.field())? else { continue };
            for n in 0..column.num_terms() as u64 {
                let mut name = String::new();
                column.ord_to_str(n, &mut name)?;
                names[facet as usize].push(name.into());
            }
            for doc in 0..count {
                if let Some(n) = column.ords().first(doc) {
                    facets[doc as usize][facet as usize] = u32::try_from(n + 1).unwrap_or(0);
                }
            }
        }
        let numbers = |name: &str| -> Result<Vec<u32>, TantivyError> {
            let column = fast.u64(name)?;
            Ok((0..count).map(|d| column.first(d).and_then(|v| u32::try_from(v).ok()).unwrap_or(0)).collect())
        };
        let lengths = |norms: FieldNormReader| (0..count).map(|doc| norms.fieldnorm_id(doc)).collect();
        Ok(Columns {
            facets,
            names,
            made_on: numbers("made_on")?,
            published_on: numbers("published_on")?,
            in_force: numbers("in_force")?.into_iter().map(|n| n == 1).collect(),
            title_length: lengths(segment.get_fieldnorms_reader(fields.title)?),
            text_length: lengths(segment.get_fieldnorms_reader(fields.body)?),
        })
    }

    /// The numbers of what has a facet's value in this segment, alone or with others.
    pub(crate) fn numbers(&self, facet: Facet, value: &str) -> impl Iterator<Item = u32> {
        let names = (1..).zip(&self.names[facet as usize]);
        names.filter(move |(_, name)| values(name).any(|v| v == value)).map(|(n, _)| n)
    }
}
