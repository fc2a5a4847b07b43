// pg-boss: fetch and complete one by one or in batches, and its own worker woken by notifications. See measure.mjs.

import { PgBoss } from "pg-boss";
import { Count, ENOUGH, enqueued, numbers, pause, picked_up, run } from "./measure.mjs";

const QUEUE = "noop";
const ONE_BY_ONE = { loops: 24, batchSize: 1 };
const BATCHES = { loops: 4, batchSize: 100 };

/// An empty queue.
async function open(url, connections = 26) {
    const boss = new PgBoss({ connectionString: url, max: connections, useListenNotify: true });
    boss.on("error", (error) => console.error(error));
    await boss.start();
    await boss.createQueue(QUEUE, { notify: true });
    await boss.deleteAllJobs(QUEUE);
    return boss;
}

async function put(boss, from, to) {
    await boss.insert(QUEUE, numbers(from, to).map((data) => ({ data })));
}

async function drain(url, { jobs, tuned }) {
    const boss = await open(url);
    for (let from = 0; from < jobs; from += ENOUGH) await put(boss, from, Math.min(from + ENOUGH, jobs));
    await boss.getDb().executeSql("vacuum analyze pgboss.job_common");
    const { loops, batchSize } = tuned ? BATCHES : ONE_BY_ONE;
    const count = new Count(jobs);
    const loop = async () => {
        for (;;) {
            const fetched = await boss.fetch(QUEUE, { batchSize });
            if (!fetched?.length) return;
            fetched.forEach(() => count.add());
            await boss.complete(QUEUE, fetched.map(({ id }) => id));
        }
    };
    await Promise.all(Array.from({ length: loops }, loop));
    return { rate: (count.begun * 1_000) / (performance.now() - count.first) };
}

async function enqueue(url, options) {
    const boss = await open(url, options.clients);
    const one = () => boss.send(QUEUE, { n: 0 });
    const figures = await enqueued(options, (per) => (per === 1 ? one() : put(boss, 0, per)));
    await boss.deleteAllJobs(QUEUE);
    return figures;
}

async function pickup(url, options) {
    const boss = await open(url);
    const handler = {};
    await boss.work(QUEUE, async () => handler.began());
    await pause(1_000);
    return picked_up(options, () => boss.send(QUEUE, { n: 0 }), handler);
}

async function idle(url, { seconds }) {
    const boss = await open(url);
    await boss.work(QUEUE, async () => {});
    await pause(seconds * 1_000);
    return {};
}

await run({ drain, enqueue, pickup, idle });
