//! Templates of letters that belong to a unit: versioned, checked when they are saved, kept for ever.

use crate::context::{Context, Permission};
use crate::error::{Error, Result};
use crate::register::Work;
use crate::unit::Tree;
use crate::versioned::{Kept, newest};
use crate::{Region, Service};
use law::letter::Letter;
use law::{Date, Refusal};
use paper::template::{Template, default_template};
use store::Tx;
use uuid::Uuid;

/// The template that holds for a unit.
#[derive(Debug, Clone)]
pub struct OwnTemplate {
    /// It.
    pub template: Template,
    /// Its version within the unit that owns it; 0 for the one that comes with the program.
    pub version: u32,
    /// Who owns it; none for the one that comes with the program.
    pub owner: Option<Uuid>,
}

/// A template as an officer edits it.
#[derive(Debug, Clone)]
pub struct TemplateView {
    /// The text that holds.
    pub source: String,
    /// Its version; 0 for the one that comes with the program.
    pub version: u32,
    /// The unit whose it is: the one asked about, one above it, or none.
    pub owner: Option<Uuid>,
    /// Day it was saved, and by whom.
    pub saved: Option<(Date, String)>,
    /// What every letter made from it would lack.
    pub gaps: Vec<Refusal>,
}

fn name(unit: Uuid, letter: Letter) -> String {
    format!("letter.{unit}.{}", letter.key())
}

/// The version that holds for a unit, and whose it is: its own, or that of the nearest unit above it.
async fn found(tx: &mut Tx, region: Region, unit: Uuid, letter: Letter) -> Result<Option<(Uuid, u32, Kept)>> {
    let tree = Tree::read(tx, region).await?;
    let mut at = Some(unit);
    for _ in 0..=tree.0.len() {
        let Some(id) = at else { break };
        if let Some((version, kept)) = newest(tx, region, &name(id, letter)).await? {
            return Ok(Some((id, version, kept)));
        }
        at = tree.get(id)?.parent;
    }
    Ok(None)
}

/// The template of a unit for a letter.
pub(super) async fn template_of(
    tx: &mut Tx,
    region: Region,
    unit: Uuid,
    letter: Letter,
) -> Result<OwnTemplate> {
    let Some((owner, version, kept)) = found(tx, region, unit, letter).await? else {
        return Ok(OwnTemplate { template: builtin(letter)?, version: 0, owner: None });
    };
    match Template::parse(letter, &kept.source) {
        Ok(template) => Ok(OwnTemplate { template, version, owner: Some(owner) }),
        // Saved by a program that knew other fields: say so instead of printing something else.
        Err(problems) => Err(Error::Invalid(format!(
            "“{}”的模板不能使用，请修改模板：{}",
            letter.title(),
            problems.first().map(|p| p.text.clone()).unwrap_or_default()
        ))),
    }
}

fn builtin(letter: Letter) -> Result<Template> {
    let broken = |p: Vec<paper::template::Problem>| Error::Internal(format!("default template: {p:?}"));
    Template::parse(letter, default_template(letter)).map_err(broken)
}

impl Service {
    /// The template of a unit for a letter, as it is edited.
    pub async fn letter_template(&self, ctx: &Context, unit: Uuid, letter: Letter) -> Result<TemplateView> {
        ctx.actor.must(Permission::WriteLetters)?;
        let mut tx = self.look().await?;
        self.must_see(&mut tx, ctx, unit).await?;
        let own = template_of(&mut tx, self.region, unit, letter).await;
        let kept = found(&mut tx, self.region, unit, letter).await?;
        let (source, version, owner, saved) = match kept {
            Some((owner, version, kept)) => (kept.source, version, Some(owner), Some((kept.on, kept.by))),
            None => (default_template(letter).to_owned(), 0, None, None),
        };
        let gaps = own.map(|own| own.template.gaps()).unwrap_or_default();
        Ok(TemplateView { source, version, owner, saved, gaps })
    }

    /// Saves a template of a unit; units below it that have none of their own use it. An empty text goes back to the
    /// one above. Earlier versions stay, and letters finished with them stay as they are.
    ///
    /// # Errors
    /// Every problem of the template at once; a conflict if `seen` is not the version that holds.
    pub async fn save_letter_template(
        &self,
        ctx: Context,
        unit: Uuid,
        letter: Letter,
        seen: u32,
        source: String,
    ) -> Result<u32> {
        ctx.actor.must(Permission::WriteLetters)?;
        let source = source.replace("\r\n", "\n").trim().to_owned();
        if !source.is_empty()
            && let Err(problems) = Template::parse(letter, &source)
        {
            let all = problems.iter().map(|p| Refusal::new("template", p.text.clone(), "")).collect();
            return Err(Error::Refused(all));
        }
        self.verb(ctx, "save-letter-template", move |mut work| {
            Box::pin(async move {
                work.must_reach(unit).await?;
                work.save_template(unit, letter, seen, source).await
            })
        })
        .await
    }
}

impl Work<'_> {
    async fn save_template(&mut self, unit: Uuid, letter: Letter, seen: u32, source: String) -> Result<u32> {
        let now = found(self.tx, self.region, unit, letter).await?.map_or(0, |(_, version, _)| version);
        if now != seen {
            let text = "这份模板刚刚被其他人修改，您的修改没有保存；请刷新页面，核对最新内容后再修改";
            return Err(Error::Conflict(text.into()));
        }
        let version = self.keep_version(&name(unit, letter), source).await?;
        let event = serde_json::json!({ "type": "template-saved", "unit": unit, "letter": letter.key(), "version": version });
        self.note_access(event).await?;
        Ok(version)
    }
}
