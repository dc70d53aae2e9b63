//! Applicants as keyed digests: which requests are of the same applicant, without opening their records.

use crate::row::{row, values};
use crate::select::Select;
use crate::{Region, Result, Tx};
use uuid::Uuid;

row! {
    /// Whose request it is.
    ApplicantRow {
        /// The request.
        request: Uuid,
        /// Keyed digest of the identity.
        digest: String,
    }
}

const SELECT: &str = "select request, digest from applicant where region = $1";

impl Tx {
    /// Notes whose request it is.
    pub async fn put_applicant(&mut self, region: Region, row: &ApplicantRow) -> Result<()> {
        let sql = "insert into applicant (region, request, digest) values ($1, $2, $3) \
                   on conflict (region, request) do update set digest = excluded.digest";
        self.run(sql, row.values(region)).await?;
        Ok(())
    }

    /// Whose request it is, if that is known.
    pub async fn applicant(&mut self, region: Region, request: Uuid) -> Result<Option<ApplicantRow>> {
        Select::new(SELECT, region).and("request = {}", request).one(self).await
    }

    /// Whose these requests are, as far as that is known.
    pub async fn applicants_of(&mut self, region: Region, requests: &[Uuid]) -> Result<Vec<ApplicantRow>> {
        Select::new(SELECT, region).within("request", Some(requests)).then("order by request").all(self).await
    }

    /// The requests of an applicant, at most `limit`, the latest registered first.
    pub async fn requests_of_applicant(
        &mut self,
        region: Region,
        digest: &str,
        limit: i64,
    ) -> Result<Vec<ApplicantRow>> {
        let select = Select::new(SELECT, region).and("digest = {}", digest.to_owned());
        select.then("order by request desc").limit(limit).all(self).await
    }

    /// Forgets whose request it is.
    pub async fn forget_applicant(&mut self, region: Region, request: Uuid) -> Result<bool> {
        let sql = "delete from applicant where region = $1 and request = $2";
        Ok(self.run(sql, values![region, request]).await? > 0)
    }
}
