//! Finding the agency to ask (条例 art. 10), by its name or by what it does.

use super::in_operation;
use crate::Service;
use crate::error::Result;
use crate::unit::Tree;
use jiff::civil::Date;
use law::pathway;
use store::UnitRow;

impl Service {
    /// The agencies that can be asked: those in operation today, in the order of the register.
    pub async fn askable_units(&self, today: Date) -> Result<Vec<UnitRow>> {
        let mut tx = self.look().await?;
        let tree = Tree::read(&mut tx, self.region).await?;
        Ok(tree.0.into_iter().filter(|u| in_operation(u, today)).collect())
    }

    /// The agencies that can be asked whose name has what was said, then those that probably do it; all of them where
    /// nothing was said.
    pub async fn find_askable_units(&self, today: Date, said: &str) -> Result<Vec<UnitRow>> {
        let all = self.askable_units(today).await?;
        let said = said.trim();
        if said.is_empty() {
            return Ok(all);
        }
        let does = pathway::unit_names(said);
        let named = |u: &UnitRow| u.name.contains(said) || u.short_name.contains(said);
        let (mut found, rest): (Vec<UnitRow>, Vec<UnitRow>) = all.into_iter().partition(named);
        // In the order of what they do: who is meant most probably comes first.
        let mut rest = rest.into_iter().map(Some).collect::<Vec<_>>();
        for part in does {
            for unit in &mut rest {
                found.extend(unit.take_if(|u| u.name.contains(part)));
            }
        }
        Ok(found)
    }
}
