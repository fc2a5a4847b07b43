//! A simple queue in memory beside the real one: whatever is done to both, in whatever order, they agree.
//!
//! The model is the page docs/jobs.md in code. Two workers take jobs and end them, die with them, or come too late; people cancel, pause,
//! limit and replay; organizations are suspended; time passes. After each step both queues are compared as a whole, and at the end
//! everything that was accepted has been done, given up or cancelled.

use std::{collections::BTreeMap, time::Duration};

use axum::Router;
use chrono::{DateTime, TimeDelta, Utc};
use kernel::Clock;
use platform::{
    dead_letters,
    jobs::{
        self, DEAD_JOBS, Failure, Handled, NewJob, Outcome, Registry,
        by_hand::{self, Taken},
    },
};
use rand::{
    Rng, SeedableRng,
    rngs::StdRng,
    seq::{IndexedMutRandom, IndexedRandom},
};
use serde_json::json;
use testkit::{TestClient, TestDb, TestOrg};
use uuid::Uuid;

const KINDS: [&str; 1] = ["work"];
const MOST: usize = 4;
const LEASE: TimeDelta = TimeDelta::minutes(5);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Waits; in a lane, whether it stands in line yet.
    Waiting {
        entered: bool,
    },
    Running {
        until: DateTime<Utc>,
        claim: u64,
    },
    Dead,
    Done,
    Cancelled,
}

#[derive(Clone, Debug)]
struct Job {
    id: Uuid,
    org: usize,
    lane: Option<String>,
    key: Option<String>,
    priority: i16,
    run_at: DateTime<Utc>,
    attempt: i32,
    max: i32,
    cancelled: bool,
    state: State,
}

impl Job {
    fn waits(&self) -> bool {
        matches!(self.state, State::Waiting { .. })
    }

    fn runs(&self) -> bool {
        matches!(self.state, State::Running { .. })
    }

    fn rank(&self) -> DateTime<Utc> {
        self.run_at - TimeDelta::minutes(self.priority.into())
    }

    fn in_db(&self) -> bool {
        self.waits() || self.runs()
    }
}

#[derive(Clone, Copy, Debug, Default)]
struct Org {
    paused: bool,
    suspended: bool,
    concurrency: Option<usize>,
}

/// The queue in memory. Jobs are in the order of their ids.
#[derive(Default)]
struct Model {
    jobs: Vec<Job>,
    orgs: Vec<Org>,
    claims: u64,
}

impl Model {
    fn find(&mut self, id: Uuid) -> &mut Job {
        self.jobs.iter_mut().find(|job| job.id == id).expect("a job of the model")
    }

    fn has_waiting_twin(&self, org: usize, key: &str) -> bool {
        self.jobs.iter().any(|job| job.org == org && job.waits() && job.key.as_deref() == Some(key))
    }

    /// What would be taken now, of each organization in its order.
    fn take(&mut self, now: DateTime<Utc>) -> Vec<Uuid> {
        for job in &mut self.jobs {
            if job.run_at <= now && job.state == (State::Waiting { entered: false }) {
                job.state = State::Waiting { entered: true };
            }
        }
        let mut taken = Vec::new();
        for (number, org) in self.orgs.iter().enumerate() {
            if org.paused || org.suspended {
                continue;
            }
            let of_org = |job: &&Job| job.org == number;
            let running = self.jobs.iter().filter(of_org).filter(|job| job.runs()).count();
            let room = org.concurrency.map_or(MOST, |most| most.saturating_sub(running)).min(MOST);
            let mut due: Vec<&Job> =
                self.jobs.iter().filter(of_org).filter(|job| self.may_run(job, now)).collect();
            due.sort_by_key(|job| (job.rank(), job.id));
            taken.extend(due.iter().take(room).map(|job| job.id));
        }
        for id in &taken {
            self.claims += 1;
            let (until, claim) = (now + LEASE, self.claims);
            let job = self.find(*id);
            job.state = State::Running { until, claim };
            job.attempt += 1;
        }
        taken
    }

    /// In a lane, whoever is first in line decides for all behind it.
    fn may_run(&self, job: &Job, now: DateTime<Utc>) -> bool {
        let stands = job.state == State::Waiting { entered: true };
        let is_head = job.lane.is_none() || {
            let of_lane = || self.jobs.iter().filter(|other| other.org == job.org && other.lane == job.lane);
            !of_lane().any(Job::runs)
                && of_lane().find(|other| other.state == State::Waiting { entered: true }).map(|head| head.id)
                    == Some(job.id)
        };
        stands && job.run_at <= now && is_head
    }

    fn end(&mut self, id: Uuid, claim: u64, handled: &Handled, now: DateTime<Utc>) {
        let twin = {
            let job = self.find(id).clone();
            job.key.as_deref().is_some_and(|key| self.has_waiting_twin(job.org, key))
        };
        let job = self.find(id);
        if !matches!(job.state, State::Running { claim: current, .. } if current == claim) {
            return;
        }
        let again = |job: &mut Job, wait: Duration| {
            if job.cancelled {
                job.state = State::Cancelled;
                return;
            }
            job.run_at = now + TimeDelta::from_std(wait).unwrap();
            job.state = State::Waiting { entered: job.lane.is_some() || wait.is_zero() };
            if twin {
                job.key = None;
            }
        };
        match handled {
            Ok(Outcome::Done | Outcome::With(_)) => job.state = State::Done,
            Ok(Outcome::Snooze(wait)) => {
                job.attempt -= i32::from(!job.cancelled);
                again(job, *wait);
            }
            Err(Failure::Retry { after, .. }) if job.attempt < job.max => again(job, after.unwrap()),
            Err(_) if job.cancelled => job.state = State::Cancelled,
            Err(_) => job.state = State::Dead,
        }
    }

    /// In the order of their ids, as the real one does.
    fn rescue(&mut self, now: DateTime<Utc>) {
        let lost: Vec<Uuid> = self
            .jobs
            .iter()
            .filter(|job| matches!(job.state, State::Running { until, .. } if until < now))
            .map(|job| job.id)
            .collect();
        for id in lost {
            let twin = {
                let job = self.find(id).clone();
                job.key.as_deref().is_some_and(|key| self.has_waiting_twin(job.org, key))
            };
            let job = self.find(id);
            job.state = match (job.cancelled, job.attempt >= job.max) {
                (true, _) => State::Cancelled,
                (false, true) => State::Dead,
                (false, false) => State::Waiting { entered: true },
            };
            if job.waits() {
                job.run_at = now;
                if twin {
                    job.key = None;
                }
            }
        }
    }
}

/// The real queue beside the model.
struct Both {
    db: TestDb,
    orgs: Vec<TestOrg>,
    people: Vec<TestClient>,
    model: Model,
    /// What workers took and have not ended: with the claim that the model counted.
    held: Vec<(Taken, u64)>,
    enqueued: i64,
}

impl Both {
    async fn new() -> Self {
        let db = TestDb::new().await;
        let (mut orgs, mut people) = (Vec::new(), Vec::new());
        for slug in ["acme", "beta", "gamma"] {
            let org = db.org(slug).await;
            let registry = Registry::default();
            let routes = jobs::routes(db.db.clone(), registry, ["default"]);
            let routes = routes.merge(dead_letters::routes(db.db.clone(), vec![DEAD_JOBS]));
            people.push(TestClient::new(Router::from(routes), Some(org.caller())));
            orgs.push(org);
        }
        let model = Model { orgs: vec![Org::default(); orgs.len()], ..Model::default() };
        Self { db, orgs, people, model, held: Vec::new(), enqueued: 0 }
    }

    fn now(&self) -> DateTime<Utc> {
        self.db.clock.now()
    }

    async fn enqueue(&mut self, rng: &mut impl Rng) {
        let org = rng.random_range(0..self.orgs.len());
        let lane = rng.random_bool(0.5).then(|| format!("lane-{}", rng.random_range(0..2)));
        let key = rng.random_bool(0.3).then(|| format!("key-{}", rng.random_range(0..2)));
        let run_at = rng.random_bool(0.3).then(|| self.now() + TimeDelta::seconds(rng.random_range(1..400)));
        let (priority, max_attempts) = (rng.random_range(-3..=3), rng.random_range(1..4));
        self.enqueued += 1;
        let number = self.enqueued;
        let job = NewJob {
            lane: lane.clone(),
            unique_key: key.clone(),
            run_at,
            priority,
            max_attempts,
            ..NewJob::new(KINDS[0], json!(number))
        };
        let mut tx = self.orgs[org].tx().await;
        tx.enqueue(job).await.unwrap();
        let query = "select id from jobs where args = to_jsonb($1::bigint)";
        let id: Option<Uuid> =
            sqlx::query_scalar(query).bind(number).fetch_optional(tx.conn()).await.unwrap();
        tx.commit().await.unwrap();
        let twin = key.as_deref().is_some_and(|key| self.model.has_waiting_twin(org, key));
        assert_eq!(id.is_none(), twin, "dropped exactly when its twin waits");
        if let Some(id) = id {
            let state = State::Waiting { entered: lane.is_none() && run_at.is_none() };
            let run_at = run_at.unwrap_or_else(|| self.now());
            let job = Job {
                id,
                org,
                lane,
                key,
                priority,
                run_at,
                attempt: 0,
                max: max_attempts,
                cancelled: false,
                state,
            };
            self.model.jobs.push(job);
        }
    }

    async fn take(&mut self, rng: &mut impl Rng) {
        let worker = ["one", "two"].choose(rng).unwrap();
        let taken = by_hand::take(&self.db.db, &KINDS, worker, MOST).await.unwrap();
        let mut expected = self.model.take(self.now());
        let mut ids: Vec<Uuid> = taken.iter().map(|job| job.id().uuid()).collect();
        ids.sort_unstable();
        expected.sort_unstable();
        assert_eq!(ids, expected, "what is taken, after {} jobs", self.enqueued);
        for job in taken {
            let State::Running { claim, .. } = self.model.find(job.id().uuid()).state else {
                panic!("not taken")
            };
            self.held.push((job, claim));
        }
    }

    /// One that was taken ends, perhaps too late; or its worker dies with it.
    async fn end(&mut self, rng: &mut impl Rng) {
        if self.held.is_empty() {
            return;
        }
        let (job, claim) = self.held.swap_remove(rng.random_range(0..self.held.len()));
        let wait = Duration::from_secs(rng.random_range(0..3) * 60);
        let handled = match rng.random_range(0..10) {
            0 => return,
            1 | 2 => Err(Failure::Retry { error: "not now".into(), after: Some(wait) }),
            3 => Err(Failure::Dead { error: "never".into() }),
            4 => Ok(Outcome::Snooze(wait)),
            _ => Ok(Outcome::Done),
        };
        job.end(&handled).await.unwrap();
        self.model.end(job.id().uuid(), claim, &handled, self.now());
    }

    async fn rescue(&mut self) {
        by_hand::rescue(&self.db.db).await.unwrap();
        self.model.rescue(self.now());
    }

    async fn change_org(&mut self, rng: &mut impl Rng) {
        let number = rng.random_range(0..self.orgs.len());
        let org = &mut self.model.orgs[number];
        let queue = "/api/v1/jobs/queues/default";
        match rng.random_range(0..3) {
            0 => {
                org.paused = !org.paused;
                self.people[number].patch(queue, json!({ "paused": org.paused })).await.expect(200);
            }
            1 => {
                org.concurrency = rng.random_bool(0.5).then(|| rng.random_range(1..3));
                self.people[number].patch(queue, json!({ "concurrency": org.concurrency })).await.expect(200);
            }
            _ => {
                org.suspended = !org.suspended;
                let status = if org.suspended { "suspended" } else { "active" };
                self.set_status(number, status).await;
            }
        }
    }

    async fn set_status(&self, org: usize, status: &str) {
        let mut tx = self.db.db.system("a test suspends an organization").await.unwrap();
        let query = "update organizations set status = $2 where id = $1";
        sqlx::query(query).bind(self.orgs[org].id).bind(status).execute(tx.conn()).await.unwrap();
        tx.commit().await.unwrap();
    }

    async fn cancel(&mut self, rng: &mut impl Rng) {
        let Some(job) = self.model.jobs.choose_mut(rng) else { return };
        let client = &self.people[job.org];
        let answer = client.post(&format!("/api/v1/jobs/{}/cancel", job.id), json!({})).await;
        if matches!(job.state, State::Done | State::Dead) {
            answer.problem(404);
            return;
        }
        answer.expect(200);
        if job.runs() {
            job.cancelled = true;
        } else {
            job.state = State::Cancelled;
        }
    }

    async fn replay(&mut self, rng: &mut impl Rng) {
        let now = self.now();
        let dead: Vec<usize> =
            (0..self.model.jobs.len()).filter(|at| self.model.jobs[*at].state == State::Dead).collect();
        let Some(at) = dead.choose(rng).copied() else { return };
        let job = &mut self.model.jobs[at];
        let path = format!("/api/v1/dead-letters/{}/replay", job.id);
        self.people[job.org].post(&path, json!({})).await.expect(204);
        job.state = State::Waiting { entered: job.lane.is_none() };
        (job.run_at, job.attempt, job.key, job.cancelled) = (now, 0, None, false);
    }

    /// Both queues hold the same, in the same states.
    async fn agree(&self, place: &str) {
        let mut tx = self.db.db.system("a test compares two queues").await.unwrap();
        let query = "select id, state = 'running', attempt, run_at from jobs";
        let rows: Vec<(Uuid, bool, i32, DateTime<Utc>)> =
            sqlx::query_as(query).fetch_all(tx.conn()).await.unwrap();
        let real: BTreeMap<Uuid, (bool, i32, DateTime<Utc>)> =
            rows.into_iter().map(|(id, runs, attempt, run_at)| (id, (runs, attempt, run_at))).collect();
        let of = |job: &Job| (job.id, (job.runs(), job.attempt, job.run_at));
        let model = self.model.jobs.iter().filter(|job| job.in_db()).map(of).collect();
        assert_eq!(real, model, "{place}");
        let query = "select count(*) from dead_letters where processed_at is null";
        let dead: i64 = sqlx::query_scalar(query).fetch_one(tx.conn()).await.unwrap();
        let model = self.model.jobs.iter().filter(|job| job.state == State::Dead).count();
        assert_eq!(usize::try_from(dead).unwrap(), model, "{place}");
    }

    /// Everybody may, and time passes: nothing is left behind.
    async fn drain(mut self) {
        for number in 0..self.orgs.len() {
            self.set_status(number, "active").await;
            let all = json!({ "paused": false, "concurrency": null });
            self.people[number].patch("/api/v1/jobs/queues/default", all).await.expect(200);
            self.model.orgs[number] = Org::default();
        }
        self.held.clear();
        loop {
            self.db.clock.advance(TimeDelta::minutes(10));
            self.rescue().await;
            let mut rng = StdRng::seed_from_u64(0);
            self.take(&mut rng).await;
            if self.held.is_empty() {
                break;
            }
            for (job, claim) in std::mem::take(&mut self.held) {
                job.end(&Ok(Outcome::Done)).await.unwrap();
                self.model.end(job.id().uuid(), claim, &Ok(Outcome::Done), self.now());
            }
            self.agree("in the end").await;
        }
        assert!(
            self.model
                .jobs
                .iter()
                .all(|job| matches!(job.state, State::Dead | State::Done | State::Cancelled))
        );
        for org in &self.orgs {
            assert_eq!((org.count("jobs").await, org.count("job_lanes").await), (0, 0));
        }
    }
}

async fn play(seed: u64, steps: usize) {
    let mut rng = StdRng::seed_from_u64(seed);
    let mut both = Both::new().await;
    for step in 0..steps {
        match rng.random_range(0..100) {
            0..30 => both.enqueue(&mut rng).await,
            30..50 => both.take(&mut rng).await,
            50..75 => both.end(&mut rng).await,
            75..85 => both.db.clock.advance(TimeDelta::seconds(rng.random_range(1..200))),
            85..89 => both.rescue().await,
            89..93 => both.cancel(&mut rng).await,
            93..96 => both.replay(&mut rng).await,
            _ => both.change_org(&mut rng).await,
        }
        both.agree(&format!("seed {seed}, step {step}")).await;
    }
    both.drain().await;
}

#[tokio::test]
async fn the_queue_does_what_a_simple_one_in_memory_does() {
    for seed in 0..6 {
        play(seed, 150).await;
    }
}

/// Other seeds each time: what a run finds, it names.
#[tokio::test]
async fn it_does_so_however_it_is_played() {
    for _ in 0..3 {
        play(rand::rng().random(), 150).await;
    }
}
