//! Forms and an envelope of invented authorities.

use law::applicant::ApplicantClass;
use law::docket::request::{Carrier, Delivery, ServiceMethod, Wanted};
use law::receipt::Channel;
use law::review::Step;
use paper::envelope::Envelope;
use paper::sheet::{Applicant, Opinion, PaymentSlip, RegistrationForm, ReviewSheet, ServiceSlip, Sheet};

const ISSUER: &str = "云岭县人民政府办公室";

pub fn slip() -> ServiceSlip {
    ServiceSlip {
        issuer: ISSUER.into(),
        request: "2026-0032".into(),
        recipient: "林知远".into(),
        documents: vec!["政府信息部分公开告知书".into(), "云政公开〔2026〕15号".into()],
        method: Some(ServiceMethod::Post),
        place: "云岭县清溪路18号".into(),
        mail_number: "XA12345678900".into(),
        mailed_on: Some(law::date(2026, 3, 20)),
        note: String::new(),
        printed_on: law::date(2026, 3, 20),
    }
}

pub fn registration() -> RegistrationForm {
    RegistrationForm {
        issuer: ISSUER.into(),
        number: "2026-0032".into(),
        class: Some(ApplicantClass::CommercialEnterprise),
        applicant: Applicant {
            name: "昇堃垚喆镕科技发展（云岭）有限责任公司".into(),
            document_number: "91140500MA0000000X".into(),
            head: "林知远".into(),
            contact: "何清".into(),
            phone: "000-20000009".into(),
            email: "office@example.invalid".into(),
            address: "云岭县清溪路18号".into(),
            postcode: "000000".into(),
            ..Applicant::default()
        },
        content: "云岭县2025年农村饮水安全巩固提升工程的资金安排文件和验收报告".into(),
        wanted: Wanted {
            delivery: vec![Delivery::Post, Delivery::Email],
            carrier: Some(Carrier::Paper),
            other_way: true,
        },
        channel: Some(Channel::RegisteredMail),
        asked_on: Some(law::date(2026, 2, 25)),
        received_on: Some(law::date(2026, 2, 27)),
        due_on: Some(law::date(2026, 3, 27)),
        provisional: false,
        registrar: "何清".into(),
        note: String::new(),
        printed_on: law::date(2026, 2, 27),
    }
}

pub fn empty_registration() -> RegistrationForm {
    RegistrationForm {
        number: String::new(),
        class: None,
        applicant: Applicant::default(),
        content: String::new(),
        wanted: Wanted::default(),
        channel: None,
        asked_on: None,
        received_on: None,
        due_on: None,
        provisional: false,
        registrar: String::new(),
        ..registration()
    }
}

pub fn review() -> ReviewSheet {
    ReviewSheet {
        issuer: ISSUER.into(),
        request: "2026-0032".into(),
        applicant: "林知远".into(),
        received_on: Some(law::date(2026, 2, 27)),
        due_on: Some(law::date(2026, 3, 27)),
        provisional: false,
        content: "云岭县2025年农村饮水安全巩固提升工程的资金安排文件和验收报告".into(),
        handling: "3月3日至6日检索办公自动化系统和档案室；3月5日征求第三方意见，3月11日收到书面意见。".into(),
        decision: "部分公开（政府信息部分公开告知书）".into(),
        basis: "《中华人民共和国政府信息公开条例》第三十七条、第十四条、第十五条".into(),
        unit: "政务公开室".into(),
        officer: "何清".into(),
        proposal: Opinion {
            text: "拟区分处理，公开资金安排方案和验收报告第1至12页。".into(),
            by: "何清".into(),
            on: Some(law::date(2026, 3, 12)),
        },
        review: vec![
            (
                Step::Secrecy,
                Opinion {
                    text: "不涉及国家秘密，第13至15页可能危及公共安全，不宜公开。".into(),
                    by: "周砚".into(),
                    on: Some(law::date(2026, 3, 13)),
                },
            ),
            (Step::Legality, Opinion::default()),
            (Step::WorkingBody, Opinion::default()),
            (Step::Signing, Opinion::default()),
        ],
        printed_on: law::date(2026, 3, 13),
    }
}

pub fn payment() -> PaymentSlip {
    let account = [("收款单位", "国家金库云岭县支库"), ("收款账号", "0000 1111 2222 3333")];
    PaymentSlip {
        issuer: ISSUER.into(),
        request: "2026-0032".into(),
        payer: "林知远".into(),
        content: "云岭县2025年农村饮水安全巩固提升工程的资金安排文件和验收报告".into(),
        yuan: 4700,
        counted: "按量计收，共250页".into(),
        basis: "《政府信息公开信息处理费管理办法》\n（国办函〔2020〕109号第五条）".into(),
        notice: "云政公开〔2026〕13号".into(),
        noticed_on: law::date(2026, 3, 20),
        pay_by: Some(law::date(2026, 4, 20)),
        provisional: false,
        way: String::new(),
        account: account.map(|(label, text)| (label.to_owned(), text.to_owned())).into(),
        printed_on: law::date(2026, 3, 20),
    }
}

pub fn envelope() -> Envelope {
    Envelope {
        postcode: "000000".into(),
        address: "山海省云岭县清溪路18号清溪花园3幢2单元1201室".into(),
        name: "林知远".into(),
        mark: Envelope::ANSWER.into(),
        reference: "云政公开〔2026〕15号".into(),
        sender: ISSUER.into(),
        sender_address: "云岭县人民路1号".into(),
        sender_postcode: "000001".into(),
        printed_on: law::date(2026, 3, 20),
    }
}

/// Every form with the name of its files.
pub fn sheets() -> Vec<(&'static str, Sheet)> {
    vec![
        ("service-slip", slip().sheet()),
        ("registration-form", registration().sheet()),
        ("registration-form-empty", empty_registration().sheet()),
        ("review-sheet", review().sheet()),
        ("payment-slip", payment().sheet()),
    ]
}
