//! The API in process, with a fixed clock and seeded randomness: what is served, to whom, and in which form.

#![allow(clippy::unwrap_used, missing_docs, reason = "a test may fail")]

mod support;

use axum::body::Body;
use axum::http::{Method, Request, header};
use jiff::civil::date;
use serde_json::{Value, json};
use server::Settings;
use support::{Door, PASSWORD};

fn decided(on: &str, version: u64) -> Value {
    json!({ "version": version, "on": on,
        "event": { "type": "decided", "decision": "granted", "number": "示公开〔2021〕1号", "reasons": "" } })
}

/// Proposed by the officer, reviewed and signed by another; the version after it.
async fn approved(door: &Door, path: &str, cookie: &str, on: &str, version: u64) -> u64 {
    let draft =
        json!({ "decision": "granted", "basis": ["条例第三十六条第二项"], "provided": "提供纸质复印件1份" });
    let event = |version: u64, event: Value| json!({ "version": version, "on": on, "event": event });
    let chain = door.sign_in("chain").await;
    let drafted = json!({ "type": "drafted", "draft": draft, "chain": [] });
    let mut version = version;
    let steps = ["secrecy", "legality", "signing"]
        .map(|step| (&chain[..], json!({ "type": "reviewed", "step": step, "passed": true })));
    for (cookie, change) in std::iter::once((cookie, drafted)).chain(steps) {
        let answer = door.post(&format!("{path}/changes"), cookie, event(version, change)).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        version = answer.json()["version"].as_u64().unwrap();
    }
    version
}

#[tokio::test]
async fn a_session_begins_with_the_right_password_and_ends_when_told() {
    let door = Door::new().await;
    let wrong = door.post("/api/v1/session", "", json!({ "login": "officer", "password": "no" })).await;
    assert_eq!((wrong.status.as_u16(), wrong.json()["code"].as_str()), (400, Some("invalid")));
    let unknown = door.post("/api/v1/session", "", json!({ "login": "nobody", "password": "no" })).await;
    assert_eq!(unknown.json()["title"], wrong.json()["title"], "a name is not given away");

    let body = json!({ "login": "officer", "password": PASSWORD });
    let answer = door.post("/api/v1/session", "", body).await;
    assert_eq!(answer.json()["roles"], json!(["officer"]));
    let cookie = answer.header(header::SET_COOKIE);
    assert!(cookie.contains("; HttpOnly") && cookie.contains("; SameSite=Lax") && !cookie.contains("Secure"));
    let cookie = cookie.split(';').next().unwrap().to_owned();

    let who = door.get("/api/v1/session", &cookie).await;
    assert_eq!((who.status.as_u16(), who.json()["name"].as_str()), (200, Some("样例officer")));
    assert_eq!(who.header(header::CACHE_CONTROL), "private, no-store");
    let out = door.ask(Method::DELETE, "/api/v1/session", &cookie, None, &[]).await;
    assert_eq!(out.status, 204);
    assert!(out.header(header::SET_COOKIE).contains("Max-Age=0"));
    assert_eq!(door.get("/api/v1/session", &cookie).await.status, 401);
}

#[tokio::test]
async fn a_session_ends_after_half_an_hour_without_use() {
    let door = Door::new().await;
    let cookie = door.sign_in("officer").await;
    let start = door.clock.now();
    door.clock.set(start + jiff::SignedDuration::from_mins(29));
    assert_eq!(door.get("/api/v1/requests", &cookie).await.status, 200);
    door.clock.set(start + jiff::SignedDuration::from_mins(29 + 30));
    assert_eq!(door.get("/api/v1/requests", &cookie).await.status, 401);
}

#[tokio::test]
async fn behind_https_the_cookie_is_bound_to_host_and_https() {
    let public_url = Some("https://gk.example.gov.cn".to_owned());
    let door = Door::with(Settings { public_url, ..Settings::default() }).await;
    let body = json!({ "login": "officer", "password": PASSWORD });
    let answer = door.post("/api/v1/session", "", body).await;
    let cookie = answer.header(header::SET_COOKIE);
    assert!(
        cookie.starts_with("__Host-gongkai=") && cookie.contains("; Secure") && cookie.contains("; Path=/;")
    );
    assert!(answer.header(header::STRICT_TRANSPORT_SECURITY).starts_with("max-age="));
}

#[tokio::test]
async fn an_address_that_tries_too_often_must_wait() {
    let door = Door::new().await;
    let body = json!({ "login": "nobody", "password": "guess" });
    let mut statuses = Vec::new();
    for _ in 0..21 {
        statuses.push(door.post("/api/v1/session", "", body.clone()).await);
    }
    assert!(statuses[..20].iter().all(|a| a.status == 400));
    let last = &statuses[20];
    assert_eq!((last.status.as_u16(), last.json()["code"].as_str()), (429, Some("too-many-attempts")));
    assert!(last.json()["title"].as_str().unwrap().contains("一分钟后"));
}

#[tokio::test]
async fn whoever_is_not_signed_in_sees_public_things_only() {
    let door = Door::new().await;
    for path in ["/api/v1/units", "/api/v1/reports", "/api/v1/calendar/2020", "/api/v1/openapi.json"] {
        assert_eq!(door.get(path, "").await.status, 200, "{path}");
    }
    let id = door.county.office;
    for (method, path) in server::api::SERVED {
        let public = ["/units", "/reports", "/reports/{unit}/{year}/{scope}", "/clock", "/fee", "/session"]
            .iter()
            .any(|p| path.strip_prefix("/api/v1") == Some(p));
        if *method != "get" || public || path.contains("calendar") || *path == "/api/v1/public/documents" {
            continue;
        }
        let path = path
            .replace("{id}", &id.to_string())
            .replace("{unit}", "sx-office")
            .replace("{year}", "2020")
            .replace("{scope}", "own")
            .replace("{cell}", "requests.new_requests.total");
        let answer = door.get(&path, "").await;
        // Personal data and dockets of others: the existence of an id is not told either.
        assert!(matches!(answer.status.as_u16(), 401 | 404), "{path}: {}", answer.status);
        assert_eq!(answer.header(header::CONTENT_TYPE), "application/problem+json", "{path}");
        assert_eq!(answer.header(header::CACHE_CONTROL), "private, no-store", "{path}");
    }
    let new = json!({ "arrived_on": "2021-01-04", "channel": "counter", "addressee": id,
        "class": "natural_person", "subject": "样例" });
    assert_eq!(door.post("/api/v1/requests", "", new).await.status, 401);
}

#[tokio::test]
async fn a_request_is_registered_explained_decided_and_served() {
    let door = Door::new().await;
    let cookie = door.sign_in("officer").await;
    let new = json!({ "arrived_on": "2021-01-04", "channel": "internet", "addressee": door.county.office,
        "class": "natural_person", "subject": "样例：某路改造的批复",
        "applicant": { "name": "样本甲", "phone": "000" } });
    let made = door.post("/api/v1/requests", &cookie, new).await;
    assert_eq!(made.status, 201, "{}", made.text());
    let made = made.json();
    assert_eq!(made["number"], Value::Null, "not received before both sides confirmed");
    let path = format!("/api/v1/requests/{}", made["id"].as_str().unwrap());

    let confirmed =
        json!({ "version": made["version"], "on": "2021-01-05", "event": { "type": "confirmed" } });
    let version = door.post(&format!("{path}/changes"), &cookie, confirmed).await.json()["version"].clone();
    let one = door.get(&path, &cookie).await.json();
    assert_eq!(one["version"], version);
    assert_eq!(one["request"]["number"], "2021-00001");
    assert_eq!(
        (one["due"]["due"].as_str(), one["due"]["provisional"].as_bool()),
        (Some("2021-02-02"), Some(false))
    );
    assert!(
        one["due"]["because"].as_array().unwrap().iter().any(|s| s["citation"] == "条例第三十三条"),
        "{one}"
    );
    let next = one["next"].as_array().unwrap();
    assert!(next.contains(&json!("drafted")) && !next.contains(&json!("decided")), "{one}");
    assert!(!one.to_string().contains("样本甲"), "personal data only where asked for");

    let person = door.get(&format!("{path}/applicant"), &cookie).await;
    assert_eq!((person.status.as_u16(), person.json()["name"].as_str()), (200, Some("样本甲")));

    let version = version.as_u64().unwrap();
    let early = door.post(&format!("{path}/changes"), &cookie, decided("2021-01-12", version)).await;
    assert_eq!(
        (early.status.as_u16(), early.text().contains("not-drafted")),
        (422, true),
        "{}",
        early.text()
    );
    let version = approved(&door, &path, &cookie, "2021-01-12", version).await;
    let decision = door.post(&format!("{path}/changes"), &cookie, decided("2021-01-12", version)).await;
    assert_eq!(decision.status, 200, "{}", decision.text());
    let served = json!({ "version": decision.json()["version"], "on": "2021-01-13",
        "event": { "type": "served", "method": "post" } });
    let served = door.post(&format!("{path}/changes"), &cookie, served).await;
    assert_eq!(served.status, 200, "{}", served.text());
    let one = door.get(&path, &cookie).await.json();
    assert_eq!(
        (one["request"]["finished_on"].as_str(), one["request"]["row"].as_str()),
        (Some("2021-01-13"), Some("granted"))
    );
    let history = one["history"].as_array().unwrap();
    assert_eq!(history.len() as u64, one["version"].as_u64().unwrap());
    assert_eq!(history[0]["event"]["type"], "arrived");
    assert!(history[0]["actor"].as_str().unwrap().contains("样例officer"));
}

#[tokio::test]
async fn the_second_of_two_officers_is_told_and_nothing_is_lost() {
    let mut door = Door::new().await;
    let (id, version) = door.county.request(date(2021, 1, 4), "样例").await;
    let cookie = door.sign_in("officer").await;
    let path = format!("/api/v1/requests/{id}/changes");
    let note = |text: &str| json!({ "version": version, "on": "2021-01-05", "event": { "type": "searched", "note": text } });
    assert_eq!(door.post(&path, &cookie, note("档案室")).await.status, 200);
    let second = door.post(&path, &cookie, note("信息系统")).await;
    assert_eq!((second.status.as_u16(), second.json()["code"].as_str()), (409, Some("conflict")));
    assert!(second.json()["title"].as_str().unwrap().contains("刷新"), "{}", second.text());
    let one = door.get(&format!("/api/v1/requests/{id}"), &cookie).await.json();
    assert_eq!(one["version"], json!(version + 1));
    let notes: Vec<&Value> = one["history"].as_array().unwrap().iter().map(|h| &h["event"]["note"]).collect();
    assert!(notes.contains(&&json!("档案室")) && !notes.contains(&&json!("信息系统")));
}

#[tokio::test]
async fn every_reason_is_given_at_once_with_its_article() {
    let mut door = Door::new().await;
    let (id, version) = door.county.request(date(2021, 1, 4), "样例").await;
    let cookie = door.sign_in("officer").await;
    let too_long = json!({ "version": version, "on": "2021-01-05",
        "event": { "type": "extended", "days": 21, "approved_by": "", "reason": "" } });
    let answer = door.post(&format!("/api/v1/requests/{id}/changes"), &cookie, too_long).await;
    let body = answer.json();
    assert_eq!((answer.status.as_u16(), body["code"].as_str()), (422, Some("refused")), "{body}");
    let refusals = body["refusals"].as_array().unwrap();
    assert!(refusals.iter().any(|r| r["citation"].as_str().unwrap().contains("第三十三条")), "{body}");
    assert!(
        refusals
            .iter()
            .all(|r| !r["code"].as_str().unwrap().is_empty() && !r["text"].as_str().unwrap().is_empty())
    );
    let one = door.get(&format!("/api/v1/requests/{id}"), &cookie).await.json();
    assert_eq!(one["version"], json!(version), "nothing was written");
}

#[tokio::test]
async fn the_same_key_does_the_work_once() {
    let door = Door::new().await;
    let cookie = door.sign_in("officer").await;
    let new = json!({ "arrived_on": "2021-01-04", "channel": "counter", "addressee": door.county.office,
        "class": "natural_person", "subject": "样例" });
    let mut answers = Vec::new();
    for key in ["k-1", "k-1", "k-2"] {
        let answer = door
            .ask(Method::POST, "/api/v1/requests", &cookie, Some(new.clone()), &[("idempotency-key", key)])
            .await;
        assert_eq!(answer.status, 201, "{}", answer.text());
        answers.push(answer.json());
    }
    assert_eq!(answers[0], answers[1]);
    assert_ne!(answers[0]["id"], answers[2]["id"]);
    let list = door.get("/api/v1/requests", &cookie).await.json();
    assert_eq!(list["items"].as_array().unwrap().len(), 2);
    let bad =
        door.ask(Method::POST, "/api/v1/requests", &cookie, Some(new), &[("idempotency-key", "a b")]).await;
    assert_eq!(bad.status, 400);
}

#[tokio::test]
async fn a_list_is_read_page_by_page_without_loss_or_repeat() {
    let mut door = Door::new().await;
    for day in 1..=7 {
        door.county.request(date(2021, 1, 4 + day % 3), &format!("样例{day}")).await;
    }
    let cookie = door.sign_in("officer").await;
    let mut seen = Vec::new();
    let mut path = "/api/v1/requests?limit=3&unit=sx-office".to_owned();
    for _ in 0..5 {
        let page = door.get(&path, &cookie).await.json();
        let items = page["items"].as_array().unwrap();
        seen.extend(items.iter().map(|i| i["subject"].as_str().unwrap().to_owned()));
        match page["next"].as_str() {
            Some(next) => path = format!("/api/v1/requests?limit=3&unit=sx-office&after={next}"),
            None => break,
        }
    }
    assert_eq!(seen.len(), 7);
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 7);
    assert_eq!(door.get("/api/v1/requests?limit=0", &cookie).await.status, 400);
    assert_eq!(door.get("/api/v1/requests?after=x", &cookie).await.status, 400);
    assert_eq!(door.get("/api/v1/requests?unit=没有", &cookie).await.status.as_u16() / 100, 4);
}

#[tokio::test]
async fn documents_disputes_and_figures_go_the_same_way() {
    let door = Door::new().await;
    let cookie = door.sign_in("officer").await;
    let office = door.county.office;
    for (register, new, change, field) in [
        (
            "documents",
            json!({ "on": "2021-01-04", "counted_by": office, "category": "official", "title": "样例通知",
                "attribute": "proactive" }),
            json!({ "version": 1, "on": "2021-01-06", "event": { "type": "disclosed", "url": null } }),
            "document",
        ),
        (
            "disputes",
            json!({ "on": "2021-01-04", "unit": office, "block": "reconsideration", "number": "样例1号",
                "body": "示例市人民政府" }),
            json!({ "version": 1, "on": "2021-01-06", "event": { "type": "accepted" } }),
            "dispute",
        ),
        (
            "corrections",
            json!({ "on": "2021-01-04", "unit": office, "channel": "counter", "class": "natural_person",
                "record": "样例登记表", "wrong": "年份应为2019年", "evidence": "样例证明",
                "applicant": { "name": "样例甲" } }),
            json!({ "version": 1, "on": "2021-01-06", "event": { "type": "decided", "outcome": "corrected",
                "facts": "样例" } }),
            "correction",
        ),
        (
            "figures",
            json!({ "unit": office, "year": 2020, "key": "proactive.licensing.decisions", "amount": 3,
                "measure": "件", "source": "样例系统" }),
            json!({ "version": 1, "on": "2021-01-15", "corrects": 1, "reason": "录入有误" }),
            "figure",
        ),
    ] {
        let made = door.post(&format!("/api/v1/{register}"), &cookie, new).await;
        assert_eq!(made.status, 201, "{register}: {}", made.text());
        let path = format!("/api/v1/{register}/{}", made.json()["id"].as_str().unwrap());
        assert_eq!(door.get(&path, &cookie).await.json()["version"], 1, "{register}");
        let list = door.get(&format!("/api/v1/{register}?unit=sx-office"), &cookie).await.json();
        assert_eq!(list["items"].as_array().unwrap().len(), 1, "{register}");
        let changed = door.post(&format!("{path}/changes"), &cookie, change).await;
        assert_eq!(
            (changed.status.as_u16(), changed.json()["version"].as_u64()),
            (200, Some(2)),
            "{register}"
        );
        let one = door.get(&path, &cookie).await.json();
        assert_eq!(one["history"].as_array().unwrap().len(), 2, "{register}");
        assert_eq!(one[field].is_null(), register == "figures", "{register}: a voided figure is gone");
    }
}

#[tokio::test]
async fn units_are_public_facts_and_changed_by_the_administrator_only() {
    let door = Door::new().await;
    let units = door.get("/api/v1/units", "").await.json();
    let codes: Vec<&str> = units.as_array().unwrap().iter().map(|u| u["code"].as_str().unwrap()).collect();
    assert_eq!(codes, ["sx", "sx-health", "sx-office"]);
    let new = json!({ "on": "2021-01-04", "code": "sx-edu", "name": "示例县教育局", "short_name": "县教育局",
        "kind": "department", "level": "county", "parent": door.county.government });
    let officer = door.sign_in("officer").await;
    assert_eq!(door.post("/api/v1/units", &officer, new.clone()).await.status, 403);
    let admin = door.sign_in("admin").await;
    let made = door.post("/api/v1/units", &admin, new).await;
    assert_eq!(made.status, 201, "{}", made.text());
    let renamed = json!({ "version": 1, "on": "2021-01-05",
        "event": { "type": "renamed", "name": "示例县教育体育局", "short_name": "县教体局" } });
    let path = format!("/api/v1/units/{}/changes", made.json()["id"].as_str().unwrap());
    assert_eq!(door.post(&path, &admin, renamed).await.status, 200);
    assert_eq!(door.get("/api/v1/units/sx-edu", &admin).await.json()["unit"]["name"], "示例县教育体育局");
}

#[tokio::test]
async fn a_report_opens_its_cells_and_is_not_published_with_an_error() {
    let mut door = Door::new().await;
    door.county.request(date(2020, 6, 1), "样例").await;
    door.county.document(date(2020, 3, 2), "样例通知").await;
    let cookie = door.sign_in("officer").await;
    let base = "/api/v1/reports/sx-office/2020/own";
    let built = door.get(&format!("{base}/build"), &cookie).await.json();
    assert_eq!((built["form"].as_str(), built["year"].as_i64()), (Some("2019"), Some(2020)));
    assert_eq!(built["cells"]["requests.new_requests.natural_person"], 1);
    let cell = door.get(&format!("{base}/cells/requests.new_requests.natural_person"), &cookie).await.json();
    assert_eq!((cell["value"].as_i64(), cell["records"].as_array().unwrap().len()), (Some(1), 1));
    let total = door.get(&format!("{base}/cells/requests.new_requests.total"), &cookie).await.json();
    assert!(!total["parts"].as_array().unwrap().is_empty(), "{total}");
    let before = door.get(&format!("{base}/build?as_of=2020-05-01T00:00:00Z"), &cookie).await.json();
    assert_eq!(before["cells"]["requests.new_requests.natural_person"], 0);
    for (path, status) in [
        (format!("{base}/cells/requests.none"), 404),
        ("/api/v1/reports/nobody/2020/own/build".to_owned(), 404),
        ("/api/v1/reports/sx-office/1999/own/build".to_owned(), 404),
        ("/api/v1/reports/sx-office/2020/theirs/build".to_owned(), 404),
    ] {
        let answer = door.get(&path, &cookie).await;
        assert_eq!(answer.status, status, "{path}: {}", answer.text());
    }

    let begun = door.post("/api/v1/drafts", &cookie, json!({ "unit": "sx-office", "year": 2020 })).await;
    assert_eq!(begun.status, 201, "{}", begun.text());
    let path = format!("/api/v1/drafts/{}", begun.json()["id"].as_str().unwrap());
    let actions = format!("{path}/actions");
    let malformed = json!({ "type": "edit-text", "part": "overview", "text": "引用{{没有这个}}。" });
    let malformed = door.post(&actions, &cookie, json!({ "version": 1, "action": malformed })).await;
    assert_eq!(malformed.status, 422, "{}", malformed.text());
    // Nobody entered this figure, so the text cannot be printed.
    let edit = json!({ "type": "edit-text", "part": "overview", "text": "受理{{hotline.received}}件。" });
    let edited = door.post(&actions, &cookie, json!({ "version": 1, "action": edit })).await;
    assert_eq!(edited.json()["version"], 2, "{}", edited.text());
    let view = door.get(&path, &cookie).await.json();
    assert!(view["built"]["findings"].as_array().unwrap().iter().any(|f| f["blocks"] == true), "{view}");
    assert_eq!(view["deadline"]["due"], "2021-01-31");

    let (reviewer, head) = (door.sign_in("reviewer").await, door.sign_in("head").await);
    let note = |kind: &str| json!({ "type": kind, "note": "同意" });
    let review = door.post(&actions, &reviewer, json!({ "version": 2, "action": note("review") })).await;
    assert_eq!(review.status, 200, "{}", review.text());
    let approve = door.post(&actions, &head, json!({ "version": 3, "action": note("approve") })).await;
    assert_eq!(approve.status, 200, "{}", approve.text());
    let publish = json!({ "version": 4, "action": { "type": "publish" } });
    assert_eq!(
        door.post(&actions, &cookie, publish.clone()).await.status,
        403,
        "an officer does not publish"
    );
    let refused = door.post(&actions, &head, publish).await;
    assert_eq!(refused.status, 422, "{}", refused.text());
    assert_eq!(refused.json()["refusals"][0]["code"], "finding", "{}", refused.text());
    assert_eq!(door.get("/api/v1/reports", "").await.json(), json!([]));
    assert_eq!(door.get("/api/v1/reports/sx-office/2020/own", "").await.status, 404);
}

#[tokio::test]
async fn the_rules_answer_everybody() {
    let door = Door::new().await;
    assert_eq!(door.get("/api/v1/calendar/2020", "").await.json()["working_days"], 249);
    assert_eq!(door.get("/api/v1/calendar/2020-01-15/add/20", "").await.json()["on"], "2020-02-19");
    let clock = door.get("/api/v1/clock?received=2024-02-05&consult=2024-02-21..2024-03-06", "").await.json();
    assert_eq!(clock["due"], "2024-03-22");
    let fee = door.get("/api/v1/fee?basis=requests&count=30&on=2021-02-01", "").await.json();
    assert_eq!(fee["yuan"], 2000);
    for (path, status) in [
        ("/api/v1/calendar/2040", 404),
        ("/api/v1/calendar/none", 404),
        ("/api/v1/calendar/2020-13-15/add/20", 404),
        ("/api/v1/clock?received=2024-02-05&consult=x", 400),
        ("/api/v1/clock?received=x", 400),
        ("/api/v1/clock?received=2024-02-05&extend=21", 422),
        ("/api/v1/fee?basis=weight&count=1", 400),
    ] {
        let answer = door.get(path, "").await;
        assert_eq!(answer.status, status, "{path}: {}", answer.text());
        assert!(!answer.json()["title"].as_str().unwrap().is_empty(), "{path}");
    }
}

#[tokio::test]
async fn public_answers_are_asked_for_again_by_their_tag_and_private_ones_never_stored() {
    let mut door = Door::new().await;
    let first = door.get("/api/v1/units", "").await;
    assert_eq!(first.header(header::CACHE_CONTROL), "public, max-age=0, must-revalidate");
    let tag = first.header(header::ETAG).to_owned();
    assert!(tag.starts_with('"') && tag.len() > 10, "{tag}");
    let again = door.ask(Method::GET, "/api/v1/units", "", None, &[("if-none-match", &tag)]).await;
    assert_eq!((again.status.as_u16(), again.body.len()), (304, 0));
    assert_eq!(again.header(header::ETAG), tag);
    let head = door.ask(Method::HEAD, "/api/v1/units", "", None, &[]).await;
    assert_eq!(
        (head.status.as_u16(), head.header(header::ETAG)),
        (200, ""),
        "no tag of a body that is not there"
    );
    let zipped = door.ask(Method::GET, "/api/v1/units", "", None, &[("accept-encoding", "gzip")]).await;
    assert_eq!(zipped.header(header::CONTENT_ENCODING), "gzip");
    assert_ne!(zipped.header(header::ETAG), tag, "other bytes, other tag");
    let on = date(2021, 1, 4);
    let ctx = door.county.operator(on);
    let closed = service::Change::event(on, law::docket::unit::UnitEvent::Closed { successor: None });
    let bureau = door.county.bureau;
    door.county.service.change_unit(ctx, bureau, 1, closed).await.unwrap();
    let changed = door.ask(Method::GET, "/api/v1/units", "", None, &[("if-none-match", &tag)]).await;
    assert_eq!(changed.status, 200);
    let cookie = door.sign_in("officer").await;
    assert_eq!(door.get("/api/v1/units", &cookie).await.header(header::CACHE_CONTROL), "private, no-store");
}

#[tokio::test]
async fn a_request_that_another_site_made_the_browser_send_is_refused() {
    let door = Door::new().await;
    let cookie = door.sign_in("officer").await;
    let new = json!({ "arrived_on": "2021-01-04", "channel": "counter", "addressee": door.county.office,
        "class": "natural_person", "subject": "样例" });
    let tries: [(&[(&str, &str)], u16); 7] = [
        (&[("sec-fetch-site", "cross-site")], 403),
        (&[("sec-fetch-site", "same-site")], 403),
        (&[("origin", "https://evil.example"), ("host", "gk.example")], 403),
        (&[("origin", "null"), ("host", "gk.example")], 403),
        (&[("sec-fetch-site", "same-origin")], 201),
        (&[("origin", "http://gk.example"), ("host", "gk.example")], 201),
        (&[], 201),
    ];
    for (headers, status) in tries {
        let answer = door.ask(Method::POST, "/api/v1/requests", &cookie, Some(new.clone()), headers).await;
        assert_eq!(answer.status, status, "{headers:?}: {}", answer.text());
        if status == 403 {
            assert_eq!(answer.json()["code"], "cross-site");
        }
    }
}

#[tokio::test]
async fn every_answer_carries_the_security_headers() {
    let door = Door::new().await;
    for path in ["/api/v1/units", "/api/v1/none", "/none", "/api/v1/requests"] {
        let answer = door.get(path, "").await;
        let policy = answer.header(header::CONTENT_SECURITY_POLICY);
        assert!(policy.contains("frame-ancestors 'none'") && !policy.contains("unsafe"), "{path}: {policy}");
        assert_eq!(answer.header(header::X_CONTENT_TYPE_OPTIONS), "nosniff", "{path}");
        assert_eq!(answer.header(header::REFERRER_POLICY), "same-origin", "{path}");
    }
}

#[tokio::test]
async fn what_the_framework_refuses_is_a_problem_or_a_page_in_chinese() {
    let door = Door::new().await;
    let cookie = door.sign_in("officer").await;
    let missing = door.get("/api/v1/none", "").await;
    assert_eq!((missing.status.as_u16(), missing.json()["code"].as_str()), (404, Some("no-such-address")));
    let method = door.ask(Method::PUT, "/api/v1/units", "", None, &[]).await;
    assert_eq!((method.status.as_u16(), method.json()["code"].as_str()), (405, Some("wrong-method")));
    assert!(!method.header(header::ALLOW).is_empty());
    let page = door.get("/none", "").await;
    assert_eq!(page.status, 404);
    assert!(
        page.header(header::CONTENT_TYPE).starts_with("text/html") && page.text().contains("没有这个页面")
    );

    let send = |body: Vec<u8>, kind: &'static str| {
        let request = Request::post("/api/v1/requests")
            .header(header::COOKIE, &cookie)
            .header(header::CONTENT_TYPE, kind)
            .body(Body::from(body))
            .unwrap();
        door.send(request)
    };
    let large = send(vec![b' '; 2 << 20], "application/json").await;
    assert_eq!((large.status.as_u16(), large.json()["code"].as_str()), (413, Some("too-large")));
    for (body, kind) in [
        (&b"{"[..], "application/json"),
        (b"{}", "application/json"),
        (b"{\"arrived_on\":\"2021-02-30\"}", "application/json"),
        (b"a=1", "application/x-www-form-urlencoded"),
    ] {
        let answer = send(body.to_vec(), kind).await;
        assert_eq!(
            (answer.status.as_u16(), answer.json()["code"].as_str()),
            (400, Some("invalid")),
            "{body:?}"
        );
    }
}

#[test]
fn the_openapi_document_is_the_agreed_one() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/openapi");
    let mut whole: Value = serde_json::from_str(&server::api::text()).unwrap();
    let schemas = whole["components"]["schemas"].take();
    let paths = whole["paths"].take();
    for (name, part) in [("paths", paths), ("schemas", schemas), ("rest", whole)] {
        let golden = folder.join(format!("{name}.json"));
        let now = serde_json::to_string_pretty(&part).unwrap() + "\n";
        if std::env::var_os("GONGKAI_GOLDEN").is_some() {
            std::fs::write(&golden, &now).unwrap();
        }
        let agreed = std::fs::read_to_string(&golden).unwrap_or_default();
        assert!(
            now == agreed,
            "{name}: the API changed: look at the difference after `GONGKAI_GOLDEN=1 cargo test -p server --test api`, \
             and commit it"
        );
    }
}
