// What the peers' programs share: `node PEER.mjs URL MEASUREMENT OPTIONS` prints the figures as one line of JSON.
// bench/scale.py starts them, and says what each measurement is.

import pg from "pg";

export const ENOUGH = 1_000; // jobs in one call, where many are put in

export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

export async function run(measurements) {
    const [url, name, options] = process.argv.slice(2);
    const figures = await measurements[name](url, JSON.parse(options ?? "{}"));
    console.log(JSON.stringify(figures));
    process.exit(0); // whatever still polls
}

export function numbers(from, to) {
    return Array.from({ length: to - from }, (_, index) => ({ n: from + index }));
}

/// Counts what began and says when that many have.
export class Count {
    constructor(awaited) {
        Object.assign(this, { awaited, begun: 0, first: undefined });
        this.reached = new Promise((resolve) => (this.resolve = resolve));
    }

    add() {
        this.first ??= performance.now();
        if (++this.begun === this.awaited) this.resolve();
    }
}

/// From the first handler's start to the last end that is committed.
export async function drained(count, pool, left) {
    await count.reached;
    while ((await pool.query(`select exists (${left}) as more`)).rows[0].more) await pause(2);
    return performance.now() - count.first;
}

/// How many a second `clients` put in, each waiting for its answer.
export async function enqueued({ clients, per, seconds }, put) {
    const began = performance.now();
    let jobs = 0;
    const client = async () => {
        while (performance.now() - began < seconds * 1_000) {
            await put(per);
            jobs += per;
        }
    };
    await Promise.all(Array.from({ length: clients }, client));
    return { rate: (jobs * 1_000) / (performance.now() - began) };
}

/// Milliseconds from the call that puts a job in to its handler's start, one job after the other. `began` is called by the handler.
export async function picked_up({ samples }, put, handler) {
    const took = [];
    for (let sample = 0; sample < samples; sample++) {
        await pause(20 + Math.random() * 100);
        const started = new Promise((resolve) => (handler.began = () => resolve(performance.now())));
        const called = performance.now();
        const committed = put();
        took.push((await started) - called);
        await committed;
    }
    return { ms: took };
}

/// Jobs come at a steady rate while a transaction of long ago is open; how many were done in each window.
export async function held({ seconds, window, rate }, url, put, count) {
    const old = new pg.Client(url);
    await old.connect();
    await old.query("begin isolation level repeatable read; select 1");
    const began = performance.now();
    const [windows, put_in] = [[], { jobs: 0 }];
    const producing = (async () => {
        for (let elapsed = 0; elapsed < seconds; elapsed = (performance.now() - began) / 1_000) {
            const owed = Math.min(Math.floor(rate * elapsed) - put_in.jobs, ENOUGH);
            if (owed > 0) await put(owed);
            put_in.jobs += Math.max(owed, 0);
            await pause(owed === ENOUGH ? 0 : 20);
        }
    })();
    for (let past = 0; past * window < seconds; past++) {
        const before = count.begun;
        await pause((past + 1) * window * 1_000 - (performance.now() - began));
        windows.push((count.begun - before) / window);
    }
    await producing;
    await old.query("rollback");
    return { windows, waiting: put_in.jobs - count.begun };
}
