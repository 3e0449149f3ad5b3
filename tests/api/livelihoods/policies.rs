//! Policy documents: their files, by whom they are seen, and how they are published.

use actix_web::{http::Method, test::TestRequest};
use serde_json::{Value, json};
use terrace::{
    db::files,
    domain::{
        Id,
        codes::Role,
        digest::{hex, sha256},
    },
};

use super::{Land, VILLAGE, unknown, until};
use crate::{
    on_both,
    support::{Actor, Reply, livelihoods as made},
    trade::{fault, parts, refused, with},
};

fn pdf(words: &str) -> Vec<u8> {
    format!("%PDF-1.4\n% 模拟 {words}\n%%EOF\n").into_bytes()
}

/// An archive of empty files with these names.
fn zip(names: &[&str]) -> Vec<u8> {
    let (mut bytes, mut directory) = (Vec::new(), Vec::new());
    for name in names {
        let (at, length) = (u32::try_from(bytes.len()).unwrap(), u16::try_from(name.len()).unwrap());
        bytes.extend(b"PK\x03\x04\x14\0\0\0\0\0\0\0\0\0");
        bytes.extend([0; 12]);
        bytes.extend(length.to_le_bytes());
        bytes.extend([0; 2]);
        bytes.extend(name.as_bytes());
        directory.extend(b"PK\x01\x02\x14\0\x14\0\0\0\0\0\0\0\0\0");
        directory.extend([0; 12]);
        directory.extend(length.to_le_bytes());
        directory.extend([0; 12]);
        directory.extend(at.to_le_bytes());
        directory.extend(name.as_bytes());
    }
    let (count, start) = (u16::try_from(names.len()).unwrap(), u32::try_from(bytes.len()).unwrap());
    let size = u32::try_from(directory.len()).unwrap();
    bytes.extend(directory);
    bytes.extend(b"PK\x05\x06\0\0\0\0");
    bytes.extend([count.to_le_bytes(), count.to_le_bytes()].concat());
    bytes.extend([size.to_le_bytes(), start.to_le_bytes()].concat());
    bytes.extend([0; 2]);
    bytes
}

/// Brings a file to a document, whatever comes of it.
async fn bring(land: &Land, who: &Actor, document: Id, version: Option<i64>, content: &[u8]) -> Reply {
    let path = format!("/api/v1/policy-documents/{document}/file");
    let mut request = TestRequest::with_uri(&path).method(Method::PUT).peer_addr("192.0.2.1:5000".parse().unwrap());
    request = request.insert_header(("authorization", format!("Bearer {}", who.token.clone().unwrap())));
    request = request.insert_header(("content-type", "application/octet-stream"));
    if let Some(version) = version {
        request = request.insert_header(("if-match", format!("\"{version}\"")));
    }
    land.app.send(request.set_payload(content.to_vec())).await
}

/// The file of a document, as somebody gets it.
async fn file(land: &Land, who: &Actor, document: Id) -> Reply {
    land.app.get(who, &format!("/api/v1/policy-documents/{document}/file")).await
}

on_both! {
    /// What was entered is answered, found by topic, number of days and point, and written anew as a whole.
    async fn a_document_is_kept(app: TestApp) {
        let land = Land::new(app).await;
        let body = made::policy(land.id("c1"));
        let document = land.post("policy-documents", &body).await.expect(201).json();
        let mut right = with(body.clone(), json!({ "version": 1 }));
        for field in ["id", "ends_on", "note", "file", "created_at", "updated_at"] {
            right[field] = document[field].clone();
        }
        assert_eq!((&document, &document["file"]), (&right, &Value::Null));
        let id = document["id"].as_str().unwrap().parse().unwrap();
        for (filter, n) in [
            ("kind=logistics".to_owned(), 1), ("kind=funding".to_owned(), 0), ("from=2020-05-01&to=2020-05-01".to_owned(), 1), ("to=2020-04-30".to_owned(), 0),
            ("on=2020-04-30".to_owned(), 0), ("on=2026-11-24".to_owned(), 1), (format!("service_point_id={}", land.id("c2")), 0),
        ] {
            assert_eq!(land.count(&format!("policy-documents?{filter}")).await, n, "{filter}");
        }
        for (fields, pointer, code) in [
            (json!({ "topic": "weather" }), "/topic", "unknown_code"), (json!({ "issued_on": "2026-11-25" }), "/issued_on", "in_future"),
            (json!({ "ends_on": "2020-04-30" }), "/ends_on", "before_from"), (json!({ "number": "" }), "/number", "length"),
        ] {
            fault(&land.post("policy-documents", &with(body.clone(), fields)).await, pointer, code);
        }
        // It may be set to lapse in time to come.
        let edited = land.put("policy-documents", id, 1, &until(&body, "2030-12-31")).await.expect(200).json();
        assert_eq!([&edited["ends_on"], &edited["version"]], [&json!("2030-12-31"), &json!(2)]);
    }

    /// In force from the day of issue to the last day, by topic; issued in the period, also if it has lapsed since.
    async fn documents_are_counted(app: TestApp) {
        let land = Land::later(app, 70).await;
        let of = |point: &str, topic: &str, issued: &str| with(made::policy(land.id(point)), json!({ "topic": topic, "issued_on": issued }));
        let body = of("c1", "logistics", "2026-11-10");
        let document = land.enter("policy-documents", &body).await;
        land.enter("policy-documents", &until(&of("b", "funding", "2026-12-01"), "2026-12-30")).await;
        land.enter("policy-documents", &until(&of("b", "funding", "2026-12-31"), "2027-01-31")).await;
        for (period, standing, issued) in [
            ("2026-10", [0, 0], [0, 0]), ("2026-11", [1, 1], [1, 1]), ("2026-12", [2, 1], [2, 0]), ("2026-Q4", [2, 1], [3, 1]), ("2026", [2, 1], [3, 1]),
            ("2027-01", [2, 1], [0, 0]), ("2027-02", [1, 1], [0, 0]), ("all", [1, 1], [3, 1]),
        ] {
            let both = async |metric: &str| [land.total("b", period, metric).await, land.total("c1", period, metric).await];
            assert_eq!((both("policy_documents").await, both("policy_documents_issued").await), (standing, issued), "{period}");
        }
        let topics = parts(&land.figures("b", "2026-12", "policy_documents").await, "by_type", "type");
        assert_eq!(topics, [("funding".to_owned(), 1), ("logistics".to_owned(), 1)]);
        land.put("policy-documents", document, 1, &with(until(&body, "2026-12-30"), json!({ "topic": "brand" }))).await.expect(200);
        let topics = parts(&land.figures("b", "2026-12", "policy_documents").await, "by_type", "type");
        assert_eq!(topics, [("funding".to_owned(), 1)]);
        assert_eq!([land.rows("b", "2026-12", "policy_documents").await, land.rows("b", "2026", "policy_documents_issued").await], [1, 3]);
        land.counted_right();
    }

    /// A file comes back byte for byte, is kept once for all documents that have it, and in the place of the one before.
    async fn a_file_is_kept_and_handed_over(app: TestApp) {
        let land = Land::new(app).await;
        let (first, second) = (land.enter("policy-documents", &made::policy(land.id("c1"))).await, land.enter("policy-documents", &made::policy(land.id("b"))).await);
        let worker = land.app.actor(&[(Role::Worker, land.id(VILLAGE))]);
        assert_eq!(file(&land, &worker, first).await.status, 404, "it has none yet");
        let content = [pdf("一"), vec![0, 255, 13, 10, 0]].concat();
        refused(&bring(&land, &land.clerk, first, None, &content).await, 428, "version.required");
        refused(&bring(&land, &land.clerk, first, Some(2), &content).await, 412, "version.stale");
        let at_county = land.app.actor(&[(Role::Worker, land.id("c1"))]);
        for (who, status) in [(&worker, 404), (&at_county, 403)] {
            assert_eq!(bring(&land, who, first, Some(1), &content).await.status, status, "who keeps no catalogues brings no file");
        }
        let brought = bring(&land, &land.clerk, first, Some(1), &content).await.expect(200);
        assert_eq!(brought.header("etag"), Some("\"2\""));
        let digest = hex(&sha256(&content));
        assert_eq!((&brought.json()["file"], &brought.json()["version"]), (&json!({ "digest": digest, "media_type": "application/pdf" }), &json!(2)));
        let told = file(&land, &worker, first).await.expect(200);
        assert_eq!(told.body, content);
        let named = format!("attachment; filename=\"{}.pdf\"", &digest[..16]);
        let headers = ["content-type", "content-disposition", "x-content-type-options"].map(|name| told.header(name).unwrap_or_default());
        assert_eq!(headers, ["application/pdf", named.as_str(), "nosniff"]);
        // The same content at another document lies there once.
        bring(&land, &land.clerk, second, Some(1), &content).await.expect(200);
        assert_eq!(files::digests(&mut land.app.conn()).unwrap(), std::slice::from_ref(&digest));
        // An edit keeps the file, another file takes its place, and the other document keeps its own.
        let edited = land.put("policy-documents", first, 2, &with(made::policy(land.id("c1")), json!({ "name": "模拟新名" }))).await.expect(200).json();
        assert_eq!(edited["file"]["digest"], json!(digest));
        let other = pdf("二");
        refused(&bring(&land, &land.clerk, first, Some(2), &other).await, 412, "version.stale");
        bring(&land, &land.clerk, first, Some(3), &other).await.expect(200);
        assert_eq!(file(&land, &worker, first).await.body, other);
        assert_eq!(file(&land, &land.clerk, second).await.body, content);
        assert_eq!(files::digests(&mut land.app.conn()).unwrap().len(), 2, "what was there is kept for whoever audits");
        for stranger in [first, second] {
            let other = land.app.actor(&[(Role::Worker, land.id("c2t1v1"))]);
            let status = if stranger == first { 404 } else { 200 };
            assert_eq!(file(&land, &other, stranger).await.status, status, "a county's is seen in the county, the bureau's everywhere");
        }
        assert_eq!(file(&land, &land.clerk, land.product).await.status, 404);
        assert_eq!(bring(&land, &land.clerk, land.product, Some(1), &content).await.status, 404);
        let elsewhere = land.app.actor(&[(Role::Manager, land.id("c2"))]);
        for document in [first, second] {
            assert_eq!(bring(&land, &elsewhere, document, Some(2), &content).await.status, 404, "what it does not keep it does not change");
        }
    }

    /// PDF, PNG and JPEG, as the content shows; whatever else it says it is. What is published is not for editing.
    async fn other_kinds_of_files_are_refused(app: TestApp) {
        let land = Land::new(app).await;
        let document = land.enter("policy-documents", &made::policy(land.id("b"))).await;
        let wrong: [(&str, Vec<u8>); 9] = [
            ("nothing", Vec::new()), ("text", "模拟文本".into()), ("a page", b"<!DOCTYPE html><html><script>1</script></html>".to_vec()),
            ("a programme", b"MZ\x90\0\x03\0\0\0".to_vec()), ("a picture that moves", b"GIF89a\x01\0\x01\0".to_vec()), ("an archive", zip(&["a.txt"])),
            ("a text to edit", zip(&["[Content_Types].xml", "_rels/.rels", "word/document.xml"])),
            ("a table", zip(&["[Content_Types].xml", "_rels/.rels", "xl/workbook.xml", "xl/styles.xml"])), ("half a signature", b"%PD".to_vec()),
        ];
        for (name, content) in wrong {
            let reply = bring(&land, &land.clerk, document, Some(1), &content).await;
            assert_eq!((reply.status, reply.faults()), (422, vec![(String::new(), "file_type".to_owned())]), "{name}: {}", reply.text());
        }
        assert_eq!(files::digests(&mut land.app.conn()).unwrap(), Vec::<String>::new());
        let right: [(&str, Vec<u8>, &str); 3] = [
            ("application/pdf", pdf("三"), "pdf"), ("image/png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec(), "png"),
            ("image/jpeg", b"\xff\xd8\xff\xe0\0\x10JFIF\0".to_vec(), "jpeg"),
        ];
        for (at, (media_type, content, ending)) in right.into_iter().enumerate() {
            let brought = bring(&land, &land.clerk, document, Some(i64::try_from(at).unwrap() + 1), &content).await.expect(200).json();
            assert_eq!(brought["file"]["media_type"], media_type, "{at}");
            let told = file(&land, &land.clerk, document).await.expect(200);
            assert_eq!((told.header("content-type"), &told.body), (Some(media_type), &content), "{at}");
            assert!(told.header("content-disposition").unwrap().ends_with(&format!(".{ending}\"")), "{at}");
        }
    }

    /// Ten mebibytes are taken, a byte more is not.
    async fn a_file_is_not_too_large(app: TestApp) {
        let land = Land::new(app).await;
        let document = land.enter("policy-documents", &made::policy(land.id("b"))).await;
        let mut content = pdf("四");
        content.resize(10 * 1024 * 1024 + 1, b'0');
        refused(&bring(&land, &land.clerk, document, Some(1), &content).await, 413, "request.too_large");
        assert_eq!(land.get("policy-documents", document).await["file"], Value::Null);
        content.pop();
        bring(&land, &land.clerk, document, Some(1), &content).await.expect(200);
        assert!(file(&land, &land.clerk, document).await.expect(200).body == content, "not byte for byte");
    }

    /// An announcement that names a document publishes it down its subtree, where everybody finds the document, and tells who has read.
    async fn a_document_is_published(app: TestApp) {
        let land = Land::new(app).await;
        let [own, above, theirs] = ["c1", "b", "c2"].map(|point| made::policy(land.id(point)));
        let [own, above, theirs] = [land.enter("policy-documents", &own).await, land.enter("policy-documents", &above).await, land.enter("policy-documents", &theirs).await];
        bring(&land, &land.clerk, own, Some(1), &pdf("五")).await.expect(200);
        let manager = land.app.actor(&[(Role::Manager, land.id("c1"))]);
        let announce = |point: &str, document: Id| json!({ "service_point_id": land.id(point), "title": "模拟通知", "body": "模拟正文", "policy_document_id": document });
        let send = async |who: &Actor, body: &Value| land.app.post(who, "/api/v1/announcements", body).await;
        unknown(&send(&manager, &announce("c1", theirs)).await, "/policy_document_id");
        unknown(&send(&manager, &announce("c1", land.product)).await, "/policy_document_id");
        unknown(&send(&manager, &announce("c1", land.app.edge.new_id())).await, "/policy_document_id");
        // Who sees both counties' documents publishes neither in the other county, nor a county's everywhere.
        fault(&send(&land.clerk, &announce("c1t1", theirs)).await, "/policy_document_id", "not_kept_above");
        fault(&send(&land.clerk, &announce("b", own)).await, "/policy_document_id", "not_kept_above");
        let made = send(&manager, &announce("c1", own)).await.expect(201).json();
        assert_eq!(made["policy_document_id"], json!(own));
        let other = send(&manager, &announce("c1t1", above)).await.expect(201).json();
        let id = made["id"].as_str().unwrap();

        let worker = land.app.actor(&[(Role::Worker, land.id(VILLAGE))]);
        let seen = land.app.all_pages(&worker, "/api/v1/notices?kind=announcement", 5).await;
        let mut documents: Vec<Value> = seen.iter().map(|notice| notice["policy_document_id"].clone()).collect();
        documents.sort_by_key(Value::to_string);
        let mut right = vec![json!(own), json!(above)];
        right.sort_by_key(Value::to_string);
        assert_eq!(documents, right);
        assert_eq!(file(&land, &worker, own).await.expect(200).body, pdf("五"));
        let receipts = async |id: &str| {
            let told = land.app.get(&manager, &format!("/api/v1/announcements/{id}/receipts")).await.expect(200).json();
            (told["read"].as_i64().unwrap(), told["of"].as_i64().unwrap())
        };
        assert_eq!(receipts(id).await, (0, 7));
        for _ in 0..2 {
            land.app.request(&worker, Method::POST, &format!("/api/v1/notices/{id}/read"), None, &[]).await.expect(200);
        }
        assert_eq!([receipts(id).await, receipts(other["id"].as_str().unwrap()).await], [(1, 7), (0, 3)]);
        let readers = land.app.all_pages(&manager, &format!("/api/v1/announcements/{id}/readers"), 5).await;
        assert_eq!((readers.len(), &readers[0]["service_point_id"]), (1, &json!(land.id(VILLAGE))));
        let found = async |document: Id| land.count(&format!("announcements?policy_document_id={document}")).await;
        assert_eq!([found(own).await, found(above).await, found(theirs).await], [1, 1, 0]);
        let stranger = land.app.actor(&[(Role::Worker, land.id("c2t1v1"))]);
        assert_eq!(land.app.all_pages(&stranger, "/api/v1/notices?kind=announcement", 5).await.len(), 0);
    }
}
