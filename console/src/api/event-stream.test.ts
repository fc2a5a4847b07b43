import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { followEvents } from "./event-stream";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** A server whose stream says the text and then ends, as often as it is asked. */
function serve(...answers: (string | number)[]) {
  const asked: (string | null)[] = [];
  vi.stubGlobal("fetch", async (_: string, init: RequestInit) => {
    asked.push(new Headers(init.headers).get("Last-Event-ID"));
    const answer = answers.shift() ?? "";
    return typeof answer === "number" ? new Response(null, { status: answer }) : new Response(answer);
  });
  return asked;
}

const listener = () => ({ onEvent: vi.fn(), onOpen: vi.fn(), onLost: vi.fn(), onReset: vi.fn() });

test("a lost stream is taken up again after the last event that was seen", async () => {
  const asked = serve("id: 41\ndata: a\n\nid: 42\ndata: b\n\n", "id: 43\ndata: c\n\n");
  const heard = listener();
  const stop = followEvents("/events", heard);
  await vi.advanceTimersByTimeAsync(0);
  expect(heard.onLost).toHaveBeenCalledOnce();
  await vi.advanceTimersByTimeAsync(1_000);
  stop();
  expect(asked).toEqual([null, "42"]);
  expect(heard.onEvent.mock.calls.map(([, data]) => data)).toEqual(["a", "b", "c"]);
});

test("a stream that said nothing yet is taken up again from where it began", async () => {
  const asked = serve(": connected\nid: 40.0\n\n", "");
  const heard = listener();
  const stop = followEvents("/events", heard);
  await vi.advanceTimersByTimeAsync(1_000);
  stop();
  expect(asked).toEqual([null, "40.0"]);
  expect(heard.onEvent).not.toHaveBeenCalled();
});

test("a place that is lost is said once, and the stream goes on from a new one", async () => {
  const asked = serve("id: 41\ndata: a\n\n", "id: 90\nevent: reset\ndata: {}\n\n", "");
  const heard = listener();
  const stop = followEvents("/events", heard);
  await vi.advanceTimersByTimeAsync(2_500);
  stop();
  expect(asked).toEqual([null, "41", "90"]);
  expect(heard.onReset).toHaveBeenCalledOnce();
  expect(heard.onEvent).toHaveBeenCalledOnce();
});

test("a server that refuses is asked ever more seldom", async () => {
  const asked = serve(503, 503, 503, 503);
  const heard = listener();
  const stop = followEvents("/events", heard);
  await vi.advanceTimersByTimeAsync(999);
  expect(asked.length).toBe(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(asked.length).toBe(2);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(asked.length).toBe(3);
  await vi.advanceTimersByTimeAsync(3_999);
  expect(asked.length).toBe(3);
  stop();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(asked.length).toBe(3);
  expect(heard.onOpen).not.toHaveBeenCalled();
});
