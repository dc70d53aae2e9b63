//! 要素核对 of a document in the register: what it says of itself against what is registered.

use super::Documents;
use crate::Service;
use crate::context::Context;
use crate::error::Result;
use crate::register::{Register, docket, recorded};
use crate::unit::Tree;
use law::consistency::{Mismatch, Registered, mismatches};
use uuid::Uuid;

impl Service {
    /// What does not agree between a document's text, as it was written last, and its registration. Of a draft nothing is
    /// told: it has no number and no date yet.
    ///
    /// # Errors
    /// The actor may not see the document.
    pub async fn document_mismatches(&self, ctx: &Context, document: Uuid) -> Result<Vec<Mismatch>> {
        let owner = self.content_owner(ctx, document).await?;
        if owner.draft.is_some() || owner.consultation.is_some() {
            return Ok(Vec::new());
        }
        let body = self.document_body(ctx, document).await?.map(|(_, text)| text);
        let mut tx = self.look().await?;
        let history = docket::<Documents>(&mut tx, self.region, document).await?;
        let Some(standing) = Documents::fold(&recorded(&history)) else { return Ok(Vec::new()) };
        // An interpretation or a guide has neither head nor signature.
        if !standing.category.is_document() {
            return Ok(Vec::new());
        }
        let tree = Tree::read(&mut tx, self.region).await?;
        let maker = tree.find(&standing.maker).ok();
        let registered = Registered {
            title: &standing.title,
            number: standing.number.as_deref(),
            made_on: standing.made_on,
            makers: maker.into_iter().flat_map(|u| [u.name.as_str(), u.short_name.as_str()]).collect(),
        };
        Ok(mismatches(&registered, body.as_deref()))
    }
}
