// Writes src/api/schema.d.ts from the server's document in openapi/. It runs with its own TypeScript:
// openapi-typescript needs version 5 as a peer, the console compiles with a newer one.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const folder = join(here, "../../../openapi");
const target = join(here, "../../src/api/schema.d.ts");

if (!existsSync(join(here, "node_modules/openapi-typescript"))) {
  execFileSync("npm", ["ci"], { cwd: here, stdio: "inherit" });
}
// The parts are merged member by member, as the server split them, in the order of names.
function merge(into, part) {
  for (const [name, value] of Object.entries(part)) {
    into[name] =
      value && typeof value === "object" && !Array.isArray(value) ? merge(into[name] ?? {}, value) : value;
  }
  return into;
}

function sorted(value) {
  if (!value || typeof value !== "object" || Array.isArray(value)) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([name, inner]) => [name, sorted(inner)]));
}

const parts = readdirSync(folder)
  .filter((file) => file.endsWith(".json"))
  .map((file) => JSON.parse(readFileSync(join(folder, file), "utf8")));
const contract = sorted(parts.reduce(merge, {}));
const { default: openapiTS, astToString } = await import("openapi-typescript");
const banner = "// Generated from openapi/ by `npm run generate`. Do not edit.\n\n";
writeFileSync(target, banner + astToString(await openapiTS(contract)));
