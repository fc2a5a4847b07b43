/*
 * What the tests run against. With BASE_URL (and E2E_EMAIL, E2E_PASSWORD) a server that is up and has investigated
 * something, such as the one that `make demo` starts; otherwise the built console before the mock.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { preview } from "vite";
import type { ProvidedContext } from "vitest";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    baseUrl: string;
    email: string;
    password: string;
    mocked: boolean;
    /** Somebody of an organization that nothing has come into yet; the password is the same. Empty if there is nobody. */
    newcomer: string;
    /** Where on this machine a test may put a server that Steward is allowed to call; 0 for anywhere. */
    mcpPort: number;
    /** Where the server thinks that Supabase is, and the secret of its JWTs; port 0 for nowhere. */
    supabase: { port: number; secret: string };
  }
}

const folder = fileURLToPath(new URL("..", import.meta.url));

export default async function setup(project: TestProject) {
  const { E2E_TARGET, E2E_EMAIL, E2E_PASSWORD, E2E_NEWCOMER, E2E_MCP_PORT, E2E_SUPABASE_PORT, E2E_SUPABASE_SECRET } = process.env;
  if (E2E_TARGET) {
    if (!E2E_EMAIL || !E2E_PASSWORD) throw new Error("BASE_URL needs E2E_EMAIL and E2E_PASSWORD beside it");
    provide(project, {
      baseUrl: E2E_TARGET.replace(/\/$/, ""),
      email: E2E_EMAIL,
      password: E2E_PASSWORD,
      mocked: false,
      newcomer: E2E_NEWCOMER ?? "",
      mcpPort: Number(E2E_MCP_PORT ?? 0),
      supabase: { port: Number(E2E_SUPABASE_PORT ?? 0), secret: E2E_SUPABASE_SECRET ?? "" },
    });
    return undefined;
  }
  if (!existsSync(join(folder, "dist/index.html"))) throw new Error("Build the console first: npm run build");
  const port = await freePort();
  const mock = spawn(process.execPath, [join(folder, "mock/server.mjs")], {
    env: { ...process.env, MOCK_PORT: String(port), MOCK_STEP_MS: "400" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  await firstOutput(mock);
  process.env["STEWARD_CONSOLE_API"] = `http://127.0.0.1:${port}`;
  const server = await preview({ root: folder, logLevel: "error", preview: { port: await freePort(), strictPort: true } });
  const url = server.resolvedUrls?.local[0];
  if (!url) throw new Error("vite preview has no address");
  provide(project, { baseUrl: url.replace(/\/$/, ""), email: "ada@acme.test", password: "steward-steward", mocked: true, newcomer: "new@acme.test", mcpPort: 0, supabase: { port: 0, secret: "" } });
  return async () => {
    mock.kill();
    await server.close();
  };
}

function provide(project: TestProject, context: ProvidedContext): void {
  for (const [name, value] of Object.entries(context)) project.provide(name as keyof ProvidedContext, value as never);
}

function firstOutput(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    child.stdout?.once("data", () => resolve());
    child.once("exit", (code) => reject(new Error(`The mock ended with ${code}`)));
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      const port = typeof address === "object" && address ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}
