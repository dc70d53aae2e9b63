//! What a figure is said to be.

use super::number::Number;
use std::ops::Range;

/// Which year a figure is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Period {
    /// The year of the report.
    This,
    /// The year before.
    Last,
    /// A part of a year, another year, a plan: not compared.
    Other,
}

/// Whose figure it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Whose {
    /// Nothing is said.
    Unsaid,
    /// 全市, 我市
    Whole,
    /// 我局, 本级
    Own,
    /// 代表市政府
    ForGovernment,
    /// 各县, 市直部门: parts of a government
    Parts,
    /// A unit that is not the one of the report
    Others,
}

/// 行政复议, 未经复议直接起诉, 复议后起诉: which blocks of table four.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Blocks {
    /// 行政复议
    pub(super) review: bool,
    /// 未经复议直接起诉
    pub(super) direct: bool,
    /// 复议后起诉
    pub(super) later: bool,
}

impl Blocks {
    /// None yet.
    pub(super) const NONE: Blocks = Blocks { review: false, direct: false, later: false };

    /// True if it is about litigation as a whole.
    pub(super) fn suits(self) -> bool {
        self.direct && self.later && !self.review
    }
}

/// What is done with a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Act {
    /// 制发
    Issue,
    /// 公开
    Publish,
    /// 新公开
    PublishNew,
    /// 废止
    Repeal,
    /// 现行有效
    InForce,
    /// 累计公开
    TotalPublic,
}

/// What a figure is said to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Label {
    /// Requests by verb; several where they stand together (收到并答复).
    Requests {
        /// 新收
        new: bool,
        /// 收到
        received: bool,
        /// 办理
        handled: bool,
        /// 答复
        answered: bool,
    },
    /// Requests without a verb.
    Subject,
    /// 上年结转; true beside 答复, where it may be fewer
    In(bool),
    /// 结转下年
    Out,
    /// 结转 without a direction
    Carry,
    /// 正在办理
    Ongoing,
    /// Groups of results, one bit each.
    Groups(u8),
    /// A result row; true if its printed label is quoted
    Row(usize, bool),
    /// 自然人
    Natural,
    /// 法人或其他组织
    Organizations,
    /// 企业 beside 公民: 商业企业 or all organizations
    Companies,
    /// A column of organizations
    Organization(usize),
    /// A channel
    Channel(usize),
    /// Disputes
    Disputes(Blocks),
    /// An outcome of disputes
    Outcome(Blocks, usize),
    /// 规章 (true) or 规范性文件
    Document(bool, Act),
    /// 信息处理费 in yuan
    FeeSum,
    /// Cases with a 信息处理费
    FeeCount,
    /// 占 p%
    Share,
    /// 增长 (true), 下降
    Growth(bool),
    /// 比上年的40件, 由50件增至…: what is compared with
    Before,
    /// 由50件增至64件: what became of it
    Reached,
    /// 日均
    PerDay,
    /// 月均
    PerMonth,
    /// The last item of a list: 其他
    Rest,
    /// Received, of another subject
    ElsewhereIn,
    /// Answered, of another subject
    ElsewhereDone,
    /// Nothing that is compared with a table
    Unclear,
}

/// A figure of a sentence.
#[derive(Debug, Clone)]
pub(super) struct Claim {
    /// The figure.
    pub(super) number: Number,
    /// Its token.
    pub(super) at: usize,
    /// What it is said to be.
    pub(super) label: Label,
    /// Which year it is of.
    pub(super) period: Period,
    /// Whose it is.
    pub(super) whose: Whose,
    /// The sentence itself names the subject.
    pub(super) sure: bool,
    /// Only some of the cases: 涉及土地的申请
    pub(super) some: bool,
    /// Another population: 应诉, 备案
    pub(super) agent: bool,
    /// The sentence or its part says 信息公开.
    pub(super) disclosure: bool,
    /// 新 before the subject
    pub(super) new: bool,
    /// The groups or rows of 占…的.
    pub(super) of_groups: u8,
    /// Depth of parentheses.
    pub(super) depth: usize,
    /// The words that say it, in characters of the line.
    pub(super) words: Range<usize>,
    /// Nothing but a comparison stands before it.
    pub(super) bare: bool,
    /// 收到申请量同比增长, 予以公开占: what a growth or a share is said of, where it has a subject of its own.
    pub(super) of: Option<Label>,
    /// 占全年收到申请101件的45.5%: the figure before is the whole of this share.
    pub(super) of_last: bool,
}
