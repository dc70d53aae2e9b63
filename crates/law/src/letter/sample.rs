//! A sample value for every field: for previews of templates, for help texts and for the golden letters. Invented.

use super::{Letter, Shape, Value, Values};
use crate::decision::Decision;
use crate::term;
use jiff::civil::{Date, date};
use std::collections::BTreeMap;

/// The day of the sample letters.
const MADE_ON: Date = date(2026, 3, 20);

impl Letter {
    /// A value for each of its fields, such that the default template becomes a complete letter.
    pub fn sample(self) -> Values {
        let mut values: Values =
            self.fields().iter().map(|f| (f.name.to_owned(), sample(f.name, f.shape))).collect();
        let mut put = |name: &str, words: &str| {
            if values.contains_key(name) {
                values.insert(name.to_owned(), Value::Text(words.to_owned()));
            }
        };
        if let Letter::Decision(decision) = self {
            let (facts, basis, reasons) = grounds(decision);
            put("查明事实", facts);
            put("依据", basis);
            put("理由", reasons);
            if let Some(words) = asked(decision) {
                put("申请内容", words);
            }
            match decision {
                Decision::OtherCorrectionLapsed => put("补正期限", "2026年3月17日"),
                Decision::OtherFeeUnpaid => {
                    put("收到日期", "2026年2月6日");
                    put("缴费告知日期", "2026年2月12日");
                    put("缴费期限", "2026年3月18日");
                }
                Decision::UnavailableStillUnclear => put("补正收到日期", "2026年3月12日"),
                Decision::OtherOther => put("处理结果", "将本申请并入2026-0033号申请办理，不再单独答复"),
                _ => {}
            }
        } else if self == Letter::ThirdPartyNotice {
            put("第三方意见", "");
            put(
                "查明事实",
                "本机关就上述信息的公开书面征求了贵公司的意见，贵公司于2026年3月11日书面表示不同意公开。",
            );
            put("理由", "该信息涉及饮用水水源保护，不公开会对公共利益造成重大影响，应当予以公开。");
        } else if self == Letter::RecordCorrection {
            put(
                "查明事实",
                "经核对婚姻登记档案，您的出生日期登记为1985年3月12日，与您的居民身份证和户籍档案记载的1985年3月21日不一致，系录入错误。",
            );
            put("理由", "您提供的证据能够证明本机关提供的与您自身相关的政府信息记录不准确，本机关有权更正。");
        }
        let mut put = |name: &str, words: &str| {
            values.insert(name.to_owned(), Value::Text(words.to_owned()));
        };
        match self {
            // It is told within seven working days.
            Letter::Correction => put("收到日期", "2026年3月16日"),
            Letter::Reasons | Letter::Deferral => put("申请内容", NOTICES),
            _ => {}
        }
        if self == Letter::Deferral {
            put(
                "说明理由情况",
                "您于2026年3月9日说明，申请用于核对各部门执行会议费标准的情况，并逐年列出了所需的部门",
            );
        }
        if values.contains_key("第三方") {
            values.insert("称谓".to_owned(), Value::Text("贵公司".to_owned()));
        }
        let gives = [Letter::Decision(Decision::Granted), Letter::Decision(Decision::GrantedInPart)];
        if values.contains_key("附件") && !gives.contains(&self) {
            values.insert("附件".to_owned(), Value::List(Vec::new()));
        }
        let term = self.term().and_then(|key| term::on(key, MADE_ON).ok());
        if let Some(value) = term {
            values.insert("法定期限".to_owned(), Value::Text(value.length.to_string()));
        }
        if values.contains_key("救济途径") {
            // The terms cover the sample day; a test makes every sample.
            let sentence = self.remedies(&values, "云岭县人民政府", "云岭县人民法院", MADE_ON);
            values.insert("救济途径".to_owned(), Value::Text(sentence.unwrap_or_default()));
        }
        values
    }
}

fn sample(name: &str, shape: Shape) -> Value {
    match shape {
        Shape::Text => Value::Text(text(name)),
        Shape::List => Value::List(list(name).iter().map(|s| (*s).to_owned()).collect()),
        Shape::Rows(columns) => {
            let row = |cells: &&[&str]| -> BTreeMap<String, String> {
                columns.iter().zip(*cells).map(|(c, v)| ((*c).to_owned(), (*v).to_owned())).collect()
            };
            Value::Rows(rows(name).iter().map(row).collect())
        }
    }
}

fn text(name: &str) -> String {
    let words = match name {
        "机关名称" => "云岭县人民政府办公室",
        "文号" => "云政公开〔2026〕15号",
        "成文日期" => "2026年3月20日",
        "申请人" => "林知远",
        "称谓" => "您",
        "第三方" => "云岭县清源供水有限公司",
        "共同制作机关" => "云岭县财政局",
        "征求意见机关" => "云岭县档案馆",
        "承办单位" => "云岭县水务局",
        "申请编号" => "2026-0032",
        "收到日期" => "2026年2月27日",
        "收到方式" => "邮寄",
        "补正收到日期" => "",
        "申请内容" => "云岭县2025年农村饮水安全巩固提升工程的资金安排文件和验收报告",
        "答复期限" => "2026年3月26日",
        "查询码" => "7Q4M-2XKD-9RPT",
        "查询方式" => "云岭县人民政府门户网站“依申请公开”栏目",
        "补正期限" => "2026年4月10日",
        "补正告知日期" => "2026年3月4日",
        "补正方式" => "补正材料可以当面提交，也可以邮寄至云岭县人民政府办公室政务公开室。",
        "申请情况" => {
            "2026年1月至2月，您向本机关提交政府信息公开申请46件，均要求公开县级各部门的会议通知，内容基本相同"
        }
        "说明理由期限" => "2026年4月3日",
        "说明理由情况" => "您于2026年3月9日说明申请用于了解会议安排，未说明需要反复提出相同申请的理由",
        "延迟理由" => {
            "您申请的信息涉及12个部门、跨越5个年度，需要逐件检索和审查，不能在法定期限内全部答复"
        }
        "延迟期限" => "2026年5月29日",
        "延长理由" => "申请的信息形成时间跨度大、数量多，需要逐件检索和审查",
        "延长天数" => "20个工作日",
        "延长后答复期限" => "2026年4月24日",
        "征求意见对象" => "第三方",
        "征求意见发出日期" => "2026年3月5日",
        "信息名称" => "《云岭县2025年农村饮水安全巩固提升工程资金安排方案》（云政办发〔2025〕31号）",
        "反馈期限" => "2026年4月3日",
        "第三方意见" => "第三方于2026年3月11日书面答复，认为公开会泄露其商业秘密，不同意公开",
        "公开内容" => "《云岭县2025年农村饮水安全巩固提升工程资金安排方案》和工程验收报告",
        "公开日期" => "2026年3月27日",
        "办理期限" => "2026年3月24日",
        "收费标准" => "按量计收，30页以下（含30页）不收费，31至100页部分每页10元，101至200页部分每页20元",
        "收费数额" => "1100元",
        "缴纳方式" => "持本通知书到云岭县政务服务中心二楼非税收入窗口缴纳，或者扫描缴款识别码在线缴纳",
        "缴费告知日期" => "2026年3月4日",
        "缴费期限" => "2026年4月1日",
        "更正事项" => "将婚姻登记档案中本人的出生日期由1985年3月12日更正为1985年3月21日",
        "处理结果" => "对上述记录予以更正，并已将更正后的记录归档",
        "查明事实" => "本机关对申请内容进行了检索和核实。",
        "依据" => "《中华人民共和国政府信息公开条例》第三十六条第二项",
        "理由" => "该信息依法可以公开。",
        "提供方式" => "邮寄纸质复印件",
        "公开途径" => {
            "云岭县人民政府门户网站（www.yunling.example）“法定主动公开内容—财政资金”栏目，标题为《云岭县2025年农村饮水安全巩固提升工程资金安排方案》"
        }
        "获取途径" => "《云岭年鉴（2025）》，可以到云岭县图书馆、云岭县档案馆查阅",
        "办理途径" => {
            "请依照《不动产登记资料查询暂行办法》的规定，到云岭县不动产登记中心（云岭县政务服务中心一楼）办理"
        }
        "负责机关" => "云岭县水务局",
        "负责机关联系方式" => "云岭县清溪路8号，电话0000-2000008",
        "投诉渠道" => "云岭县信访局（云岭县人民路3号，电话0000-2000003）",
        "原答复日期" => "2025年11月6日",
        "原答复文号" => "云政公开〔2025〕52号",
        "联系方式" => "联系人：政务公开室，电话：0000-2000001，地址：云岭县人民路1号",
        _ => "",
    };
    words.to_owned()
}

fn list(name: &str) -> &'static [&'static str] {
    match name {
        "补正事项" => &[
            "请提供您的身份证明（居民身份证复印件）。",
            "请写明所需信息的名称、文号或者其他特征性描述；“有关工程的全部材料”指向不明确，无法据以检索。",
        ],
        "拟公开内容" => {
            &["农村饮水工程验收报告所附的水质检测报告；", "工程运行维护合同中的服务价格条款。"]
        }
        "征求事项" => &["该信息移交档案馆后是否已经开放；", "是否同意由本机关向申请人提供。"],
        "办理要求" => &[
            "检索你单位是否制作或者保存申请所涉的信息，记录检索的范围、方法和结果；",
            "提出是否公开的意见并说明依据和理由，经保密审查后书面反馈。",
        ],
        "公开部分" => {
            &["《云岭县2025年农村饮水安全巩固提升工程资金安排方案》全文；", "工程验收报告第1至12页。"]
        }
        "附件" => &["云岭县2025年农村饮水安全巩固提升工程资金安排方案（6页）", "工程验收报告（12页）"],
        _ => &[],
    }
}

fn rows(name: &str) -> &'static [&'static [&'static str]] {
    match name {
        "不予公开部分" => &[
            &[
                "验收报告第13至15页水源地坐标和管网走向图",
                "《中华人民共和国政府信息公开条例》第十四条",
                "公开可能危及供水设施的公共安全",
            ],
            &[
                "验收报告附表中村民的姓名、住址和电话",
                "《中华人民共和国政府信息公开条例》第十五条",
                "属于个人隐私，公开会对第三方合法权益造成损害",
            ],
        ],
        "收费明细" => &[
            &["第1至30页", "30页", "不收费", "0元"],
            &["第31至100页", "70页", "10元", "700元"],
            &["第101至120页", "20页", "20元", "400元"],
        ],
        _ => &[],
    }
}

/// Facts, basis and reasons of a sample decision.
fn grounds(decision: Decision) -> (&'static str, &'static str, &'static str) {
    use Decision as D;
    match decision {
        D::Granted => ("", REGULATION_36_2, ""),
        D::GrantedPublished => ("", "《中华人民共和国政府信息公开条例》第三十六条第一项", ""),
        D::GrantedInPart => (
            "经检索，您申请的信息由本机关制作并保存，其中部分内容不应当公开，但能够作区分处理。",
            "《中华人民共和国政府信息公开条例》第三十六条第三项、第三十七条",
            "",
        ),
        D::RefusedStateSecret => (
            "经检索并经保密审查，您申请的信息已依法确定为国家秘密，尚未解密。",
            "《中华人民共和国政府信息公开条例》第十四条、第三十六条第三项和《中华人民共和国保守国家秘密法》第十三条",
            "依法确定为国家秘密的政府信息，不予公开。",
        ),
        D::RefusedProhibitedByLaw => (
            "经检索，您申请的信息是统计调查中能够识别单个统计调查对象身份的资料。",
            "《中华人民共和国政府信息公开条例》第十四条、第三十六条第三项和《中华人民共和国统计法》第二十八条",
            "法律禁止对外提供该资料，属于法律、行政法规禁止公开的政府信息。",
        ),
        D::RefusedSecurityStability => (
            "经检索，您申请的信息载有供水水源地坐标和应急处置力量的部署。",
            "《中华人民共和国政府信息公开条例》第十四条、第三十六条第三项",
            "该信息公开后可能被用于破坏供水设施，危及公共安全。",
        ),
        D::RefusedThirdPartyRights => (
            "经检索，您申请的信息含有第三方的经营成本和报价，本机关书面征求了第三方的意见。",
            "《中华人民共和国政府信息公开条例》第十五条、第三十二条、第三十六条第三项",
            "该信息涉及商业秘密，公开会对第三方合法权益造成损害，第三方不同意公开且有合理理由，不公开不会对公共利益造成重大影响。",
        ),
        D::RefusedInternalAffairs => (
            "经检索，您申请的信息是本机关内部车辆调度和值班安排的记录。",
            "《中华人民共和国政府信息公开条例》第十六条第一款、第三十六条第三项",
            "该信息属于后勤管理方面的内部事务信息，不对外产生影响。",
        ),
        D::RefusedDeliberativeProcess => (
            "经检索，您申请的信息是本机关履职过程中形成的讨论记录，相关事项尚未作出决定。",
            "《中华人民共和国政府信息公开条例》第十六条第二款、第三十六条第三项",
            "该信息属于讨论记录，公开会影响正常的讨论和决策，且没有法律、法规、规章规定应当公开。",
        ),
        D::RefusedEnforcementFile => (
            "经检索，您申请的信息是行政处罚案件卷宗中的询问笔录和现场检查记录。",
            "《中华人民共和国政府信息公开条例》第十六条第二款、第三十六条第三项",
            "该信息属于行政执法案卷信息，且没有法律、法规、规章规定应当公开。",
        ),
        D::RefusedAdministrativeInquiry => (
            "经核实，您申请的信息是不动产登记资料。",
            "《中华人民共和国政府信息公开条例》第三十六条第七项",
            "有关法律、行政法规对不动产登记资料的获取有特别规定。",
        ),
        D::UnavailableNotHeld => (
            "本机关于2026年3月3日至6日以“农村饮水”“巩固提升”“验收”为关键词，检索了办公自动化系统、档案室2024年至2026年的案卷目录，并向工程管理股核实，均未检索到您申请的信息。",
            "《中华人民共和国政府信息公开条例》第三十六条第四项",
            "该工程由乡镇人民政府组织验收，本机关没有制作或者获取验收报告。",
        ),
        D::UnavailableNotResponsible => (
            "经核实，您申请的信息由云岭县水务局制作。",
            "《中华人民共和国政府信息公开条例》第三十六条第五项",
            "行政机关制作的政府信息，由制作该政府信息的行政机关负责公开。",
        ),
        D::UnavailableRequiresCreation => (
            "经检索，本机关没有您要求的按村汇总的逐户用水统计表。",
            "《中华人民共和国政府信息公开条例》第三十八条",
            "提供该统计表需要本机关对现有政府信息进行加工、分析。",
        ),
        D::UnavailableStillUnclear => (
            "您于2026年3月12日提交的补正材料仍未写明所需信息的名称、文号或者其他特征性描述。",
            "《中华人民共和国政府信息公开条例》第三十条",
            "补正后的申请内容不能指向特定的政府信息，本机关无法据以检索和提供。",
        ),
        D::DeclinedPetitionOrComplaint => (
            "您的申请要求本机关查处某施工单位并答复处理结果。",
            "《中华人民共和国政府信息公开条例》第三十九条第一款",
            "您以政府信息公开申请的形式进行投诉、举报。",
        ),
        D::DeclinedRepeatRequest => (
            "经核实，您此前已就相同内容提出申请，本机关已经作出答复。",
            "《中华人民共和国政府信息公开条例》第三十六条第六项",
            "行政机关已就申请人提出的政府信息公开申请作出答复，申请人重复申请公开相同政府信息。",
        ),
        D::DeclinedPublicPublication => (
            "经核实，您要求提供的是公开出版发行的年鉴。",
            "《中华人民共和国政府信息公开条例》第三十九条第二款",
            "公开出版物可以从出版发行单位或者查阅场所取得，不需要由行政机关提供。",
        ),
        D::DeclinedExcessiveRequests => (
            "本机关于2026年3月4日要求您说明理由。",
            "《中华人民共和国政府信息公开条例》第三十五条",
            "申请的数量、频次明显超过合理范围，说明的理由不合理。",
        ),
        D::DeclinedConfirmOrReissue => (
            "经核实，您已于2025年11月获取该文件，本次要求本机关在复印件上确认其真实性。",
            "",
            "对已经获取的政府信息进行确认或者重新出具，不属于政府信息公开申请的范围。",
        ),
        D::OtherCorrectionLapsed => ("", "《中华人民共和国政府信息公开条例》第三十条", ""),
        D::OtherFeeUnpaid => ("", "《政府信息公开信息处理费管理办法》（国办函〔2020〕109号）第六条", ""),
        D::OtherOther => (
            "您于同日就同一内容提交了2026-0032号和2026-0033号两件申请。",
            "",
            "两件申请内容相同，合并办理可以减少重复答复。",
        ),
    }
}

/// One of the many requests of the sample applicant who asks too often.
const NOTICES: &str = "2026年2月云岭县水务局印发的会议通知";

const REGULATION_36_2: &str = "《中华人民共和国政府信息公开条例》第三十六条第二项";

/// What is asked where the decision says so; elsewhere it is the common sample.
fn asked(decision: Decision) -> Option<&'static str> {
    use Decision as D;
    Some(match decision {
        D::RefusedStateSecret => "云岭县2025年人民防空工程建设计划",
        D::RefusedProhibitedByLaw => "2025年度云岭县规模以上工业企业填报的统计调查表",
        D::RefusedSecurityStability => "云岭县县城供水水源地坐标和应急处置力量的部署方案",
        D::RefusedThirdPartyRights => "云岭县清源供水有限公司2025年度的经营成本和报价资料",
        D::RefusedInternalAffairs => "云岭县人民政府办公室2025年车辆调度和值班安排记录",
        D::RefusedDeliberativeProcess => "2026年度农村供水价格调整的讨论记录",
        D::RefusedEnforcementFile => "清溪路某食品店行政处罚案件的询问笔录和现场检查记录",
        D::RefusedAdministrativeInquiry => "云岭县清溪路18号房屋的不动产登记资料",
        D::UnavailableNotHeld => "云岭县2025年农村饮水安全巩固提升工程的验收报告",
        D::UnavailableRequiresCreation => "按村汇总的2025年农村饮水工程逐户用水统计表",
        D::UnavailableStillUnclear => "有关工程的全部材料",
        D::DeclinedPetitionOrComplaint => "查处农村饮水工程施工单位转包行为，并书面答复处理结果",
        D::DeclinedPublicPublication => "《云岭年鉴（2025）》",
        D::DeclinedExcessiveRequests => NOTICES,
        D::DeclinedConfirmOrReissue => {
            "在《云岭县2025年农村饮水安全巩固提升工程资金安排方案》复印件上确认其真实性"
        }
        _ => return None,
    })
}
