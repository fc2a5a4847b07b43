//! Periodic tasks as people and the operator see them.

use crate::{
    fleet::{Fleet, PRESENT},
    product::TestProduct,
};

#[tokio::test]
async fn people_see_how_each_periodic_task_went_and_the_operator_also_why_it_failed() {
    let product = TestProduct::new().await;
    let viewer = product.member("acme", "admin").await;
    product.product.cron.fire_due(&product.db.db).await;
    let mut tx = product.db.db.system("a test has a task fail").await.unwrap();
    let query = "update cron_tasks set last_outcome = 'failed', last_error = 'a secret', failures = 1
        where name = 'sweep_runs'";
    sqlx::query(query).execute(tx.conn()).await.unwrap();
    tx.commit().await.unwrap();

    let listed = viewer.client.get("/api/v1/jobs/cron").await.expect(200);
    let tasks = listed["items"].as_array().unwrap();
    assert_eq!(tasks.len(), product.product.cron.names().count());
    let outcome =
        |name: &str| tasks.iter().find(|task| task["name"] == name).unwrap()["last_outcome"].clone();
    assert_eq!(
        (outcome("sweep_runs"), outcome("maintain_partitions")),
        ("failed".into(), "succeeded".into())
    );
    let hourly = tasks.iter().find(|task| task["name"] == "maintain_partitions").unwrap();
    assert_eq!((hourly["period"].as_f64(), hourly["running_since"].is_null()), (Some(3600.0), true));
    assert!(!listed.to_string().contains("a secret"));

    let fleet = Fleet::over(product.db);
    let said = tokio::task::spawn_blocking(move || fleet.run(PRESENT, &["cron"])).await.unwrap();
    let line = said.lines().find(|line| line.starts_with("sweep_runs")).unwrap();
    assert!(line.contains("failed") && line.ends_with("a secret"), "{said}");
}
