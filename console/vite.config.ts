import react from "@vitejs/plugin-react";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const server = process.env.STEWARD_CONSOLE_API ?? "http://127.0.0.1:8089";
const proxy = Object.fromEntries(
  ["/api", "/hooks", "/healthz", "/openapi.json"].map((path) => [path, { target: server }]),
);

export default defineConfig({
  plugins: [react()],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  server: { host: "127.0.0.1", port: 5173, proxy },
  preview: { host: "127.0.0.1", proxy },
  build: {
    target: "es2022",
    // The palette is written with light-dark(), which these and all later versions know (May 2024).
    cssTarget: ["chrome123", "firefox120", "safari17.5"],
    chunkSizeWarningLimit: 700,
    reportCompressedSize: false,
  },
  test: {
    environment: "jsdom",
    include: ["src/**/*.test.{ts,tsx}"],
    setupFiles: ["src/test/setup.ts"],
  },
});
