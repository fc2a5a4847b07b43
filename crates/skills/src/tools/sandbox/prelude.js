// What a program finds when it starts. `ask` and `log` are the host's: `log` takes a line; `ask` takes a request as JSON
// and answers its number, by which `deliver` is told what came of it.
((ask, log) => {
  const { stringify, parse } = JSON;
  const wellFormed = Function.prototype.call.bind(String.prototype.toWellFormed);

  const show = (value) => {
    if (typeof value === "string") return value;
    if (value instanceof Error) return String(value);
    try {
      return stringify(value) ?? String(value);
    } catch {
      return String(value);
    }
  };
  const write = (...values) => log(wellFormed(values.map(show).join(" ")));
  globalThis.console = Object.freeze({ log: write, info: write, warn: write, error: write, debug: write });

  class Headers extends Map {
    get(name) {
      return super.get(String(name).toLowerCase()) ?? null;
    }
    has(name) {
      return super.has(String(name).toLowerCase());
    }
  }

  class Response {
    #body;
    constructor({ status, headers, body }) {
      this.status = status;
      this.ok = status >= 200 && status < 300;
      this.headers = new Headers(headers);
      this.#body = body;
    }
    async text() {
      return this.#body;
    }
    async json() {
      return parse(this.#body);
    }
  }

  const waiting = new Map();
  const send = (request) => new Promise((resolve) => waiting.set(ask(request), resolve));
  const deliver = (number, answer) => {
    waiting.get(number)?.(answer);
    waiting.delete(number);
  };

  globalThis.fetch = async (url, { method = "GET", headers = {}, body = null } = {}) => {
    if (body !== null && typeof body !== "string") throw new TypeError("the body of a request must be a string");
    const pairs = Object.entries(headers).map(([name, value]) => [name, String(value)]);
    const request = stringify({ url: String(url), method: String(method), headers: pairs, body });
    const answer = parse(await send(wellFormed(request)));
    if (answer.error !== undefined) throw new TypeError(answer.error);
    return new Response(answer);
  };

  const call = async (main, input) => {
    if (typeof main !== "function") {
      throw new TypeError("export a function: export default async function (input) { … }");
    }
    return wellFormed(stringify((await main(parse(input))) ?? null) ?? "null");
  };
  return { call, deliver };
})
