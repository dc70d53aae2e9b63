//! Which work order of another system a request came out of.

use crate::row::{row, values};
use crate::select::Select;
use crate::{Region, Result, Tx};
use uuid::Uuid;

row! {
    /// A work order outside, and the request that came out of it.
    TicketRow {
        /// Whose; opaque here.
        system: String,
        /// Its number there.
        number: String,
        /// The request.
        request: Uuid,
    }
}

const SELECT: &str = "select system, number, request from ticket where region = $1";

impl Tx {
    /// Writes which ticket a request came out of, in place of the one known before.
    ///
    /// # Errors
    /// [`crate::Error::Conflict`] if another request came out of it.
    pub async fn put_ticket(
        &mut self,
        region: Region,
        request: Uuid,
        ticket: Option<TicketRow>,
    ) -> Result<()> {
        self.run("delete from ticket where region = $1 and request = $2", values![region, request]).await?;
        if let Some(ticket) = ticket {
            let sql = "insert into ticket (region, system, number, request) values ($1, $2, $3, $4)";
            self.run(sql, ticket.values(region)).await?;
        }
        Ok(())
    }

    /// The ticket with this number.
    pub async fn ticket(&mut self, region: Region, system: &str, number: &str) -> Result<Option<TicketRow>> {
        let select = Select::new(SELECT, region).and("system = {}", system.to_owned());
        select.and("number = {}", number.to_owned()).one(self).await
    }

    /// The ticket that a request came out of.
    pub async fn ticket_of(&mut self, region: Region, request: Uuid) -> Result<Option<TicketRow>> {
        Select::new(SELECT, region).and("request = {}", request).one(self).await
    }

    /// Tickets by request: the next `limit` after this request (nil before the first).
    pub async fn tickets_by_request(
        &mut self,
        region: Region,
        after: Uuid,
        limit: i64,
    ) -> Result<Vec<TicketRow>> {
        let select = Select::new(SELECT, region).and("request > {}", after);
        select.then("order by request").limit(limit).all(self).await
    }
}
