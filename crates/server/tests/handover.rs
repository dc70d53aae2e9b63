//! 工单交接 through the doors: a ticket of 12345 comes in by API and by desk, and a matter goes out.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test that fails should say where")]

mod support;

use axum::body::Body;
use axum::http::{Request, header};
use serde_json::{Value, json};
use service::Role;
use support::{Answer, Door};

fn ticket(number: &str) -> Value {
    json!({
        "system": "hotline", "ticket": number, "source": "电话", "accepted_on": "2021-01-12",
        "handed_over_on": "2021-01-13", "title": "想要某项目的批复文件", "content": "想要某项目的批复文件，2020年的",
        "agency": "sx-office", "class": "natural_person",
        "caller": { "name": "样本甲", "phone": "00012345678" },
    })
}

async fn form(door: &Door, path: &str, cookie: &str, pairs: &[(&str, &str)]) -> Answer {
    let escape = |text: &str| text.bytes().map(|b| format!("%{b:02X}")).collect::<String>();
    let body: Vec<String> = pairs.iter().map(|(n, v)| format!("{}={}", escape(n), escape(v))).collect();
    let request = Request::post(path)
        .header(header::COOKIE, cookie)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    door.send(request.body(Body::from(body.join("&"))).unwrap()).await
}

async fn upload(door: &Door, cookie: &str, content: &[u8]) -> Answer {
    let mut body =
        b"--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.json\"\r\n\r\n".to_vec();
    body.extend(content);
    body.extend(b"\r\n--x--\r\n");
    let request = Request::post("/desk/requests/ticket")
        .header(header::COOKIE, cookie)
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=x");
    door.send(request.body(Body::from(body)).unwrap()).await
}

#[tokio::test]
async fn a_ticket_comes_in_once_and_its_file_goes_out() {
    let mut door = Door::new().await;
    door.county.account("supervisor", None, &[Role::Supervisor]).await;
    let officer = door.sign_in("officer").await;
    let supervisor = door.sign_in("supervisor").await;
    let path = "/api/v1/tickets";
    assert_eq!(door.post(path, "", ticket("17")).await.status, 401);
    assert_eq!(door.post(path, &supervisor, ticket("17")).await.status, 403);

    let first = door.post(path, &officer, ticket("17")).await;
    assert_eq!(first.status, 201, "{}", first.text());
    let first = first.json();
    assert_eq!((first["number"].as_str(), &first["before"]), (Some("2021-00001"), &Value::Null));
    let again = door.post(path, &officer, ticket("17")).await;
    assert_eq!(again.status, 200, "{}", again.text());
    let again = again.json();
    assert_eq!(again["id"], first["id"]);
    assert!(again["before"].as_str().unwrap().contains("已经由示例县人民政府办公室登记为申请2021-00001"));

    // What is wrong is said, whole.
    for (name, value, expected) in [
        ("system", json!("110"), "工单来自哪个系统"),
        ("ticket", json!(""), "工单编号"),
        ("class", Value::Null, "申请人类别"),
        ("agency", json!("没有"), "没有"),
        ("tiket", json!("18"), "接口说明"),
    ] {
        let mut wrong = ticket("18");
        wrong[name] = value;
        let refused = door.post(path, &officer, wrong).await;
        assert!(refused.status.is_client_error(), "{name}: {}", refused.text());
        assert!(refused.text().contains(expected), "{name}: {}", refused.text());
    }

    let docket = format!("/api/v1/requests/{}", first["id"].as_str().unwrap());
    let event = &door.get(&docket, &officer).await.json()["history"][1]["event"];
    assert_eq!(
        event,
        &json!({ "type": "handed-in", "system": "hotline", "number": "17",
        "note": "来源渠道：电话；受理日期：2021-01-12" })
    );
    let file = door.get(&format!("{docket}/ticket"), &officer).await.json();
    assert_eq!((&file["ticket"], &file["caller"]["name"]), (&json!("17"), &json!("样本甲")));
    assert_eq!(file["request"]["received_on"], "2021-01-13");
    let bare = door.get(&format!("{docket}/ticket"), &supervisor).await.json();
    assert_eq!((&bare["ticket"], &bare["caller"]), (&json!("17"), &Value::Null));
    // What goes out comes in again elsewhere.
    let back = upload(&door, &officer, file.to_string().as_bytes()).await;
    assert_eq!(back.status, 200, "{}", back.text());
    assert!(back.text().contains("样本甲"));
}

#[tokio::test]
async fn the_desk_fills_its_form_from_the_file_and_the_officer_registers() {
    let door = Door::new().await;
    let officer = door.sign_in("officer").await;
    let page = door.get("/desk/requests/new", &officer).await.text();
    assert!(page.contains("action=\"/desk/requests/ticket\"") && page.contains("转来的工单"), "{page}");
    for (content, expected) in [
        (&b""[..], "请选择转办文件"),
        (b"<html>", "不是转办文件"),
        (br#"{"system":"hotline","ticket":"17","agency":"nobody"}"#, "nobody"),
        (br#"{"ticket":"17"}"#, "工单来自哪个系统"),
    ] {
        let refused = upload(&door, &officer, content).await;
        assert_eq!(refused.status, 422, "{}", refused.text());
        assert!(refused.text().contains(expected), "{expected}: {}", refused.text());
    }
    let filled = upload(&door, &officer, ticket("17").to_string().as_bytes()).await;
    assert_eq!(filled.status, 200, "{}", filled.text());
    for part in ["value=\"17\"", "value=\"样本甲\"", "value=\"2021-01-13\"", "尚未登记", "国办函〔2025〕66号"]
    {
        assert!(filled.text().contains(part), "{part}: {}", filled.text());
    }
    assert!(door.get("/api/v1/requests", &officer).await.json()["items"].as_array().unwrap().is_empty());

    let office = door.county.office.to_string();
    let typed = [
        ("on", "2021-01-13"),
        ("channel", "transfer"),
        ("addressee", office.as_str()),
        ("counted_by", office.as_str()),
        ("class", "natural_person"),
        ("subject", "某项目的批复文件"),
        ("ticket_system", "hotline"),
        ("ticket_number", "17"),
        ("person_name", "样本甲"),
    ];
    let made = form(&door, "/desk/requests/new", &officer, &typed).await;
    assert_eq!(made.status, 303, "{}", made.text());
    let at = made.header(header::LOCATION).split('?').next().unwrap().to_owned();
    let case = door.get(&at, &officer).await.text();
    assert!(case.contains("12345政务服务便民热线，工单编号17，2021年1月13日"), "{case}");
    assert!(!case.contains("/record/handed-out"));
    let file = door.get(&format!("{at}/ticket"), &officer).await;
    assert!(file.header(header::CONTENT_DISPOSITION).starts_with("attachment"));
    assert_eq!(file.header(header::CACHE_CONTROL), "private, no-store");

    // Another officer has the same ticket in hand, or half of one.
    let mut other = typed.to_vec();
    other[5].1 = "同一工单";
    let refused = form(&door, "/desk/requests/new", &officer, &other).await;
    assert_eq!(refused.status, 422, "{}", refused.text());
    assert!(refused.text().contains("登记为申请2021-00001，请在该申请中办理"), "{}", refused.text());
    other[6].1 = "";
    let refused = form(&door, "/desk/requests/new", &officer, &other).await;
    assert!(refused.text().contains("请选择工单来自哪个系统"), "{}", refused.text());

    // Not before the decision, by whatever door.
    let early = [("on", "2021-01-14"), ("version", "3"), ("system", "hotline"), ("number", "17")];
    let early = form(&door, &format!("{at}/record/handed-out"), &officer, &early).await;
    assert_eq!(early.status, 422, "{}", early.text());
    assert!(early.text().contains("尚未作出决定") && early.text().contains("第三十九条"), "{}", early.text());
}
