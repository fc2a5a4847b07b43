// Posts distinct alerts in Alertmanager's webhook format and prints what it took, as one line of JSON.
//
//   node load.mjs '{"address": "127.0.0.1:8080", "token": "…", "clients": 8, "per": 50, "seconds": 5}'
//
// Each client is one connection with one request under way. Requests are written and answers are read by hand over
// node:net, because node:http would need more of the processor than the server under test.

import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { connect } from "node:net";

const options = {
  path: "/hooks/alertmanager",
  name: "SlowAnswer", // the alerts' name
  clients: 1,
  per: 1, // alerts in a request
  grouped: false, // the alerts of a request are one group, so one issue; else each is a group of its own
  seconds: Infinity,
  requests: Infinity, // of all clients together
  rate: Infinity, // requests per second of each client
  ...JSON.parse(process.argv[2]),
};
const [host, port] = options.address.split(":");

const alert = JSON.stringify(JSON.parse(readFileSync(new URL("alert.json", import.meta.url), "utf8")))
  .replaceAll("@NAME@", options.name)
  .split("@ID@");
const run = randomBytes(4).toString("hex");
let sent = 0;
const nextId = () => run + (sent++).toString(16).padStart(8, "0");

function body() {
  const alerts = Array.from({ length: options.per }, () => alert.join(nextId()));
  const grouping = options.grouped ? JSON.stringify({ alertname: options.name }) : "{}";
  return `{"version":"4","groupKey":"{}:${nextId()}","truncatedAlerts":0,"status":"firing","receiver":"steward",`
    + `"groupLabels":${grouping},"commonLabels":{},"commonAnnotations":{},`
    + `"externalURL":"http://alertmanager.shop.example:9093","alerts":[${alerts.join(",")}]}`;
}

function request() {
  const json = body();
  return `POST ${options.path} HTTP/1.1\r\nHost: ${options.address}\r\nAuthorization: Bearer ${options.token}\r\n`
    + `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(json)}\r\n\r\n${json}`;
}

const latencies = []; // milliseconds
const began = performance.now();
const deadline = began + options.seconds * 1000;
let requests = 0;

const more = () => requests < options.requests && performance.now() < deadline;
const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Writes a request and resolves when its whole answer is here. */
function exchange(socket, text) {
  return new Promise((resolve, reject) => {
    let answer = "";
    socket.onAnswer = (part) => {
      answer += part;
      const end = answer.indexOf("\r\n\r\n");
      if (end < 0) return;
      const length = /\r\ncontent-length: (\d+)/i.exec(answer.slice(0, end));
      if (!length) reject(new Error(`an answer without a length: ${answer}`));
      else if (answer.length >= end + 4 + Number(length[1])) resolve(answer);
    };
    socket.onFailure = reject;
    socket.write(text);
  });
}

async function client() {
  const socket = connect({ host, port: Number(port), noDelay: true });
  socket.setEncoding("latin1");
  socket.on("data", (part) => socket.onAnswer(part));
  socket.on("error", (error) => socket.onFailure?.(error));
  socket.on("close", () => socket.onFailure?.(new Error("the server closed the connection")));
  for (let turn = 0; more(); turn++) {
    if (options.rate < Infinity) await pause(Math.max(0, began + (turn * 1000) / options.rate - performance.now()));
    requests++;
    const text = request();
    const start = performance.now();
    const answer = await exchange(socket, text);
    latencies.push(performance.now() - start);
    if (!answer.startsWith("HTTP/1.1 202") || !answer.includes(`"created":${options.per},`)) throw new Error(answer);
  }
  socket.onFailure = undefined;
  socket.destroy();
}

await Promise.all(Array.from({ length: options.clients }, client));
const seconds = (performance.now() - began) / 1000;
latencies.sort((a, b) => a - b);
const percentile = (share) => latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))];
const alerts = requests * options.per;
console.log(JSON.stringify({ alerts, rate: alerts / seconds, p50: percentile(0.5), p99: percentile(0.99) }));
