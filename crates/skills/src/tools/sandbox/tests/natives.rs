//! Natives of the engine that never ask whether they may go on, and other programs without an end.

use futures::StreamExt;

use super::*;

/// They compute longer than anybody waits, most of them in one call of native code.
const ENDLESS: &[&str] = &[
    // methods of arrays, on what says that it has 2^53 - 1 elements
    "Array.prototype.reverse.call({ length: 2 ** 53 - 1 })",
    "Array.prototype.indexOf.call({ length: 2 ** 53 - 1 }, 1)",
    "Array.prototype.lastIndexOf.call({ length: 2 ** 53 - 1 }, 1)",
    "Array.prototype.includes.call({ length: 2 ** 53 - 1 }, 1)",
    "Array.prototype.copyWithin.call({ length: 2 ** 53 - 1 }, 1, 0)",
    "Array.prototype.every.call({ length: 2 ** 53 - 1 }, () => true)",
    "Array.prototype.some.call({ length: 2 ** 53 - 1 }, () => false)",
    "Array.prototype.forEach.call({ length: 2 ** 53 - 1 }, () => {})",
    "Array.prototype.find.call({ length: 2 ** 53 - 1 }, () => false)",
    "Array.prototype.findIndex.call({ length: 2 ** 53 - 1 }, () => false)",
    "Array.prototype.findLast.call({ length: 2 ** 53 - 1 }, () => false)",
    "Array.prototype.findLastIndex.call({ length: 2 ** 53 - 1 }, () => false)",
    "Array.prototype.reduce.call({ length: 2 ** 53 - 1 }, (a) => a, 0)",
    "Array.prototype.reduceRight.call({ length: 2 ** 53 - 1 }, (a) => a, 0)",
    "Array.prototype.shift.call({ length: 2 ** 53 - 1 })",
    "Array.prototype.unshift.call({ length: 2 ** 53 - 2 }, 1)",
    "Array.prototype.flat.call({ length: 2 ** 53 - 1 })",
    "Math.max.apply(null, { length: 65535 }); for (;;) Math.max.apply(null, { length: 65535 })",
    "new Array(2 ** 32 - 1).indexOf(1)",
    "const a = []; a.length = 2 ** 32 - 1; a.lastIndexOf(1)",
    // typed arrays, again and again
    "const a = new Uint8Array(16 << 20); for (;;) a.fill(1)",
    "const a = new Uint8Array(16 << 20); for (;;) a.indexOf(1)",
    "const a = new Float64Array(2 << 20); for (;;) a.sort()",
    "const a = new Uint8Array(16 << 20); for (;;) a.reverse()",
    "const a = new Uint8Array(16 << 20); for (;;) a.copyWithin(1, 0)",
    "const a = new Uint8Array(16 << 20); for (;;) a.includes(1)",
    "const a = new Uint8Array(16 << 20); for (;;) a.lastIndexOf(1)",
    "const a = new Float64Array(2 << 20); for (;;) a.set(a)",
    "const a = new Uint8Array(4 << 20); for (;;) a.join().length",
    "const a = new Float64Array(1 << 20).map(Math.random); for (;;) a.toSorted((x, y) => x - y)",
    // strings
    "for (;;) 'x'.repeat(16 << 20).indexOf('y')",
    "const a = 'a'.repeat(1 << 20); a.indexOf('a'.repeat(1 << 19) + 'b')",
    "for (;;) 'x'.padEnd(16 << 20, 'ab')",
    "for (;;) 'x'.repeat(1 << 20).replaceAll('x', 'y')",
    "for (;;) 'ä\\u0323'.repeat(1 << 18).normalize('NFD').normalize('NFC')",
    "const a = 'ä\\u0323'.repeat(1 << 16); for (;;) a.localeCompare(a + 'b')",
    "for (;;) 'ß'.repeat(1 << 20).toUpperCase()",
    "for (;;) 'x'.repeat(1 << 20).at(-1).concat('x'.repeat(1 << 20)).lastIndexOf('y')",
    "for (;;) encodeURIComponent('ä'.repeat(1 << 20))",
    "for (;;) 'x'.repeat(1 << 20).isWellFormed()",
    // regular expressions
    "/^(a+)+$/.test('a'.repeat(40) + 'b')",
    "/(a*)*b/.exec('a'.repeat(64))",
    "/(?:a|aa)+$/.test('a'.repeat(100) + 'b')",
    "'a'.repeat(1 << 20).match(/a*?b/)",
    "/(x+x+)+y/.test('x'.repeat(60))",
    "for (;;) new RegExp('(a{0,100}){0,100}'.repeat(100))",
    // big integers and numbers
    "for (;;) (3n ** 400000n).toString()",
    "for (;;) BigInt('9'.repeat(200000))",
    "let a = 7n ** 100000n; for (;;) a = (a * a) % (3n ** 200001n)",
    "for (let i = 0; ; i++) (Math.random() * 1e300).toFixed(100)",
    "for (;;) (0.1).toPrecision(100)",
    "for (;;) parseFloat('1'.repeat(1 << 20))",
    // JSON
    "const a = Array(100000).fill({ a: [1] }); for (;;) JSON.stringify(a)",
    "const a = JSON.stringify(Array(100000).fill({ a: [1] })); for (;;) JSON.parse(a)",
    "JSON.stringify({ toJSON() { for (;;); } })",
    // dates
    "for (;;) new Date(8.64e15).toLocaleString()",
    "for (;;) Date.parse('x'.repeat(1 << 20))",
    "for (let i = 0; ; i++) new Date(i).setMonth(i)",
    // shared memory and waiting
    "for (;;) Atomics.add(new Int32Array(1), 0, 1)",
    "await new Promise(() => {})",
    "await Atomics.waitAsync?.(new Int32Array(new SharedArrayBuffer(4)), 0, 0).value ?? await new Promise(() => {})",
    // proxies and getters
    "const p = new Proxy({}, { ownKeys: () => { for (;;); } }); Object.keys(p)",
    "for (const k in new Proxy({}, { getPrototypeOf: (t) => { for (;;); } })) k",
    "const p = new Proxy({}, { get: () => p }); let q = p; for (;;) q = q.x",
    "Reflect.apply(Math.max, null, new Proxy({}, { get: () => { for (;;); } }))",
    "Object.defineProperties({}, new Proxy({}, { ownKeys: () => { for (;;); } }))",
    // iterators and generators
    "function* g() { for (;;) yield 1 } for (const x of g());",
    "function* g() { for (;;) yield 1 } g().filter(() => false).next()",
    "function* g() { for (;;) yield 1 } g().drop(Infinity).next()",
    "function* g() { for (;;) yield 1 } g().every(() => true)",
    "new Set(Array(9).keys()).isSupersetOf({ size: 1, has: () => true, keys: () => ({ next: () => ({ done: false, value: 1 }) }) })",
    // comparators
    "Array(1000).fill(0).sort(() => { for (;;); })",
    "for (;;) Array(10000).fill(0).map(Math.random).sort()",
    // microtasks
    "const storm = () => { queueMicrotask(storm) }; storm(); await new Promise(() => {})",
    "for await (const x of (async function* () { for (;;) yield 1 })());",
    "await { then(resolve) { for (;;); } }",
    "const t = { then: (resolve) => resolve(t) }; await t",
    // plain loops, and those that will not be stopped
    "for (;;) {}",
    "try { for (;;) {} } catch { for (;;) {} }",
    "try { for (;;) {} } finally { for (;;) {} }",
    "const f = () => { try { f() } finally { f() } }; f()",
    "for (;;) { try { Array.prototype.reverse.call({ length: 2 ** 53 - 1 }) } catch {} }",
    "new Function('for (;;) {}')()",
    "for (;;) eval('1')",
    "for (;;) console.log('')",
    "class A extends null { static { for (;;); } }",
    "label: for (;;) { switch (1) { case 1: continue label } }",
];

/// Which of their limits they reach first, time or memory, depends on the machine; some are refused at once.
const GREEDY: &[&str] = &[
    "Array.prototype.fill.call({ length: 2 ** 53 - 1 }, 1, 0, 2 ** 53 - 1)",
    "Array.prototype.filter.call({ length: 2 ** 53 - 1 }, () => false)",
    "Array.prototype.map.call({ length: 2 ** 32 - 1 }, () => 1)",
    "Array.prototype.join.call({ length: 2 ** 53 - 1 })",
    "Array.prototype.toString.call({ length: 2 ** 53 - 1, join: Array.prototype.join })",
    "Array.prototype.toLocaleString.call({ length: 2 ** 53 - 1 })",
    "Array.prototype.slice.call({ length: 2 ** 53 - 1 }, 0, 2 ** 32 - 1)",
    "Array.prototype.splice.call({ length: 2 ** 53 - 1 }, 0, 1)",
    "Array.prototype.sort.call({ length: 2 ** 53 - 1 })",
    "Array.prototype.flatMap.call({ length: 2 ** 53 - 1 }, () => [])",
    "Array.prototype.toSorted.call({ length: 2 ** 32 - 1 })",
    "Array.prototype.toReversed.call({ length: 2 ** 32 - 1 })",
    "Array.prototype.toSpliced.call({ length: 2 ** 32 - 1 }, 0, 0)",
    "Array.prototype.with.call({ length: 2 ** 32 - 1 }, 0, 0)",
    "[].concat({ length: 2 ** 53 - 1, [Symbol.isConcatSpreadable]: true })",
    "Array.from({ length: 2 ** 53 - 1 })",
    "Array.from({ length: 2 ** 32 - 1 })",
    "new Array(2 ** 32 - 1).reverse()",
    "new Array(2 ** 32 - 1).join()",
    "new Array(2 ** 32 - 1).sort()",
    "for (;;) 'x'.repeat(1 << 20).split('')",
    "String.raw({ raw: { length: 2 ** 53 - 1 } })",
    "'a'.repeat(1 << 20).replace(/(?=(a+))\\1b/g, '')",
    "'a'.repeat(1 << 20).search(/a+b/)",
    "RegExp.prototype[Symbol.match].call({ flags: 'g', exec: () => ({ 0: 'a' }), lastIndex: 0 }, 'a')",
    "(2n ** 900000n) ** 1n; for (let i = 3n; ; i **= 2n) i.toString()",
    "JSON.stringify(new Proxy([], { get: (t, k) => k === 'length' ? 2 ** 53 - 1 : null }))",
    "Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)",
    "function* g() { for (;;) yield 1 } new Set(g())",
    "function* g() { for (;;) yield [1, 1] } new Map(g())",
    "function* g() { for (;;) yield [1, 1] } Object.fromEntries(g())",
    "new Set([1]).isSubsetOf({ size: 2 ** 53, has: () => true, keys: () => { for (;;); } }); for (;;);",
    "new Set().union({ size: 1, has: () => true, keys: () => ({ next: () => ({ done: false, value: 1 }) }) })",
    "const [...a] = { [Symbol.iterator]: () => ({ next: () => ({ done: false }) }) }",
    "const s = new Set([0]); s.forEach((x) => { s.delete(x); s.add(x + 1) })",
    "const again = () => Promise.resolve().then(again); await again()",
    "const m = new Map([[0, 0]]); for (const [k] of m) { m.delete(k); m.set(k + 1, 0) }",
];

const LIMIT: Duration = Duration::from_millis(200);

#[tokio::test]
async fn every_native_is_stopped_at_the_limit_and_the_next_call_works() {
    for (body, error) in outcomes(ENDLESS).await {
        assert_eq!(error, "the tool did not end within 200 ms", "{body}");
    }
}

#[tokio::test]
async fn what_takes_all_memory_is_stopped_and_the_next_call_works() {
    for (body, error) in outcomes(GREEDY).await {
        assert_ne!(error, "the JavaScript engine failed", "{body}");
    }
}

/// How each ended. Each is an organization's whose next call has to work.
async fn outcomes(bodies: &'static [&'static str]) -> Vec<(&'static str, String)> {
    let sandbox = sandbox();
    let outcome = async |body: &'static str| {
        let (org, mut endless) = (some_org(), program(body));
        endless.limits.time = LIMIT;
        let error = sandbox.run(org, endless, json!({})).await.result;
        let next = sandbox.run(org, program("return 'next'"), json!({})).await.result;
        assert_eq!(next, Ok(json!("next")), "after {body}");
        (body, error.expect_err(body))
    };
    futures::stream::iter(bodies).map(|body| outcome(body)).buffer_unordered(4).collect().await
}
