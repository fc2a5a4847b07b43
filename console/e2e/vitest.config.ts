import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

// Vitest gives BASE_URL a meaning of its own later on, so it is taken down before.
process.env["E2E_TARGET"] = process.env["BASE_URL"] ?? "";

export default defineConfig({
  root: fileURLToPath(new URL(".", import.meta.url)),
  test: {
    include: ["**/*.e2e.ts"],
    globalSetup: "./target.ts",
    // One browser at a time: the tests share a server and its data.
    fileParallelism: false,
    testTimeout: 90_000,
    hookTimeout: 90_000,
  },
});
