// Writes src/api/schema.d.ts from the server's openapi.json. It runs with its own TypeScript:
// openapi-typescript needs version 5 as a peer, the console compiles with a newer one.
import { execFileSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const contract = pathToFileURL(join(here, "../../../openapi.json"));
const target = join(here, "../../src/api/schema.d.ts");

if (!existsSync(join(here, "node_modules/openapi-typescript"))) {
  execFileSync("npm", ["ci"], { cwd: here, stdio: "inherit" });
}
const { default: openapiTS, astToString } = await import("openapi-typescript");
const banner = "// Generated from openapi.json by `npm run generate`. Do not edit.\n\n";
writeFileSync(target, banner + astToString(await openapiTS(contract)));
