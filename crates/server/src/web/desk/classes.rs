//! 公文的分类: the form, and what it says.

use super::super::form::{Choice, Field, Typed};
use super::register::Item;
use super::{World, or_none};
use law::classification::{
    self, Classification, Column, LONGEST_AUDIENCE, LONGEST_DESCRIPTION, MOST_COLUMNS, MOST_KEYWORDS, Only,
    keywords_in,
};
use law::docket::document::{DocumentEvent, Standing};
use law::docket::unit::Level;
use uuid::Uuid;

/// Name of the controls for the columns everybody has, and for those of some levels.
const COLUMNS: &str = "columns";
const MORE_COLUMNS: &str = "columns_more";

/// What is recorded; nothing for what is not.
pub(super) fn items(c: &Classification) -> Vec<Item> {
    let columns: Vec<&str> = c.columns().map(|c| c.label.as_str()).collect();
    let said = [
        ("主题分类", c.subject().map(|s| s.label()).unwrap_or_default()),
        ("体裁", c.genre().map(|g| g.label.clone()).unwrap_or_default()),
        ("服务对象", c.audience.clone()),
        ("公开栏目", columns.join("；")),
        ("关键词", c.keywords.join("、")),
        ("内容概述", c.description.clone()),
    ];
    let said = said.into_iter().filter(|(_, text)| !text.is_empty());
    said.map(|(label, text)| Item::new(label, text)).collect()
}

/// A classification that is not the one there is: what `law` would say to the step with nothing wrong in its content.
pub(super) fn other_than(now: &Classification) -> DocumentEvent {
    let genre = classification::genres().iter().map(|g| Some(g.key.clone())).find(|key| *key != now.genre);
    let genre = genre.flatten();
    DocumentEvent::Classified(Box::new(Classification { genre, ..Classification::default() }))
}

fn choices<'a>(columns: impl Iterator<Item = &'a Column>) -> Vec<Choice> {
    columns.map(|c| Choice::new(&c.key, &c.label)).collect()
}

/// The controls, with what is recorded now.
pub(super) fn fields(
    standing: Option<&Standing>,
    event: Option<&DocumentEvent>,
    world: &World<'_>,
) -> Vec<Field> {
    let now = match event {
        Some(DocumentEvent::Classified(now)) => now.as_ref().clone(),
        _ => standing.map(|s| s.classification.clone()).unwrap_or_default(),
    };
    let unit = standing.and_then(|s| Uuid::parse_str(&s.counted_by).ok()).and_then(|id| world.unit(id));
    let level = unit.and_then(|u| Level::parse(&u.level));
    // What is recorded stays in the form though the unit's level was corrected since.
    let fits = |c: &&Column| level.is_none_or(|l| c.fits(l)) || now.columns.contains(&c.key);
    let all = || classification::columns().iter().filter(fits);
    let subjects = classification::subjects().map(|s| Choice::new(s.key(), s.label())).collect();
    let genres = classification::genres().iter().map(|g| Choice::new(&g.key, &g.label)).collect();
    let mut fields = vec![
        Field::select("subject", "主题分类", or_none("未分类", subjects)).optional().value_if(now.subject),
        Field::select("genre", "体裁", or_none("未分类", genres)).optional().value_if(now.genre),
        Field::text("audience", "服务对象")
            .hint(format!("例如：中小学生家长；最多{LONGEST_AUDIENCE}个字"))
            .optional()
            .value(now.audience),
        Field {
            values: now.columns.clone(),
            ..Field::checks(COLUMNS, "公开栏目", choices(all().filter(|c| c.only.is_none())))
                .hint(format!(
                    "公开后列入本机关政府信息公开页面的栏目，最多{MOST_COLUMNS}个；法律没有列出的信息不放入"
                ))
                .optional()
        },
    ];
    let more = choices(all().filter(|c| c.only.is_some()));
    if !more.is_empty() {
        let township = all().any(|c| c.only == Some(Only::Township));
        let label = if township { "乡镇另外公开的栏目" } else { "市、县另外公开的栏目" };
        let values = more.iter().map(|c| c.key.clone()).filter(|key| now.columns.contains(key)).collect();
        fields
            .push(Field { values, ..Field::folded(MORE_COLUMNS, label, more).hint("条例第二十一条") });
    }
    fields.extend([
        Field::text("keywords", "关键词")
            .hint(format!("用顿号分开，最多{MOST_KEYWORDS}个；公开后在页面上显示"))
            .optional()
            .value(now.keywords.join("、")),
        Field::area("description", "内容概述", 3)
            .hint(format!("最多{LONGEST_DESCRIPTION}个字；公开后在页面上显示，不写个人信息"))
            .optional()
            .value(now.description),
    ]);
    fields
}

/// What was typed.
pub(super) fn read(typed: &Typed) -> DocumentEvent {
    let mut columns = typed.all(COLUMNS);
    columns.extend(typed.all(MORE_COLUMNS));
    columns.retain(|key| !key.is_empty());
    DocumentEvent::Classified(Box::new(Classification {
        subject: typed.some("subject"),
        genre: typed.some("genre"),
        audience: typed.get("audience").to_owned(),
        columns,
        keywords: keywords_in(typed.get("keywords")),
        // The browser ends lines as it likes.
        description: typed.get("description").replace("\r\n", "\n"),
    }))
}
