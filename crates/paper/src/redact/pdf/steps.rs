//! How many drawing steps a page takes, counted before anything is drawn: forms that show forms multiply.

use crate::redact::unusable::Unusable;
use hayro::hayro_syntax::content::TypedIter;
use hayro::hayro_syntax::content::ops::TypedInstruction;
use hayro::hayro_syntax::object::{Dict, Name, Stream};
use hayro::hayro_syntax::page::{Page, Resources};
use std::collections::BTreeMap;

/// Forms nested deeper than this are a trap; programs write three or four levels.
const MAX_DEPTH: usize = 40;

/// Takes the steps of the page from what is left.
///
/// # Errors
/// [`Unusable::Bomb`] if not enough is left, or forms show themselves.
pub(super) fn count(page: &Page<'_>, left: &mut u64) -> Result<(), Unusable> {
    let steps = steps(page.typed_operations(), page.resources(), &mut Known::default(), 0)?;
    *left = left.checked_sub(steps).ok_or(Unusable::Bomb)?;
    Ok(())
}

/// Whether the page uses letters as a stencil for a picture: they are seen, and no reader reports them.
pub(super) fn has_stencils(page: &Page<'_>) -> bool {
    let mut known = Known::default();
    steps(page.typed_operations(), page.resources(), &mut known, 0).is_err() || known.stencils
}

/// What is known of the forms that were met.
#[derive(Default)]
struct Known {
    /// Steps by where the form lies in the file; none while it is being counted.
    steps: BTreeMap<(i32, i32), Option<u64>>,
    stencils: bool,
}

fn steps(
    mut operations: TypedIter<'_>,
    resources: &Resources<'_>,
    known: &mut Known,
    depth: usize,
) -> Result<u64, Unusable> {
    let mut total = 0_u64;
    while let Some(operation) = operations.next() {
        total = total.saturating_add(1);
        if let TypedInstruction::TextRenderingMode(mode) = &operation {
            known.stencils |= mode.0.as_i64() == 7;
        }
        if let TypedInstruction::XObject(shown) = operation
            && let Some(form) = resources.get_x_object(shown.0)
            && form.dict().get::<Name<'_>>(b"Subtype").is_some_and(|kind| &*kind == b"Form")
        {
            total = total.saturating_add(form_steps(&form, resources, known, depth + 1)?);
        }
    }
    Ok(total)
}

fn form_steps(
    form: &Stream<'_>,
    parent: &Resources<'_>,
    known: &mut Known,
    depth: usize,
) -> Result<u64, Unusable> {
    if depth > MAX_DEPTH {
        return Err(Unusable::Bomb);
    }
    let id = form.obj_id();
    let key = (id.obj_number, id.gen_number);
    match known.steps.get(&key) {
        Some(Some(steps)) => return Ok(*steps),
        Some(None) => return Err(Unusable::Bomb),
        None => known.steps.insert(key, None),
    };
    let own = form.dict().get::<Dict<'_>>(b"Resources").unwrap_or_else(Dict::empty);
    let resources = Resources::from_parent(own, parent.clone());
    let steps = match form.decoded() {
        Ok(content) => steps(TypedIter::new(&content), &resources, known, depth)?,
        Err(_) => 0,
    };
    known.steps.insert(key, Some(steps));
    Ok(steps)
}
