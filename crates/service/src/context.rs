//! Who asks, when, and with what randomness: everything a verb may not find out by itself.

use crate::error::{Error, Result};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::{Offset, TimeZone};
use serde::{Deserialize, Serialize};
use sm3::{Digest, Sm3};
use uuid::Uuid;

/// The one civil time zone of the system: Asia/Shanghai, UTC+8 without summer time since 1992.
pub fn zone() -> TimeZone {
    TimeZone::fixed(Offset::constant(8))
}

/// The civil date of an instant in Asia/Shanghai.
pub fn civil_date(at: Timestamp) -> Date {
    at.to_zoned_datetime(zone()).date()
}

/// One request to the service: read once at the door and passed down.
#[derive(Debug, Clone)]
pub struct Context {
    /// The instant of the request.
    pub at: Timestamp,
    /// Who asks.
    pub actor: Actor,
    /// Idempotency key: the same key does the same thing once and answers the same again.
    pub key: Option<String>,
    /// Source of ids, nonces and tokens.
    pub entropy: Entropy,
}

impl Context {
    /// A request by `actor` at `at`, with 32 random bytes from the door.
    pub fn new(at: Timestamp, actor: Actor, seed: [u8; 32]) -> Self {
        Context { at, actor, key: None, entropy: Entropy::new(seed) }
    }

    /// The same request with an idempotency key.
    pub fn with_key(mut self, key: impl Into<String>) -> Self {
        self.key = Some(key.into());
        self
    }

    /// Today in Asia/Shanghai.
    pub fn today(&self) -> Date {
        civil_date(self.at)
    }

    /// A new UUIDv7 of this instant.
    pub fn new_id(&mut self) -> Uuid {
        let mut random = [0; 10];
        random.copy_from_slice(&self.entropy.bytes()[..10]);
        let millis = u64::try_from(self.at.as_millisecond()).unwrap_or_default();
        uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
    }
}

/// Randomness derived from a seed given by the door: SM3 in counter mode. Deterministic for tests.
#[derive(Debug, Clone)]
pub struct Entropy {
    seed: [u8; 32],
    counter: u64,
}

impl Entropy {
    /// From 32 random bytes.
    pub fn new(seed: [u8; 32]) -> Self {
        Entropy { seed, counter: 0 }
    }

    /// The next 32 bytes.
    pub fn bytes(&mut self) -> [u8; 32] {
        self.counter += 1;
        let mut hash = Sm3::new();
        hash.update(self.seed);
        hash.update(self.counter.to_be_bytes());
        hash.finalize().into()
    }
}

/// A role of an officer. What each may do is in [`Role::may`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// 系统管理员: accounts, units, settings, upkeep; no cases.
    Administrator,
    /// 信息公开工作人员: registers and drafts of the own unit and those below it.
    Officer,
    /// 审核人员: reviews before approval.
    Reviewer,
    /// 保密审查人员: reviews what is to be given out (art. 17).
    SecrecyReviewer,
    /// 合法性审核人员
    LegalReviewer,
    /// 政府信息公开工作机构负责人: consents to extensions (art. 33), reviews proposals.
    UnitHead,
    /// 单位负责人: approves, waives, publishes.
    Head,
    /// 督查人员: reads everything, changes nothing.
    Supervisor,
    /// 审计人员: reads the journal.
    Auditor,
}

impl Role {
    /// All roles.
    pub const ALL: [Role; 9] = [
        Role::Administrator,
        Role::Officer,
        Role::Reviewer,
        Role::SecrecyReviewer,
        Role::LegalReviewer,
        Role::UnitHead,
        Role::Head,
        Role::Supervisor,
        Role::Auditor,
    ];

    /// Key as stored and as written on the command line.
    pub fn key(self) -> &'static str {
        match self {
            Role::Administrator => "administrator",
            Role::Officer => "officer",
            Role::Reviewer => "reviewer",
            Role::SecrecyReviewer => "secrecy-reviewer",
            Role::LegalReviewer => "legal-reviewer",
            Role::UnitHead => "unit-head",
            Role::Head => "head",
            Role::Supervisor => "supervisor",
            Role::Auditor => "auditor",
        }
    }

    /// Chinese name.
    pub fn label(self) -> &'static str {
        match self {
            Role::Administrator => "系统管理员",
            Role::Officer => "信息公开工作人员",
            Role::Reviewer => "审核人员",
            Role::SecrecyReviewer => "保密审查人员",
            Role::LegalReviewer => "合法性审核人员",
            Role::UnitHead => "政府信息公开工作机构负责人",
            Role::Head => "单位负责人",
            Role::Supervisor => "督查人员",
            Role::Auditor => "审计人员",
        }
    }

    /// The role with this key or Chinese name.
    pub fn parse(text: &str) -> Option<Role> {
        Self::ALL.into_iter().find(|r| r.key() == text || r.label() == text)
    }

    /// Whether the role carries the permission.
    pub fn may(self, permission: Permission) -> bool {
        use Permission as P;
        match self {
            Role::Administrator => {
                matches!(
                    permission,
                    P::ReadRegisters
                        | P::ManageUnits
                        | P::ManageAccounts
                        | P::ManageChannels
                        | P::WriteLetters
                        | P::SetRules
                        | P::Upkeep
                )
            }
            Role::Officer => {
                matches!(permission, P::ReadRegisters | P::EditRegisters | P::EditReport | P::ReadPersonal)
            }
            Role::Reviewer => matches!(permission, P::ReadRegisters | P::ReviewReport),
            Role::SecrecyReviewer => matches!(permission, P::ReadRegisters | P::ReviewSecrecy),
            Role::LegalReviewer => matches!(permission, P::ReadRegisters | P::ReviewLegality),
            Role::UnitHead => matches!(
                permission,
                P::ReadRegisters
                    | P::EditRegisters
                    | P::ReadPersonal
                    | P::ReviewProposal
                    | P::ConsentExtension
                    | P::RestrictDocket
                    | P::WriteLetters
                    | P::ManageChannels
                    | P::EditReport
            ),
            Role::Head => matches!(
                permission,
                P::ReadRegisters
                    | P::ReadPersonal
                    | P::ReviewProposal
                    | P::SignDecision
                    | P::RestrictDocket
                    | P::ReviewReport
                    | P::ApproveReport
                    | P::PublishReport
            ),
            Role::Supervisor => matches!(permission, P::ReadRegisters),
            Role::Auditor => matches!(permission, P::ReadRegisters | P::ReadJournal),
        }
    }
}

/// One thing that needs permission.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Permission {
    /// 查看登记簿和年度报告
    ReadRegisters,
    /// 登记、办理、更正
    EditRegisters,
    /// 查看申请人个人信息
    ReadPersonal,
    /// 保密审查
    ReviewSecrecy,
    /// 合法性审核
    ReviewLegality,
    /// 审核拟办意见
    ReviewProposal,
    /// 审批签发
    SignDecision,
    /// 同意延长答复期限
    ConsentExtension,
    /// 限定知悉范围
    RestrictDocket,
    /// 编写文书模板和公开前检查的词表、设置审批链
    WriteLetters,
    /// 设置核查规则
    SetRules,
    /// 管理发布渠道
    ManageChannels,
    /// 编辑年度报告
    EditReport,
    /// 审核年度报告
    ReviewReport,
    /// 批准年度报告、豁免核查意见
    ApproveReport,
    /// 公布、更正年度报告
    PublishReport,
    /// 管理机关名录
    ManageUnits,
    /// 管理账号
    ManageAccounts,
    /// 备份、校验、导入导出
    Upkeep,
    /// 查看日志
    ReadJournal,
}

impl Permission {
    /// Chinese name for the sentence that refuses it.
    pub fn label(self) -> &'static str {
        match self {
            Permission::ReadRegisters => "查看登记簿",
            Permission::EditRegisters => "登记和办理",
            Permission::ReadPersonal => "查看申请人个人信息",
            Permission::ReviewSecrecy => "保密审查",
            Permission::ReviewLegality => "合法性审核",
            Permission::ReviewProposal => "审核拟办意见",
            Permission::SignDecision => "审批签发",
            Permission::ConsentExtension => "同意延长答复期限",
            Permission::RestrictDocket => "限定知悉范围",
            Permission::WriteLetters => "编写文书模板和公开前检查的词表、设置审批链",
            Permission::SetRules => "设置核查规则",
            Permission::ManageChannels => "管理发布渠道",
            Permission::EditReport => "编辑年度报告",
            Permission::ReviewReport => "审核年度报告",
            Permission::ApproveReport => "批准年度报告",
            Permission::PublishReport => "公布年度报告",
            Permission::ManageUnits => "管理机关名录",
            Permission::ManageAccounts => "管理账号",
            Permission::Upkeep => "系统维护",
            Permission::ReadJournal => "查看日志",
        }
    }
}

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// Nobody signed in.
    Anonymous,
    /// The operator at the machine: the command line, which already has the data folder in its hands.
    Operator,
    /// An officer.
    Officer {
        /// Account id.
        account: Uuid,
        /// Name shown in the journal.
        name: String,
        /// Own unit; none means the whole region.
        unit: Option<Uuid>,
        /// Roles held.
        roles: Vec<Role>,
    },
}

impl Actor {
    /// What the journal records.
    pub fn journal_name(&self) -> String {
        match self {
            Actor::Anonymous => "公众".to_owned(),
            Actor::Operator => "系统操作员".to_owned(),
            Actor::Officer { account, name, .. } => format!("{name}（{account}）"),
        }
    }

    /// Whether any role of the actor carries the permission.
    pub fn may(&self, permission: Permission) -> bool {
        match self {
            Actor::Anonymous => false,
            Actor::Operator => true,
            Actor::Officer { roles, .. } => roles.iter().any(|r| r.may(permission)),
        }
    }

    /// Refuses with a sentence unless the actor has the permission.
    pub fn must(&self, permission: Permission) -> Result<()> {
        match self {
            Actor::Anonymous => Err(Error::SignIn),
            _ if self.may(permission) => Ok(()),
            _ => Err(Error::NotAllowed(format!(
                "您的账号没有“{}”的权限，如工作需要，请联系系统管理员",
                permission.label()
            ))),
        }
    }

    /// The unit the actor is confined to, if any.
    pub fn unit(&self) -> Option<Uuid> {
        match self {
            Actor::Officer { unit, .. } => *unit,
            _ => None,
        }
    }
}

/// The name of a journal actor without the account id that follows it.
pub fn person_name(actor: &str) -> &str {
    actor.split_once('（').map_or(actor, |(name, _)| name)
}

/// The account id that follows the name of a journal actor; none where no officer acted.
pub(crate) fn account_in(actor: &str) -> Option<Uuid> {
    let (_, id) = actor.strip_suffix('）')?.rsplit_once('（')?;
    Uuid::parse_str(id).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_civil_day_begins_at_midnight_in_shanghai() {
        let at: Timestamp = "2020-12-31T16:00:00Z".parse().unwrap();
        assert_eq!(civil_date(at), jiff::civil::date(2021, 1, 1));
        let before: Timestamp = "2020-12-31T15:59:59Z".parse().unwrap();
        assert_eq!(civil_date(before), jiff::civil::date(2020, 12, 31));
    }

    #[test]
    fn ids_follow_the_instant_and_the_seed() {
        let at: Timestamp = "2020-12-31T16:00:00Z".parse().unwrap();
        let mut a = Context::new(at, Actor::Operator, [7; 32]);
        let mut b = Context::new(at, Actor::Operator, [7; 32]);
        let first = a.new_id();
        assert_eq!(first, b.new_id());
        assert_ne!(first, a.new_id());
        assert_eq!(first.get_version_num(), 7);
    }

    #[test]
    fn the_account_of_a_journal_actor_is_read_back() {
        let account = Uuid::from_u128(7);
        let name = "样本（挂职）".to_owned();
        let actor = Actor::Officer { account, name, unit: None, roles: Vec::new() };
        assert_eq!(account_in(&actor.journal_name()), Some(account));
        assert_eq!(account_in(&Actor::Operator.journal_name()), None);
        assert_eq!(account_in("样本（挂职）"), None);
    }

    #[test]
    fn who_edits_does_not_approve() {
        assert!(!Role::Officer.may(Permission::ApproveReport));
        assert!(!Role::Head.may(Permission::EditReport));
        assert!(!Role::Administrator.may(Permission::ReadPersonal));
        assert!(Actor::Anonymous.must(Permission::ReadRegisters).is_err());
        for role in Role::ALL {
            assert_eq!(Role::parse(role.key()), Some(role));
            assert_eq!(Role::parse(role.label()), Some(role));
        }
    }
}
