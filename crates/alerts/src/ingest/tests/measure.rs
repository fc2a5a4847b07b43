use std::{sync::Arc, time::Instant};
use futures::future::join_all;
use testkit::TestDb;
use crate::ingest::{batcher::{Batcher, Limits, Request}, generic, reader::Reader};
use serde_json::json;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn measure() {
    let db = TestDb::new().await;
    let org = db.org("acme").await;
    let batcher = Arc::new(Batcher::new(db.db.clone(), Limits::default()));
    for (clients, per, rounds) in [(8usize, 1usize, 150usize), (32, 1, 60), (8, 50, 10)] {
        for groups in ["own", "one"] {
        let started = Instant::now();
        let mut lat: Vec<f64> = join_all((0..clients).map(|c| { let (b, org) = (batcher.clone(), org.clone()); tokio::spawn(async move {
            let mut lat = vec![];
            for r in 0..rounds {
                let body = json!((0..per).map(|i| json!({"title": "Instance is down", "severity":"high","fingerprint": format!("{clients}-{per}-{groups}-{c}-{r}-{i}"), "group_key": if groups == "own" { format!("{clients}-{per}-{c}-{r}-{i}") } else { "g".to_string() }, "labels": {"alertname":"InstanceDown","instance":"a:9100","job":"node","severity":"critical","cluster":"eu-1","namespace":"shop"}, "annotations": {"summary":"Instance a is down","description":"x".repeat(400)}})).collect::<Vec<_>>()).to_string();
                let t = Instant::now();
                let parsed = generic::parse(body.as_bytes(), Reader::new(testkit::start_of_time()), None).unwrap();
                b.submit(Request { scope: org.caller().scope(), signals: parsed.signals, bytes: body.len() }).await.unwrap();
                lat.push(t.elapsed().as_secs_f64() * 1e3);
            }
            lat
        }) })).await.into_iter().flat_map(|r| r.unwrap()).collect();
        let s = started.elapsed().as_secs_f64();
        lat.sort_by(f64::total_cmp);
        println!("clients {clients} x {per} {groups}: {:.0} alerts/s p50 {:.2} p99 {:.2} ms", (clients*per*rounds) as f64 / s, lat[lat.len()/2], lat[lat.len()*99/100]);
        }
    }
}
