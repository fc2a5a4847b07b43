/*
 * The smallest server of the Model Context Protocol over streamable HTTP that a tool can be found on and called
 * (https://modelcontextprotocol.io/specification, transports): one POST, one answer, no session, no stream.
 */
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";

interface Call {
  id?: number | string;
  method: string;
  params?: { protocolVersion?: string; arguments?: Record<string, unknown> };
}

const SEARCH = {
  name: "search",
  description: "Full text over the wiki",
  inputSchema: { type: "object", required: ["query"], properties: { query: { type: "string" } } },
};

function answer({ method, params }: Call): object {
  switch (method) {
    case "initialize":
      return { protocolVersion: params?.protocolVersion, capabilities: { tools: {} }, serverInfo: { name: "wiki", version: "1" } };
    case "tools/list":
      return { tools: [SEARCH] };
    case "tools/call":
      return { content: [{ type: "text", text: JSON.stringify({ asked: params?.arguments, pages: ["Disk fills up"] }) }] };
    default:
      return {};
  }
}

async function read(request: IncomingMessage): Promise<Call> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString()) as Call;
}

/** Starts it on the port, or on any for 0; the address is the answer. */
export async function startMcpServer(port: number): Promise<{ url: string; stop: () => void }> {
  const server: Server = createServer(async (request, response) => {
    if (request.method !== "POST") return response.writeHead(405).end();
    const call = await read(request);
    // A notification has no id and gets no answer.
    if (call.id === undefined) return response.writeHead(202).end();
    response.writeHead(200, { "content-type": "application/json" });
    return response.end(JSON.stringify({ jsonrpc: "2.0", id: call.id, result: answer(call) }));
  });
  await new Promise<void>((listening) => server.listen(port, "127.0.0.1", listening));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`, stop: () => server.close() };
}
