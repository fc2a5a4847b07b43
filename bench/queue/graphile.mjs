// graphile-worker as it comes, and tuned as its page on performance says. See measure.mjs.

import { Logger, makeWorkerUtils, run as work } from "graphile-worker";
import pg from "pg";
import { Count, ENOUGH, drained, enqueued, held, numbers, pause, picked_up, run } from "./measure.mjs";

const SLOTS = 24;
const QUIET = new Logger(() => () => {});
const TUNED = { localQueue: { size: 500 }, completeJobBatchDelay: 0 };
const JOBS = "graphile_worker._private_jobs";

/// An empty queue.
async function open(url, connections = 4) {
    const pool = new pg.Pool({ connectionString: url, max: connections });
    const utils = await makeWorkerUtils({ pgPool: pool, logger: QUIET });
    await utils.migrate();
    await pool.query(`truncate ${JOBS} cascade`);
    const put = async (payloads) => utils.addJobs(payloads.map((payload) => ({ identifier: "noop", payload })));
    return { pool, utils, put };
}

function worker(url, tuned, noop) {
    // Its page on settings asks for two more connections than jobs that run at once.
    const preset = { worker: { connectionString: url, concurrentJobs: SLOTS, maxPoolSize: SLOTS + 2, logger: QUIET, ...(tuned && TUNED) } };
    return work({ preset, noHandleSignals: true, taskList: { noop } });
}

async function drain(url, { jobs, tuned }) {
    const { pool, put } = await open(url);
    for (let from = 0; from < jobs; from += ENOUGH) await put(numbers(from, Math.min(from + ENOUGH, jobs)));
    await pool.query(`vacuum analyze ${JOBS}`);
    const count = new Count(jobs);
    const runner = await worker(url, tuned, async () => count.add());
    const ms = await drained(count, pool, `select from ${JOBS}`);
    await runner.stop();
    return { rate: (jobs * 1_000) / ms };
}

async function enqueue(url, options) {
    const { pool, utils, put } = await open(url, options.clients);
    const one = () => utils.addJob("noop", { n: 0 });
    const figures = await enqueued(options, (per) => (per === 1 ? one() : put(numbers(0, per))));
    await pool.query(`truncate ${JOBS} cascade`);
    return figures;
}

async function pickup(url, options) {
    const { utils } = await open(url);
    const handler = {};
    await worker(url, false, async () => handler.began());
    await pause(1_000);
    return picked_up(options, () => utils.addJob("noop", { n: 0 }), handler);
}

async function hold(url, options) {
    const { pool, put } = await open(url);
    const count = new Count(Infinity);
    await worker(url, options.tuned, async () => count.add());
    const figures = await held(options, url, (jobs) => put(numbers(0, jobs)), count);
    await pool.query(`truncate ${JOBS} cascade`);
    return figures;
}

async function idle(url, { seconds }) {
    await open(url);
    await worker(url, false, async () => {});
    await pause(seconds * 1_000);
    return {};
}

await run({ drain, enqueue, pickup, held: hold, idle });
