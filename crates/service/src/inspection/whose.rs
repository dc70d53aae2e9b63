//! What the name of an authority tells of it. Names that may be several things tell nothing.

use law::docket::unit::{Level, UnitKind};
use law::form::part::Scope;

/// Whose report it is: a people's government's (or a place's) is of the whole government.
pub(super) fn scope(name: &str) -> Scope {
    let place = name.ends_with(['省', '市', '县', '区', '旗', '州', '盟']);
    if name.ends_with("人民政府") || place { Scope::Government } else { Scope::Own }
}

/// Level and kind, where the name leaves no doubt. An office of a government may report for it; a city may be one of
/// districts or of the county level.
pub(super) fn unit(name: &str) -> Option<(Level, UnitKind)> {
    let ends = |all: &[&str]| all.iter().any(|e| name.ends_with(e));
    if ends(&["乡人民政府", "镇人民政府", "街道办事处", "乡", "镇", "街道", "办事处"]) {
        return Some((Level::Township, UnitKind::Township));
    }
    if ends(&["县人民政府", "区人民政府", "旗人民政府", "县"]) && !name.ends_with("自治区人民政府")
    {
        let development = ["开发区", "新区", "园区", "高新区"].iter().any(|w| name.contains(w));
        return (!development).then_some((Level::County, UnitKind::Government));
    }
    if ends(&["局", "厅", "委员会", "中心", "大队", "支队"]) && !ends(&["办公厅", "管理委员会"])
    {
        return Some((Level::City, UnitKind::Department));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_tells_only_what_is_certain() {
        for (name, kind) in [
            ("某县某镇人民政府", Some((Level::Township, UnitKind::Township))),
            ("某市某区人民政府", Some((Level::County, UnitKind::Government))),
            ("某市人民政府", None),
            ("某自治区人民政府", None),
            ("某市人民政府办公厅", None),
            ("某市经济技术开发区管理委员会", None),
            ("某市财政局", Some((Level::City, UnitKind::Department))),
            ("某市", None),
        ] {
            assert_eq!(unit(name), kind, "{name}");
        }
        assert_eq!(scope("某市"), Scope::Government);
        assert_eq!(scope("某市人民政府办公室"), Scope::Own);
    }
}
