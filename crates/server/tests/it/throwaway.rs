//! A domain that is thrown away, declared as docs/adding-a-domain.md says: one declaration and one line, and all of it is there. It is no crate
//! and has no file of migrations, so what looks at sources, manifests and pages does not see it.

use axum::{Json, extract::State};
use chrono::TimeDelta;
use kernel::Result;
use platform::{
    App,
    domain::{Domain, Table},
    http::{Answer, Body, CanIn, Routes},
    jobs::{NewJob, Outcome, run_due},
    record::Change,
    routes,
    secrets::Keyring,
    settings::{self, AnySetting, Setting},
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use server::{
    http::{event_catalogue, router},
    process::{compose, settings::Settings},
};
use testkit::{TestClient, TestDb};
use utoipa::ToSchema;

kernel::ids! {
    /// What somebody saw when they looked out of the window.
    ReportId
}

platform::permissions! {
    pub PERMISSIONS {
        /// Report the weather.
        WeatherWrite = "weather:write", for Workers;
    }
}

platform::events! {
    /// What happens to the weather.
    pub REPORTS, about "report", for WeatherWrite {
        /// Somebody looked out of the window.
        WeatherReported: Change<Report> = "report.made.v1",
    }
}

const TABLES: &[Table] = &[Table::plain("weather_reports")];
const DAYS: Setting<u32> = Setting {
    key: "weather.forecast_days",
    title: "Forecasts",
    help: "How far they look.",
    unit: "days",
    default: 1,
    bounds: (1, 14),
    over: None,
};
const SETTINGS: &[&dyn AnySetting] = &[&DAYS];
const FORECAST: &str = "make_forecast";
/// Its migration.
const MIGRATION: &str =
    "create table weather_reports (org_id uuid not null, id uuid not null, sky text not null, forecast text,
        constraint weather_reports_pkey primary key (org_id, id));
    call isolate_tenant('weather_reports')";

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Report {
    sky: String,
}

#[derive(Serialize, Deserialize)]
struct MakeForecast {
    report_id: ReportId,
}

/// Report the weather
#[utoipa::path(post, path = "/api/v1/weather", operation_id = "report_weather", tag = "weather", request_body = Report,
    responses((status = 200, body = ReportId)))]
async fn report_weather(
    State(app): State<App>,
    caller: CanIn<WeatherWrite>,
    Body(report): Body<Report>,
) -> Answer<Json<ReportId>> {
    let mut tx = caller.tx(&app.db).await?;
    let (org, report_id) = (tx.org(), ReportId::new(tx.now()));
    sqlx::query("insert into weather_reports (org_id, id, sky) values ($1, $2, $3)")
        .bind(org)
        .bind(report_id)
        .bind(&report.sky)
        .execute(tx.conn())
        .await
        .map_err(kernel::Error::from)?;
    tx.record::<WeatherReported, _>((report_id.uuid(), None), Change::to(report)).await?;
    tx.enqueue(NewJob { queue: "weather", ..NewJob::of(FORECAST, &MakeForecast { report_id })? }).await?;
    tx.commit().await?;
    Ok(Json(report_id))
}

/// What the weather brings.
fn domain(app: &App) -> Domain {
    let mut domain = Domain {
        api: Routes::new().routes(routes!(report_weather)).with_state(app.clone()),
        queues: &["weather"],
        events: &[REPORTS],
        permissions: PERMISSIONS,
        settings: SETTINGS,
        tables: TABLES,
        ..Domain::new("weather")
    };
    domain.jobs.add(FORECAST, async |args: MakeForecast, job: platform::jobs::JobContext| {
        let mut tx = job.finishing_tx().await?;
        let days = settings::read(&mut tx, &DAYS).await?;
        let (org, query) =
            (tx.org(), "update weather_reports set forecast = $3 where org_id = $1 and id = $2");
        let forecast = format!("the same for {days} days");
        let done = sqlx::query(query).bind(org).bind(args.report_id).bind(forecast).execute(tx.conn()).await;
        done.map_err(kernel::Error::from)?;
        job.finish(tx).await?;
        Ok(Outcome::Done)
    });
    domain.cron.every(TimeDelta::hours(1), "forget_old_weather", async |db| {
        let mut tx = db.system("old weather is nobody's").await?;
        sqlx::query("delete from weather_reports").execute(tx.conn()).await?;
        tx.commit().await
    });
    domain
}

/// The product, and one line.
fn domains(settings: &Settings, app: &App) -> Result<(compose::Shared, Vec<Domain>)> {
    let (shared, mut plugged) = compose::domains(settings, app)?;
    plugged.push(domain(app));
    Ok((shared, plugged))
}

#[tokio::test]
async fn a_domain_that_is_plugged_in_by_one_line_has_routes_rights_events_jobs_settings_and_tasks() {
    let db = TestDb::new().await;
    let mut tx = db.db.system("a test migrates").await.unwrap();
    sqlx::raw_sql(MIGRATION).execute(tx.conn()).await.unwrap();
    tx.commit().await.unwrap();
    let settings = Settings::defaults().unwrap();
    let keyring = Keyring::new(&[Keyring::generate()]).unwrap();
    let metrics = metrics_exporter_prometheus::PrometheusBuilder::new().build_recorder().handle();
    let product = compose::compose_of(&settings, db.db.clone(), keyring, metrics, domains).unwrap();
    let app = router::build(&settings, &product).unwrap();

    // The document and the pages.
    let document = serde_json::to_value(router::openapi(&product)).unwrap();
    assert_eq!(document["paths"]["/api/v1/weather"]["post"]["x-permission"]["name"], "weather:write");
    assert!(document["webhooks"]["report.made.v1"].is_object());
    assert!(event_catalogue::page(&product.events).contains("`report.made.v1`"));
    assert!(product.queues.contains("weather") && product.tables.contains(&("weather", TABLES[0])));

    // Rights, through a token and its role.
    tenancy::admin::create_org(&product.app, "acme", "Acme").await.unwrap();
    let client = async |role: &str| {
        let request = tenancy::admin::TokenRequest {
            name: role,
            role: role.parse().unwrap(),
            scopes: vec![tenancy::TokenScope::Api],
            node: None,
            expires_at: None,
        };
        let token = tenancy::admin::create_token(&product.app, "acme", request).await.unwrap();
        TestClient::bare(app.clone()).with_header("authorization", &format!("Bearer {}", token.expose()))
    };
    let report = json!({ "sky": "grey" });
    client("viewer").await.post("/api/v1/weather", report.clone()).await.problem(403);
    let member = client("member").await;
    let me = member.get("/api/v1/me").await.expect(200);
    assert!(me["permissions"].as_array().unwrap().contains(&json!("weather:write")), "{me}");
    member.post("/api/v1/weather", report).await.expect(200);

    // What an organization sets.
    let (admin, days) = (client("admin").await, "/api/v1/settings/weather.forecast_days");
    assert_eq!(admin.get(days).await.expect(200)["value"], 1);
    admin.put(days, json!({ "value": 15 })).await.problem(422);
    admin.put(days, json!({ "value": 5 })).await.expect(200);

    // The record, the job in its queue, the task.
    let told = async |query: &'static str| {
        let mut tx = db.db.system("a test counts").await.unwrap();
        sqlx::query_scalar::<_, i64>(query).fetch_one(tx.conn()).await.unwrap()
    };
    assert_eq!(told("select count(*) from event_log where kind = 'report.made.v1'").await, 1);
    assert_eq!(told("select count(*) from audit_logs where action = 'report.made'").await, 1);
    assert_eq!(run_due(&db.db, &product.registry).await.unwrap(), 1);
    assert_eq!(told("select count(*) from weather_reports where forecast = 'the same for 5 days'").await, 1);
    product.cron.fire_due(&db.db).await;
    assert_eq!(told("select count(*) from weather_reports").await, 0);
}
