/* A chat that a receiver posts to by webhook, as Slack's answers: with an error until it is told to take messages. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export interface Webhook {
  url: string;
  /** From now on messages are taken. */
  open: () => void;
  stop: () => void;
}

/** Starts it on the port, or on any for 0. Until it is open it answers with this text. */
export async function startWebhook(port: number, refusal: string): Promise<Webhook> {
  let isOpen = false;
  const server = createServer((request, response) => {
    request.resume();
    request.on("end", () => response.writeHead(isOpen ? 200 : 404).end(isOpen ? "ok" : refusal));
  });
  await new Promise<void>((listening) => server.listen(port, "127.0.0.1", listening));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/services/T0/B0/hook`;
  return { url, open: () => void (isOpen = true), stop: () => server.close() };
}
