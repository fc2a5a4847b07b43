/** The event stream: every change is told to all that listen, and can be read again after a lost connection. */
const listeners = new Set();
const events = [];

export function emit(kind, subject_type, subject_id, payload = {}) {
  const id = String(events.length + 1);
  const event = { id, kind, subject_type, subject_id, payload, occurred_at: new Date().toISOString() };
  events.push(event);
  for (const response of listeners) write(response, event);
}

function write(response, event) {
  response.write(`id: ${event.id}\nevent: ${event.kind}\ndata: ${JSON.stringify(event)}\n\n`);
}

export function listen(request, response) {
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
  response.write(": hello\n\n");
  const last = Number(request.headers["last-event-id"] ?? events.length);
  for (const event of events.slice(last)) write(response, event);
  listeners.add(response);
  const beat = setInterval(() => response.write(": beat\n\n"), 15_000);
  request.on("close", () => {
    listeners.delete(response);
    clearInterval(beat);
  });
}
