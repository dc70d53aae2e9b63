//! Taking a derived row away: when a correction has voided everything in its docket. The journal keeps all of it.

use crate::row::{Value, values};
use crate::{Region, Result, Tx};
use uuid::Uuid;

impl Tx {
    async fn remove(&mut self, sql: &'static str, region: Region, id: Uuid) -> Result<()> {
        let values: Vec<Value> = values![region, id];
        self.run(sql, values).await?;
        Ok(())
    }

    /// Takes a unit's row away.
    pub async fn remove_unit(&mut self, region: Region, id: Uuid) -> Result<()> {
        self.remove("delete from unit where region = $1 and id = $2", region, id).await
    }

    /// Takes a document's row away, and its classes.
    pub async fn remove_document(&mut self, region: Region, id: Uuid) -> Result<()> {
        self.remove_classes(region, id).await?;
        self.remove("delete from document where region = $1 and id = $2", region, id).await
    }

    /// Takes the row of a clean-up away.
    pub async fn remove_cleanup(&mut self, region: Region, id: Uuid) -> Result<()> {
        self.remove("delete from cleanup where region = $1 and id = $2", region, id).await
    }

    /// Takes the row of a document's draft away.
    pub async fn remove_document_draft(&mut self, region: Region, id: Uuid) -> Result<()> {
        self.remove("delete from document_draft where region = $1 and id = $2", region, id).await
    }

    /// Takes the row of an entry of a standard catalogue away.
    pub async fn remove_catalogue_entry(&mut self, region: Region, id: Uuid) -> Result<()> {
        self.remove("delete from catalogue_entry where region = $1 and id = $2", region, id).await
    }

    /// Takes the row of a draft put to the public away.
    pub async fn remove_consultation(&mut self, region: Region, id: Uuid) -> Result<()> {
        self.remove("delete from consultation where region = $1 and id = $2", region, id).await
    }

    /// Takes an opinion's row away.
    pub async fn remove_opinion(&mut self, region: Region, id: Uuid) -> Result<()> {
        self.remove("delete from opinion where region = $1 and id = $2", region, id).await
    }

    /// Takes a request's row away.
    pub async fn remove_request(&mut self, region: Region, id: Uuid) -> Result<()> {
        self.remove("delete from request where region = $1 and id = $2", region, id).await
    }

    /// Takes a dispute's row away.
    pub async fn remove_dispute(&mut self, region: Region, id: Uuid) -> Result<()> {
        self.remove("delete from dispute where region = $1 and id = $2", region, id).await
    }

    /// Takes the row of a request to correct a record away.
    pub async fn remove_record_correction(&mut self, region: Region, id: Uuid) -> Result<()> {
        self.remove("delete from record_correction where region = $1 and id = $2", region, id).await
    }

    /// Takes a figure's row away.
    pub async fn remove_figure(&mut self, region: Region, id: Uuid) -> Result<()> {
        self.remove("delete from figure where region = $1 and id = $2", region, id).await
    }

    /// Takes a file's row away.
    pub async fn remove_file(&mut self, region: Region, id: Uuid) -> Result<()> {
        self.remove_public_file(region, id).await?;
        self.remove("delete from file where region = $1 and id = $2", region, id).await
    }

    /// Forgets that a file is public.
    pub(crate) async fn remove_public_file(&mut self, region: Region, file: Uuid) -> Result<()> {
        self.remove("delete from public_file where region = $1 and file = $2", region, file).await
    }

    /// Takes a report's row away.
    pub async fn remove_report(&mut self, region: Region, id: Uuid) -> Result<()> {
        self.remove("delete from report where region = $1 and id = $2", region, id).await
    }

    /// Takes the row of an inspection away.
    pub async fn remove_report_inspection(&mut self, region: Region, id: Uuid) -> Result<()> {
        self.remove("delete from report_inspection where region = $1 and id = $2", region, id).await
    }

    /// Takes the row of a filed report away.
    pub async fn remove_report_filing(&mut self, region: Region, id: Uuid) -> Result<()> {
        self.remove("delete from report_filing where region = $1 and id = $2", region, id).await
    }
}
