/** A refusal, as RFC 9457 writes it. */
export class Problem extends Error {
  constructor(status, code, title, detail, errors, retryAfter) {
    super(detail);
    Object.assign(this, { status, code, title, errors, retryAfter });
  }

  body() {
    return { type: `/docs/errors/${this.code}`, title: this.title, status: this.status, code: this.code, detail: this.message, errors: this.errors, retry_after: this.retryAfter };
  }
}

/** One page of a list; the cursor is simply where to go on. */
export function page(rows, { limit = "50", cursor = "0" }) {
  const start = Number(cursor);
  const end = start + Math.min(200, Number(limit));
  return { items: rows.slice(start, end), next_cursor: end < rows.length ? String(end) : null };
}

export async function readJson(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString();
  return text ? JSON.parse(text) : {};
}

/** The row with an id, or the refusal that the server gives. */
export function find(list, id, key = "id") {
  const row = list.find((one) => one[key] === id);
  if (!row) throw new Problem(404, "not_found", "Not found", "There is nothing with this id.");
  return row;
}
