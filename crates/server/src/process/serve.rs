//! `steward serve` and `steward worker`: a process from start to end.

use std::{net::SocketAddr, time::Duration};

use axum::Router;
use kernel::{Error, Result, Secret};
use platform::{
    db::{Db, Disk, Work, exchange_hints, make_partitions, watch_over},
    jobs, key_check, telemetry,
};
use tokio::{net::TcpListener, runtime::Runtime, task::JoinSet};
use tokio_util::sync::CancellationToken;

use crate::{
    http::{
        health::{self, Health},
        router,
    },
    process::{
        compose::{self, Product},
        connections::{self, Connections},
        database::{self, Running},
        keeper, keys,
        settings::{Database, LogFormat, Logging, Settings},
    },
};

/// What a process does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Duty {
    All,
    Http,
    Jobs,
}

/// Serves until SIGINT or SIGTERM; then lets requests end, hands jobs back and stops the embedded database.
pub fn run(settings: Settings, duty: Duty) -> Result<()> {
    settings.check()?;
    let telemetry = telemetry::init(&telemetry_options(&settings.logging))?;
    let _unlogged = settings.redactor();
    let mut running = database::start(&settings.database)?;
    let served = runtime().and_then(|runtime| {
        let keyring = keys::open(&settings.keys, &settings.database)?;
        let served = runtime.block_on(async {
            let connections = settings.database.database_connections;
            let db = database::connect(running.url.clone(), connections, crate::reactions::subscriptions())
                .await?;
            let keyring = keys::with_pepper(keyring, &settings.keys, &db).await?;
            key_check::compare(&db, &keyring).await?;
            let product = compose::compose(&settings, db, keyring, telemetry.metrics.clone())?;
            serve(&settings, duty, product, &mut running).await
        });
        runtime.shutdown_timeout(Duration::from_secs(5));
        served
    });
    let stopped = running.stop();
    served.and(stopped)
}

fn runtime() -> Result<Runtime> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(Error::internal)
}

fn telemetry_options(logging: &Logging) -> telemetry::Options {
    telemetry::Options {
        log: logging.log.clone(),
        format: match logging.log_format {
            LogFormat::Text => telemetry::LogFormat::Text,
            LogFormat::Json => telemetry::LogFormat::Json,
        },
        otlp_endpoint: logging.otlp_endpoint.as_ref().map(ToString::to_string),
    }
}

/// Runs a command that needs the database once, with the embedded one up if it is that.
pub fn once<T>(settings: &Database, command: impl AsyncFnOnce(Secret<String>) -> Result<T>) -> Result<T> {
    telemetry::init(&telemetry_options(&Logging::quiet()))?;
    let running = database::start_or_attach(settings)?;
    let done = runtime().and_then(|runtime| runtime.block_on(command(running.url.clone())));
    let stopped = running.stop();
    done.and_then(|value| stopped.map(|()| value))
}

/// Runs a command that needs no database.
pub fn without_database<T>(command: impl AsyncFnOnce() -> Result<T>) -> Result<T> {
    telemetry::init(&telemetry_options(&Logging::quiet()))?;
    runtime()?.block_on(command())
}

async fn serve(settings: &Settings, duty: Duty, product: Product, running: &mut Running) -> Result<()> {
    let stop = product.stop.clone();
    let mut tasks = JoinSet::new();
    tasks.spawn(health::sum_up(product.metrics.clone(), stop.clone()));
    tasks.spawn(watch_over(product.app.db.clone(), stop.clone()));
    if running.embedded.is_some() {
        let (folder, reserve) = (database::data_dir(&settings.database)?, settings.disk.disk_reserve);
        let disk = Disk::new(product.app.db.clone(), folder, u64::from(reserve) << 20);
        tasks.spawn(disk.watch(stop.clone()));
    }
    later_if_need_be("partitions", partitions(settings, &product).await)?;
    tasks.spawn(exchange_hints(product.app.db.clone(), process_name(), stop.clone()));
    if duty != Duty::Http {
        if running.embedded.is_some() {
            later_if_need_be("leases", jobs::expire_leases(&product.app.db).await)?;
        }
        let options = worker_options(settings, &product);
        let worker = jobs::Worker::new(product.app.db.clone(), product.registry.clone(), options);
        tasks.spawn(worker.run(stop.clone()));
        tasks.spawn(jobs::Follower::new(&product.app.db).run(stop.clone()));
        tasks.spawn(product.cron.clone().run(product.app.db.clone(), process_name(), stop.clone()));
    }
    tasks.spawn(product.hot.clone().watch(stop.clone()));
    tasks.spawn(product.files.clone().watch(stop.clone()));
    if let Some(relay) = &product.relay {
        tasks.spawn(relay.clone().run(process_name(), stop.clone()));
    }
    if let Some(address) = settings.listen.monitor_listen {
        let listener = listen("--monitor-listen", address).await?;
        let health = Health::new(&product);
        tasks.spawn(answer(settings, listener, health::monitoring(health), stop.clone()));
    }
    if duty != Duty::Jobs {
        tasks.spawn(product.live.clone().run());
        let listener = listen("--listen", settings.listen.listen).await?;
        product.bootstrap(settings).await?;
        tasks.spawn(answer(settings, listener, router::build(settings, &product)?, stop.clone()));
    }
    let ended = wait(running, &product.app.db, &mut tasks).await;
    tracing::info!("stopping");
    stop.cancel();
    product.domains.tenancy.afterwards.close();
    product.domains.tenancy.afterwards.wait().await;
    let finished =
        tokio::time::timeout(Duration::from_secs(20), async { while tasks.join_next().await.is_some() {} });
    if finished.await.is_err() {
        tracing::warn!("some requests did not end in time");
    }
    product.app.db.close().await;
    ended
}

async fn partitions(settings: &Settings, product: &Product) -> Result<()> {
    let db = product.app.db.working(Work::Maintenance);
    make_partitions(&db, &product.partitioned(settings.work.retention())).await
}

/// Somebody who holds a table's lock, or a full disk, must not keep us from starting: periodic tasks come back to it.
fn later_if_need_be(what: &'static str, done: Result<()>) -> Result<()> {
    match done {
        Err(error @ Error::Unavailable { .. }) => {
            tracing::warn!(%error, what, "this is seen to later");
            Ok(())
        }
        done => done,
    }
}

async fn listen(setting: &'static str, address: SocketAddr) -> Result<TcpListener> {
    let listener = TcpListener::bind(address).await.map_err(|error| {
        Error::field("invalid_setting", setting, format!("cannot listen on {address}: {error}"))
    })?;
    let address = listener.local_addr().map_err(Error::internal)?;
    tracing::info!(%address, version = env!("CARGO_PKG_VERSION"), "listening");
    Ok(listener)
}

/// Answers requests until `stop`, and those that have begun to their end.
fn answer(
    settings: &Settings,
    listener: TcpListener,
    app: Router,
    stop: CancellationToken,
) -> impl Future<Output = ()> + use<> {
    let most = usize::try_from(settings.listen.max_connections).unwrap_or(usize::MAX);
    connections::make_room(most);
    let exempt = settings.listen.trusted_proxies.clone().into();
    connections::serve(listener, app, Connections::new(most, exempt), stop)
}

/// Waits for a signal, or for something that must not end. Runs on the main thread, as the keeper must.
async fn wait(running: &mut Running, db: &Db, tasks: &mut JoinSet<()>) -> Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate()).map_err(Error::internal)?;
    let given_up = async {
        match &mut running.embedded {
            Some(embedded) => keeper::keep(embedded, db).await,
            None => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => Ok(()),
        _ = terminate.recv() => Ok(()),
        Some(_) = tasks.join_next() => Err(Error::internal("a part of the server ended; see the log")),
        error = given_up => Err(error),
    }
}

fn worker_options(settings: &Settings, product: &Product) -> jobs::Options {
    let work = &settings.work;
    // Reactions are short and many. An investigation may take minutes, and a delivery waits for whoever is told: what waits for a
    // slot here could be done by another process.
    let queue = |name: &&'static str| match *name {
        "runs" => jobs::Queue { name, slots: work.run_slots, ahead: 0 },
        "notify" => jobs::Queue { name, slots: work.notify_slots, ahead: 0 },
        _ => jobs::Queue { name, slots: work.job_slots(), ahead: 16 },
    };
    jobs::Options {
        worker: process_name(),
        queues: product.queues.iter().map(queue).collect(),
        lease: Duration::from_secs(work.job_lease),
        poll: Duration::from_secs(1),
        grace: Duration::from_secs(10),
    }
}

/// Names this process among all that share the database; another after each start.
fn process_name() -> String {
    format!("{}-{}", std::process::id(), uuid::Uuid::new_v4().simple())
}
