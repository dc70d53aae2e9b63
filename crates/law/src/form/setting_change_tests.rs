use super::super::check::{RULES, Severity};
use super::super::settings::STATUTORY;
use super::*;

fn settings(text: &str) -> Settings {
    Settings::parse(text).unwrap_or_else(|e| panic!("{e:?}"))
}

fn local(rest: &str) -> Override {
    toml::from_str(&format!("basis = \"某市政务公开〔2023〕1号\"\n{rest}")).unwrap()
}

fn set(rule: &str, to: Override) -> SettingChange {
    SettingChange::Set { rule: rule.into(), to }
}

fn row(label: &str) -> ExtraRow {
    ExtraRow { table: TableName::Proactive, label: label.into(), basis: Some("某市通知".into()) }
}

fn reasons(from: &Settings, change: &SettingChange) -> Vec<String> {
    from.changed(change).unwrap_err().into_iter().map(|r| r.text).collect()
}

#[test]
fn a_rule_is_set_and_restored() {
    let (one, said) =
        STATUTORY.changed(&set("F-DEADLINE", local("parameters = { own = 128, township = 0 }"))).unwrap();
    let title = &rule("F-DEADLINE").unwrap().title;
    assert_eq!(
        said,
        [format!("规则F-DEADLINE（{title}）：本机关报告的公布期限：1月28日；依据：某市政务公开〔2023〕1号")]
    );
    assert_eq!(one.parameter("F-DEADLINE", "own"), 128);
    // What is as the law has it anyway is not kept.
    assert!(!one.rules["F-DEADLINE"].parameters.contains_key("township"));
    let (two, said) = one
        .changed(&set("X-SIM", local("off = true\nseverity = \"info\"\nparameters = { percent = 40 }")))
        .unwrap();
    assert!(said[0].contains("不核查；级别改为提示；"), "{said:?}");
    assert_eq!(two.rules.len(), 2);
    let restore = SettingChange::Restore { rule: "X-SIM".into() };
    let (three, said) = two.changed(&restore).unwrap();
    assert_eq!(three, one);
    assert!(said[0].ends_with("恢复法定设置"));
    assert_eq!(reasons(&three, &restore), ["没有改变任何设置，请修改后再保存"]);
    // A rule set to what it is anyway is restored.
    let same = set("F-DEADLINE", local("parameters = { own = 131 }"));
    assert!(three.changed(&same).unwrap().0.is_statutory());
    assert_eq!(reasons(&STATUTORY, &same).len(), 1);
    assert_eq!(reasons(&STATUTORY, &set("X-SIM", local("severity = \"warning\""))).len(), 1);
}

#[test]
fn what_is_the_same_everywhere_is_refused_whatever_is_set() {
    for fixed in RULES.iter().filter(|r| !r.waivable) {
        for to in ["off = true", "severity = \"info\"", "severity = \"error\"", ""] {
            let told = reasons(&STATUTORY, &set(&fixed.id, local(to)));
            assert_eq!(told.len(), 1, "{} {told:?}", fixed.id);
            assert!(told[0].contains("全国统一，不得调整"), "{told:?}");
        }
    }
    let file = settings("[rules.T3-H]\nseverity = \"error\"\nbasis = \"某市通知\"");
    assert!(reasons(&STATUTORY, &SettingChange::Replace(file))[0].contains("不得调整"));
}

#[test]
fn everything_that_is_kept_names_its_document() {
    let bare = Override { off: true, basis: Some("　".into()), ..Override::default() };
    assert!(reasons(&STATUTORY, &set("X-SIM", bare))[0].contains("依据文件"));
    let file = settings("[rules.X-SIM]\noff = true\n[[extra_rows]]\ntable = \"requests\"\nlabel = \"当面\"");
    let told = reasons(&STATUTORY, &SettingChange::Replace(file));
    assert_eq!(told.len(), 2, "{told:?}");
    let long = Override { off: true, basis: Some("字".repeat(201)), ..Override::default() };
    assert!(reasons(&STATUTORY, &set("X-SIM", long))[0].contains("过长"));
    // A file says nothing that has no effect, and nothing that cannot be followed.
    let idle = settings("[rules.X-SIM]\nbasis = \"某市通知\"");
    assert!(reasons(&STATUTORY, &SettingChange::Replace(idle))[0].contains("与法定的相同"));
    let unknown = set("T9-X", local("off = true"));
    assert!(reasons(&STATUTORY, &unknown)[0].contains("没有编号为T9-X的规则"));
    let late = set("F-DEADLINE", local("parameters = { own = 215 }"));
    assert!(reasons(&STATUTORY, &late)[0].contains("应当在1月1日至1月31日之间"));
}

#[test]
fn rows_are_added_and_removed() {
    let (one, said) = STATUTORY.changed(&SettingChange::AddRow(row("规划计划"))).unwrap();
    assert_eq!(said, ["增加表二的行“规划计划”；依据：某市通知"]);
    assert!(reasons(&one, &SettingChange::AddRow(row("（三）规划 计划")))[0].contains("已经有了"));
    let remove = |label: &str| SettingChange::RemoveRow { table: TableName::Proactive, label: label.into() };
    assert_eq!(reasons(&one, &remove("其他")), ["没有改变任何设置，请修改后再保存"]);
    let (two, said) = one.changed(&remove("三、规划计划")).unwrap();
    assert!(two.is_statutory());
    assert_eq!(said, ["删除表二的行“规划计划”"]);
    assert!(reasons(&STATUTORY, &SettingChange::AddRow(row(" ")))[0].contains("没有写明标题"));
    let many = Settings {
        extra_rows: (0..101).map(|n| row(&format!("第{n}项"))).collect(),
        ..Settings::default()
    };
    assert!(reasons(&STATUTORY, &SettingChange::Replace(many))[0].contains("不超过100行"));
}

#[test]
fn settings_go_out_and_in_again() {
    let all = settings(
        "[rules.F-DEADLINE]\nbasis = \"某市“\\\"通知\\\"”\\\\\"\nparameters = { own = 128 }\n\
         [rules.X-VALID]\nseverity = \"error\"\ntolerance = \"2.5\"\noff = true\nbasis = \"甲\"\n\
         [[extra_rows]]\ntable = \"proactive\"\nlabel = \"规划 # 计划\"\nbasis = \"乙\"",
    );
    assert_eq!(Settings::parse(&all.to_toml()).unwrap(), all);
    assert_eq!(STATUTORY.to_toml(), "");
    for r in RULES.iter().filter(|r| r.waivable) {
        let mut every = Override { off: true, severity: Some(Severity::Info), ..local("") };
        every.tolerance = r.tolerant.then(|| Amount::from_micros(1_500_000));
        every.parameters = r.parameters.iter().map(|p| (p.name.clone(), p.least)).collect();
        let one = Settings { rules: [(r.id.clone(), every)].into(), ..Settings::default() };
        assert_eq!(Settings::parse(&one.to_toml()).unwrap(), one, "{}", r.id);
    }
}
