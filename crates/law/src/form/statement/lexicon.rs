//! The words that are recognised, and what they say. A longer word hides the shorter ones in it (无法提供 is no 无).
//!
//! To add a wording: one word in [`WORDS`]. Words that say nothing about figures but may stand between a verb and its
//! figure are [`Tag::Filler`]; everything else counts as not understood.

use std::collections::BTreeMap;
use std::sync::LazyLock;

/// What a word says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tag {
    /// 上年, and the number of the year before
    LastYear,
    /// 今年, and the number of the year
    ThisYear,
    /// 下年, and the number of the year after
    NextYear,
    /// 计划, 力争: not yet so
    Plan,
    /// 上半年, 每月: not the whole year
    PartOfYear,
    /// 以来: since when, this year or longer
    Since,
    /// 政府信息公开申请: certainly the subject
    Request,
    /// 申请: the subject, if nothing else says otherwise
    Asked,
    /// 信息公开: what the sentence is about
    Disclosure,
    /// 行政复议
    Review,
    /// 行政诉讼
    Suit,
    /// 未经复议直接起诉
    DirectSuit,
    /// 复议后起诉
    LaterSuit,
    /// 备案, 代理: another population than that of table four
    Agent,
    /// 行政应诉: litigation, but another population than that of table four
    Defence,
    /// Any other subject
    Elsewhere,
    /// 规章
    Rules,
    /// 规范性文件
    Normative,
    /// 信息处理费
    Fee,
    /// 新收, 新增
    New,
    /// 收到, 受理
    Receive,
    /// 办理, 处理
    Handle,
    /// 答复, 办结
    Answer,
    /// 结转, 顺延
    Carry,
    /// 转 (before a next year only)
    Turn,
    /// 正在办理
    Ongoing,
    /// A group of result rows, 0 to 5
    Group(usize),
    /// 公开 alone
    Publish,
    /// A result row: place in [`ROWS`]
    Row(usize),
    /// 自然人
    Natural,
    /// 法人或其他组织
    Organizations,
    /// An applicant column: place in [`ORGANIZATIONS`]
    Organization(usize),
    /// A way in
    Channel(usize),
    /// 维持, 纠正, 其他结果, 尚未审结: 0 to 3
    Outcome(usize),
    /// 撤销, 确认违法: one way of correcting
    Overturned,
    /// 未发生败诉
    NoLoss,
    /// 未被纠错
    NoError,
    /// 制发
    Issue,
    /// 废止
    Repeal,
    /// 现行有效
    InForce,
    /// 清理, 审查, 草案: documents of another kind than those of table two
    Examined,
    /// 公文公开属性: how documents are classified, not what became of requests
    Attribute,
    /// 对外公开总
    TotalPublic,
    /// 均, 全部
    All,
    /// 按时
    Timely,
    /// 未收到
    NotReceived,
    /// 未发生, 无
    Not,
    /// 未制发
    NotIssued,
    /// 全市
    Whole,
    /// 我局, 本级
    Own,
    /// 代表市政府
    ForGovernment,
    /// 市政府
    Government,
    /// 各部门
    Units,
    /// 同比, 较
    Than,
    /// 增长
    Up,
    /// 下降
    Down,
    /// 增至, 下降到: what became of a figure, not by how much it grew
    Reach,
    /// 占
    Share,
    /// 疑难, 同一申请人: some of the cases
    Partly,
    /// 公民: natural persons where kinds of applicants are listed, else some of the cases
    Citizens,
    /// 企业: commercial enterprises or all organizations where kinds of applicants are listed, else some of the cases
    Companies,
    /// 律师事务所: legal services where kinds of applicants are listed, else some of the cases
    Lawyers,
    /// 日均
    PerDay,
    /// 月均
    PerMonth,
    /// 其中
    Of,
    /// 含
    With,
    /// 分别
    Each,
    /// 答复率, 平均答复时间: a figure beside it is none of cases
    Rate,
    /// 其他, as the last item of a list
    Rest,
    /// Says nothing about figures
    Filler,
}

/// Result rows with words of their own: id, words that are the row's label, words that only fall into it.
pub(super) const ROWS: &[(&str, &str, &str)] = &[
    ("refused_state_secret", "属于国家秘密", "国家秘密"),
    ("refused_prohibited_by_law", "其他法律行政法规禁止公开 法律行政法规禁止公开", ""),
    ("refused_security_stability", "三安全一稳定", ""),
    ("refused_third_party_rights", "保护第三方合法权益", "个人隐私 商业秘密 第三方合法权益"),
    ("refused_internal_affairs", "属于三类内部事务信息 三类内部事务信息", "内部事务信息 内部管理信息"),
    ("refused_deliberative_process", "属于四类过程性信息 四类过程性信息", "过程性信息"),
    ("refused_enforcement_file", "属于行政执法案卷", "行政执法案卷"),
    ("refused_administrative_inquiry", "属于行政查询事项", "行政查询事项"),
    (
        "unavailable_not_held",
        "本机关不掌握相关政府信息",
        "信息不存在 政府信息不存在 本机关不掌握 不掌握相关政府信息 不掌握 未掌握 不属于本机关 不属于本机关公开 不属于本机关负责公开 非本机关 不属本机关",
    ),
    ("unavailable_requires_creation", "没有现成信息需要另行制作", "需要另行制作 另行制作 加工分析"),
    ("unavailable_still_unclear", "补正后申请内容仍不明确", "补正后仍不明确 申请内容不明确"),
    (
        "declined_petition_or_complaint",
        "信访举报投诉类申请",
        "信访举报投诉类 信访投诉举报类 信访投诉类 信访类 信访、投诉、举报类 信访、举报、投诉类",
    ),
    ("declined_repeat_request", "", "重复申请"),
    ("declined_public_publication", "要求提供公开出版物", "公开出版物"),
    ("declined_excessive_requests", "无正当理由大量反复申请", "大量反复申请"),
    ("declined_confirm_or_reissue", "要求行政机关确认或重新出具已获取信息", "确认或重新出具"),
    ("other_correction_lapsed", "", "逾期不补正 逾期未补正 无正当理由逾期不补正"),
    ("other_fee_unpaid", "", "逾期未缴费 逾期不缴费 逾期未缴纳费用 逾期未按收费通知要求缴纳费用"),
    (
        "other_other",
        "",
        "主动撤回 主动撤销 撤回申请 撤销申请 申请人撤回 申请人撤销 自愿撤回 撤回 非政府信息 不属于政府信息",
    ),
];

/// Columns of organizations.
pub(super) const ORGANIZATIONS: [&str; 5] =
    ["commercial_enterprise", "research_institution", "public_welfare_org", "legal_service_org", "other_org"];

/// 法律服务机构 among [`ORGANIZATIONS`].
pub(super) const LEGAL_SERVICE: usize = 3;

/// Words by what they say.
const WORDS: &[(Tag, &str)] = &[
    (Tag::LastYear, "上年度 上年 上一年度 上一年 去年 往年 以前年度 前一年度"),
    (Tag::NextYear, "下年度 下年 下一年度 下一年 次年 明年 翌年 来年"),
    (Tag::ThisYear, "本年度 本年 今年 当年 年内"),
    (Tag::Plan, "下一步 计划将 计划于 力争 预计 今后 争取 目标"),
    (
        Tag::PartOfYear,
        "上半年 下半年 一季度 二季度 三季度 四季度 第一季度 第二季度 第三季度 第四季度 每月 每季度 每周 每年 每日 当月 学年 学年度 历年 多年来 近三年 近年来 五年来 三年来",
    ),
    (Tag::Since, "以来"),
    (
        Tag::Request,
        "政府信息公开申请 信息公开申请 依申请公开申请 依申请公开案件 政府信息公开申请案件 信息公开申请案件 公开申请案件 公开申请 依申请公开事项 依申请公开件 依申请公开 依申请件 依申请 申请公开 政府信息依申请公开 \
         政府信息公开申请件 政府信息公开申请事项 信息公开申请件 政府信息公开的申请 信息公开的申请 公开政府信息的申请 公开政府信息申请 申请公开政府信息 申请的政府信息 申请公开的政府信息 申请政府信息公开 \
         政府信息公开申请数量 政府信息公开申请总数 政府信息公开申请量 政府信息申请 政务公开申请 依申请公开信息申请",
    ),
    (Tag::Asked, "申请 申请件 申请事项 申请总数 申请总量 申请量 申请数量 办件总数"),
    (Tag::Disclosure, "政府信息公开 信息公开 信息公开类 政府信息公开类 政务公开"),
    (
        Tag::Review,
        "被复议案件 被复议的案件 行政复议 复议 行政复议案件 复议案件 行政复议申请 复议申请 行政复议件 行政复议事项",
    ),
    (
        Tag::Suit,
        "被诉 被起诉 被诉案件 被诉讼案件 被诉讼的案件 行政诉讼 诉讼 行政诉讼案件 诉讼案件 行政诉讼事项",
    ),
    (Tag::DirectSuit, "未经复议直接起诉 未经行政复议直接起诉 直接起诉 直接提起行政诉讼 未经复议直接提起诉讼"),
    (
        Tag::LaterSuit,
        "复议后起诉 复议后又起诉 复议后提起行政诉讼 经复议后起诉 复议后提起诉讼 经复议的行政诉讼 经复议后的行政诉讼 经行政复议的行政诉讼 复议后的行政诉讼 复议后诉讼 经行政复议后起诉 行政复议后起诉",
    ),
    (Tag::Defence, "应诉 行政应诉 应诉案件 行政应诉案件"),
    (Tag::Agent, "代理 备案 法院 应诉通知 复议机关 审理 审结 已审结 出庭 通知书 应诉通知书 复议委员会 听证"),
    (
        Tag::Elsewhere,
        "热线 市长热线 工单 信箱 市长信箱 县长信箱 局长信箱 区长信箱 来信 来电 留言 信访 信访件 诉求 咨询 建议 提案 议案 舆情 投诉 举报 投诉举报 \
         行政许可 行政许可申请 许可申请 行政处罚 行政强制 行政事业性收费 政府集中采购 政务服务 网民 电话 回应 解读 政策解读 培训 会议 发布会 政策文件 政策 \
         微信 微博 公众号 文章 视频 稿件 公报 新媒体 证明 专利 商标 救助 补贴 检查 问题 意见 访谈 浏览 访问 点击 文件 制度 规章制度 栏目 专栏 \
         政府信息管理 平台建设 监督保障 案件 项目 事项清单 办件 办件量 审批 登记申请 认定 信息发布 动态 概况 数据 档案 \
         监测 抽查 考核 调研 服务事项 公共服务 信息条目 规划计划 课题 纠纷 民事诉讼 刑事诉讼 民事案件 调解 仲裁 执法 处罚 合同 招标 采购 债券 人大代表 政协委员 编辑 转载 原创 直播 问卷 活动 讲座 宣传 \
         主动公开",
    ),
    (Tag::Rules, "规章 政府规章 市政府规章 地方政府规章 部门规章"),
    (Tag::Normative, "行政规范性文件 规范性文件 行政规范性文件数量"),
    (
        Tag::Fee,
        "信息处理费 信息公开收费 政府信息公开收费 信息公开处理费 政府信息公开信息处理费 政府信息公开处理费",
    ),
    (Tag::New, "新收 新收到 新增 新受理 新提出 新接收"),
    (
        Tag::Receive,
        "收到 受理 收办 接收 接到 收悉 接收到 共收 受理了 收到了 收到并受理 接办 接收并受理 收取到",
    ),
    (Tag::Handle, "办理 处理 承办 办理了 处理了"),
    (
        Tag::Answer,
        "答复 办结 回复 办复 办理完毕 办理完成 处理完毕 办理答复 作出答复 予以答复 办毕 完成答复 已答复 已办结 已办理 办理完结 答复完毕 答复了 办理回复 处理完成 办理办结 在办结",
    ),
    (
        Tag::Carry,
        "结转 顺延 延续 转入 转至 转到 延至 延期至 移至 结转至 结转到 结转入 顺延至 顺延到 跨年至 递延 遗留 转结 结存",
    ),
    (Tag::Turn, "转"),
    (
        Tag::Ongoing,
        "正在办理 正在处理 尚在办理 在办 仍在办理 尚未办结 未办结 尚未答复 未答复 跨年办理 跨年度办理 正在办理中 尚在办理中 办理中 正在依法办理",
    ),
    (
        Tag::Group(0),
        "予以公开 同意公开 准予公开 给予公开 全部公开 决定公开 予以全部公开 予以公开的 同意公开答复 予以公开答复",
    ),
    (Tag::Group(1), "部分公开 部分予以公开 予以部分公开 同意部分公开 部分同意公开 部分公开答复"),
    (Tag::Group(2), "不予公开 不同意公开 决定不予公开 不予公开答复 不公开 不予以公开 决定不公开"),
    (Tag::Group(3), "无法提供 不能提供 未能提供 无法予以提供 无法提供答复"),
    (Tag::Group(4), "不予处理 不作处理 不予处理答复 不处理 不再处理"),
    (Tag::Group(5), "其他处理 作其他处理 其他方式处理 其他情形处理 其它处理 作出其他处理"),
    (Tag::Publish, "公开 发布 公布 新公开"),
    (Tag::Natural, "自然人 公民个人"),
    (Tag::Organizations, "法人或其他组织 法人或者其他组织 法人和其他组织 法人及其他组织 法人、其他组织"),
    (Tag::Organization(0), "商业企业"),
    (Tag::Organization(1), "科研机构"),
    (Tag::Organization(2), "社会公益组织 公益组织"),
    (Tag::Organization(3), "法律服务机构"),
    (Tag::Channel(0), "当面 现场 窗口"),
    (Tag::Channel(1), "信函 邮寄 邮政 邮政寄送 邮寄信函"),
    (Tag::Channel(2), "网络 网上 在线 互联网 网站 平台 门户网站 政府网站 线上 政府门户网站"),
    (Tag::Channel(3), "电子邮件 邮箱 电子邮箱 邮件"),
    (Tag::Channel(4), "传真"),
    (Tag::Channel(5), "其他渠道 其他形式 其他途径"),
    (Tag::Outcome(0), "结果维持 维持 予以维持 维持原决定"),
    (Tag::Outcome(1), "结果纠正 纠正 被纠正 纠错 被纠错 予以纠正 结果纠错"),
    (Tag::Outcome(2), "其他结果 其它结果"),
    (Tag::Outcome(3), "尚未审结 未审结 正在审理 尚在审理 正在审理中"),
    (Tag::Overturned, "撤销 被撤销 确认违法 被确认违法 责令重新答复 责令重新处理 责令履行 败诉"),
    (Tag::NoLoss, "未发生败诉 无败诉 零败诉 无一败诉 没有败诉 未出现败诉 未有败诉 无一件败诉 无一起败诉"),
    (
        Tag::NoError,
        "未被纠错 未被纠正 无纠错 零纠错 无纠正 未发生纠错 未发生被纠错 没有被纠错 没有被纠正 未发生被纠正 无被纠错 无被纠正 未纠错 无一被纠错 无一纠错 未出现纠错",
    ),
    (Tag::Issue, "制发 制定 出台 印发 制作 新制作 新制定 新制发 新出台 制定出台 制定印发 起草制定"),
    (Tag::Repeal, "废止 宣布废止"),
    (Tag::InForce, "现行有效 继续有效"),
    (
        Tag::Examined,
        "清理 审查 评估 征求意见 草案 修订 修改 起草 备案审查 合法性审核 合法性审查 后评估 梳理 征集",
    ),
    (Tag::Attribute, "公文 公开属性 属性 发文 制发公文 制发文件 公文类 公文类信息 属性认定 拟制公文"),
    (Tag::TotalPublic, "对外公开总数量 对外公开总数"),
    (Tag::All, "均 全部 都 悉数 所有 一律 全数"),
    (
        Tag::Timely,
        "按时 按期 及时 法定期限 规定期限 规定时限 法定时限 规定时间 时限 期限 限期 依法依规 依规 法定时间 按规定时限",
    ),
    (
        Tag::NotReceived,
        "未收到 没有收到 未接到 未曾收到 未受理 没有受理 未接收 没收到 尚未收到 未接到过 未收到过 未有收到",
    ),
    (Tag::Not, "未发生 没有发生 未产生 没有产生 未出现 没有 无 未有 没有出现 未发生过 未涉及"),
    (Tag::NotIssued, "未制发 未制定 未出台 未印发 没有制发 没有制定 没有出台 未新制发"),
    (
        Tag::Whole,
        "全市 全区 全县 全省 全州 全系统 全旗 全域 全自治区 全乡 全镇 全盟 关区 全关区 辖区 各级行政机关 各级各部门 市区两级 市县两级 市、县两级 市、区两级 两级 我市 我县 我区 我省 我州 我旗 我盟",
    ),
    (
        Tag::Own,
        "本级 本机关 我局 我委 我办 我厅 我院 我处 我单位 本单位 本局 本委 本厅 本办 局机关 机关本级 委机关 厅机关 办公室本级 我中心 我街道 我镇 我乡 本镇 本乡 本街道 本部门 我部门 我室 我队 我会 我站 我校 本校 我关 本关 本行政机关",
    ),
    (
        Tag::ForGovernment,
        "代表市政府 代表县政府 代表区政府 代表省政府 代市政府 代县政府 代区政府 代表本级政府 代表市人民政府 代表县人民政府 代表区人民政府",
    ),
    (
        Tag::Government,
        "县政府 市政府 区政府 省政府 镇政府 乡政府 旗政府 州政府 县人民政府 市人民政府 区人民政府 省人民政府 旗人民政府 州人民政府",
    ),
    (
        Tag::Units,
        "各县（市、区） 各县（市） 各区（县） 各区县（市） 各县（区） 县（市、区） 区（县） 各市（州） 各部门 各县 各区 各乡镇 各街道 各单位 所属 下属 直属 各县区 各镇 各地 各县市区 各科室 各有关部门 市级 市级机关 市级部门 市直 市直部门 市直机关 县级 县直 区级 区直 省级 省直 市级行政机关 市政府部门 县政府部门 区政府部门 政府部门 各市 各区县 乡镇 街道 县市区 开发区",
    ),
    (Tag::Than, "同比 较 比 相比 环比 与上年相比 增幅 降幅"),
    (Tag::Up, "增长 增加 上升 提高 提升 上涨 多了 增多"),
    (Tag::Down, "下降 减少 降低 回落 下滑 少了"),
    (
        Tag::Reach,
        "增至 升至 增长到 增长至 增加到 增加至 上升到 上升至 降至 降到 减至 减少到 减少至 下降到 下降至 提高到 提高至",
    ),
    (Tag::Share, "占 占比 占总数 占总量 占总数的 占全部 占比为 约占"),
    (
        Tag::Partly,
        "主要 大部分 大多 多数 大多数 绝大多数 多为 为主 基本 以上为 一审 二审 再审 同一 同一申请人 同一人 部分 个别 重大 疑难 复杂 集中 类似 律师 法人 村民 居民 学生 媒体 紧急 跨部门 转办 转来 移交 交办 \
         上级 下级 第三方 合并 代为 协助 指导 参与 协调 会商 审核 把关 配合 重点 多发 典型 批量 高频 牵头 督办 联合 涉企 涉农 境外 老年人 残疾人",
    ),
    (Tag::Citizens, "公民 个人"),
    (Tag::Companies, "企业"),
    (Tag::Lawyers, "律师事务所 律所"),
    (Tag::PerDay, "日均 平均每天 每天平均 平均每日 日均办理"),
    (Tag::PerMonth, "月均 平均每月 每月平均"),
    (Tag::Of, "其中 包括 具体为 具体包括 分为"),
    (Tag::With, "含 包含 内含 含有"),
    (Tag::Each, "分别"),
    (
        Tag::Rate,
        "答复率 办结率 回复率 按时答复率 按期答复率 满意率 办理率 平均答复时间 平均办理时间 平均答复 平均办理 答复时间 答复期限 答复书 答复意见 答复人 答复内容 败诉率 纠错率 维持率 \
         公开率 合格率 受理率 按时办结率 按期办结率 处理率 响应率 及时率 延期答复 延期办理 延期答复告知书 提前答复 提前办结 逾期答复 超期答复 书面答复 当场答复 口头答复 电话答复 延期 依法延期 补正 延长答复 延长答复期限",
    ),
    (Tag::Rest, "其他 其它 其余"),
    (
        Tag::Filler,
        "共 共计 合计 总计 累计 计 总共 一共 的 了 为 是 有 我 等 及 和 与 或 或者 以及 并 年度 全年 一年来 各类 各种 有关 相关 提出 提交 申请人 人 向 其 另 另有 此外 由 对 中 在 将 已 \
         公民、法人和其他组织 公民、法人或者其他组织 公民、法人或其他组织 公民、法人及其他组织 公民和法人 社会公众 群众 公众 无法 无正当理由 无关 无误 无障碍 无偿 无需 毫无 无纸 未发现 无线 无论 无锡 \
         政府信息 信息 通过 经 等渠道 渠道 方式 形式 途径 类 数 数量 总数 总量 量 事项 涉及 本 年 到 至 于 后 前 之 共有 仍 尚 需 还 进行 给予 作出 予以 完毕 依法 规定 登记 转交 在册 按照 《条例》 条例 要求 \
         因 引起 引发 产生 提起 被 发生 情况 情形 工作 关于 已经 件 次 均衡 均等 平均 结果 案 全 上述 以上 网 连同 加上 加 同时 一 截至 截止 年底 年末 \
         12月31日 继续 零积压 无积压 零超期 无超期 零逾期 无逾期 目前 当前 现有 主动公开范围 主动公开范围内 属于主动公开 上级机关 上级行政机关 政务公开办公室 信息公开办公室 政府信息公开办公室 政务公开办 信息公开工作机构 政府信息公开工作机构 办理结果 处理结果 公开工作 做出 收取 收费 发出 按件计收 按量计收 元 不再 行政机关 属于 答复为 告知 按 按要求 按规定 已经 完成 申请人提出 登记在册 以 主 来自 从 看 引起的 内 其 每",
    ),
];

/// The words by their first character, the longer ones first.
struct Lexicon(BTreeMap<char, Vec<(Vec<char>, Tag)>>);

static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| {
    let mut words: BTreeMap<char, Vec<(Vec<char>, Tag)>> = BTreeMap::new();
    let mut add = |word: &str, tag: Tag| {
        let word: Vec<char> = word.chars().collect();
        if let Some(first) = word.first() {
            words.entry(*first).or_default().push((word, tag));
        }
    };
    for (tag, list) in WORDS {
        list.split_whitespace().for_each(|w| add(w, *tag));
    }
    for (i, (_, label, others)) in ROWS.iter().enumerate() {
        label.split(' ').chain(others.split(' ')).for_each(|w| add(w, Tag::Row(i)));
    }
    for list in words.values_mut() {
        list.sort_by_key(|(word, _)| std::cmp::Reverse(word.len()));
    }
    Lexicon(words)
});

/// The longest word that begins at `i`, and the character after it.
pub(super) fn word(chars: &[char], i: usize) -> Option<(Tag, usize)> {
    let list = LEXICON.0.get(chars.get(i)?)?;
    list.iter().find(|(w, _)| chars[i..].starts_with(w)).map(|(w, tag)| (*tag, i + w.len()))
}

/// True if the words are the printed label of the row, and not only something that falls into it.
pub(super) fn is_label(row: usize, words: &str) -> bool {
    ROWS.get(row).is_some_and(|(_, label, _)| label.split(' ').any(|l| l == words))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_word_says_two_things() {
        for list in LEXICON.0.values() {
            for pair in list.windows(2) {
                for other in list.iter().filter(|o| o.0 == pair[0].0) {
                    assert_eq!(other.1, pair[0].1, "{:?}", other.0);
                }
            }
        }
    }

    #[test]
    fn every_row_is_one_of_a_form() {
        for (row, _, _) in ROWS {
            let known = crate::form::Form::all().iter().any(|f| f.result_rows().any(|r| r.id == *row));
            assert!(known, "{row}");
        }
        for column in ORGANIZATIONS {
            assert!(
                crate::form::Form::for_year(2021).is_ok_and(|f| f
                    .requests
                    .columns
                    .iter()
                    .any(|c| c.id == column))
            );
        }
    }
}
