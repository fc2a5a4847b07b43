//! `docs/spec-map.csv` names columns that exist.

use testkit::TestDb;

#[tokio::test]
async fn every_mapped_column_exists() {
    let db = TestDb::new().await;
    let mut tx = db.db.system("a test lists columns").await.unwrap();
    let query = "select table_name || '.' || column_name from information_schema.columns where table_schema = 'public'";
    let columns: Vec<String> = sqlx::query_scalar(query).fetch_all(tx.conn()).await.unwrap();
    let map = include_str!("../../../../docs/spec-map.csv");
    let mut mapped = 0;
    for line in map.lines().skip(1) {
        let target = line.split(',').nth(3).unwrap_or_default();
        for column in target.split('|').filter(|column| *column != "-") {
            assert!(columns.iter().any(|known| known == column), "{line}");
            mapped += 1;
        }
    }
    assert!(mapped >= 98, "{mapped}");
}
