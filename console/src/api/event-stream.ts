/** One server-sent event, as the WHATWG HTML standard (9.2.6) frames it. Without data it is nobody's event, and only sets the place. */
export interface StreamEvent {
  id: string | null;
  kind: string;
  data: string | null;
}

/** Cuts a stream of text into events. Text may arrive in any pieces; an unfinished event waits for its blank line. */
export class EventParser {
  private rest = "";

  push(text: string): StreamEvent[] {
    // The two halves of a line end may come apart, so the seam is looked at too.
    this.rest = (this.rest + text).replaceAll("\r\n", "\n");
    const blocks = this.rest.split("\n\n");
    this.rest = blocks.pop() ?? "";
    return blocks.map(parseBlock).filter((event) => event !== null);
  }
}

function parseBlock(block: string): StreamEvent | null {
  const event: StreamEvent = { id: null, kind: "message", data: null };
  const data: string[] = [];
  for (const line of block.split("\n")) {
    const colon = line.indexOf(":");
    if (colon === 0) continue;
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (field === "id") event.id = value;
    else if (field === "event") event.kind = value;
    else if (field === "data") data.push(value);
  }
  if (data.length > 0) return { ...event, data: data.join("\n") };
  return event.id === null ? null : event;
}

interface Listener {
  onEvent: (kind: string, data: string) => void;
  onOpen: () => void;
  onLost: () => void;
  /** Something in between is not kept any more. */
  onReset: () => void;
}

/** The kind by which the server says that it cannot tell all that was missed. */
const RESET = "reset";

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;

/**
 * Follows a stream until stopped: reconnects with a growing pause and resumes after the last event seen.
 * The browser's EventSource is not used because it delivers only event kinds that are named in advance.
 */
export function followEvents(url: string, listener: Listener): () => void {
  const abort = new AbortController();
  let lastId: string | null = null;
  let pause = FIRST_PAUSE_MS;
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function read(): Promise<void> {
    const headers: Record<string, string> = { Accept: "text/event-stream" };
    if (lastId) headers["Last-Event-ID"] = lastId;
    const response = await fetch(url, { headers, signal: abort.signal, cache: "no-store" });
    if (!response.ok || !response.body) throw new Error(`The event stream answered ${response.status}`);
    listener.onOpen();
    pause = FIRST_PAUSE_MS;
    const parser = new EventParser();
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      for (const event of parser.push(value)) {
        lastId = event.id ?? lastId;
        if (event.kind === RESET) listener.onReset();
        else if (event.data !== null) listener.onEvent(event.kind, event.data);
      }
    }
  }

  function connect(): void {
    read()
      .catch(() => undefined)
      .finally(() => {
        if (abort.signal.aborted) return;
        listener.onLost();
        timer = setTimeout(connect, pause);
        pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
      });
  }

  connect();
  return () => {
    abort.abort();
    clearTimeout(timer);
  };
}
