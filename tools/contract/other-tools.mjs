// Shows that other people's tools accept the bundles and the TypeScript stubs. Run by `make other-tools`, from the checkout's root.
// Each line names a tool and a file that it accepted or refused. Exit status: 1 when a tool refused a file, 2 when a tool or a file is missing.

import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const OPENAPI = ["dist/openapi.json", "dist/openapi-3.1.json"];
const ASYNCAPI = "dist/asyncapi.json";
const STUBS = "dist/stubs/typescript/gws.d.ts";
const VENDORED = "tools/contract/asyncapi-3.0.0.schema.json";

const faults = [];

function report(tool, file, problems) {
  console.log(`${problems.length ? "REFUSED" : "accepted"}  ${tool}  ${file}`);
  for (const problem of problems) console.log(`          ${problem}`);
  faults.push(...problems);
}

function binary(name) {
  return join("node_modules", ".bin", name);
}

// Redocly counts warnings apart from errors and succeeds in spite of them; here both are refusals.
function redocly(file) {
  const run = spawnSync(binary("redocly"), ["lint", "--config", "redocly.yaml", "--format", "json", file], {
    encoding: "utf8",
    env: { ...process.env, REDOCLY_TELEMETRY: "off", REDOCLY_SUPPRESS_UPDATE_NOTICE: "true" },
  });
  const start = run.stdout.indexOf("{"); // a notice about Node may precede it
  if (start < 0) return [run.stderr.trim() || "no report"];
  const { problems } = JSON.parse(run.stdout.slice(start, run.stdout.lastIndexOf("}") + 1));
  return problems.map((p) => `${p.location?.[0]?.pointer ?? ""} ${p.ruleId}: ${p.message}`);
}

function compiled(file) {
  const run = spawnSync(binary("tsc"), ["--noEmit", "--strict", file], { encoding: "utf8" });
  return run.status === 0 ? [] : run.stdout.trim().split("\n");
}

async function openapiTypescript(file, folder) {
  const { astToString, default: openapiTS } = await import("openapi-typescript");
  try {
    const written = join(folder, "openapi.d.ts");
    writeFileSync(written, astToString(await openapiTS(pathToFileURL(resolve(file)))));
    return compiled(written);
  } catch (error) {
    return [error.message];
  }
}

async function asyncapiParser(file) {
  const { Parser } = createRequire(import.meta.url)("@asyncapi/parser");
  const { document, diagnostics } = await new Parser().parse(readFileSync(file, "utf8"));
  const refusals = diagnostics
    .filter((diagnostic) => diagnostic.severity <= 1) // errors and warnings; lower severities are advice
    .map((diagnostic) => `${diagnostic.path.join("/")} ${diagnostic.code}: ${diagnostic.message}`);
  return document || refusals.length ? refusals : ["it produced no document"];
}

function sameSchema() {
  const official = JSON.parse(readFileSync("node_modules/@asyncapi/specs/schemas/3.0.0-without-$id.json", "utf8"));
  const ours = JSON.parse(readFileSync(VENDORED, "utf8"));
  return JSON.stringify(official) === JSON.stringify(ours) ? [] : ["it differs from the schema of that package"];
}

const missing = [...OPENAPI, ASYNCAPI, STUBS].filter((file) => !existsSync(file));
if (missing.length) {
  console.error(`${missing.join(", ")}: missing; run make contract stubs`);
  process.exit(2);
}
if (!existsSync(binary("redocly"))) {
  console.error("the tools are not installed; run npm ci");
  process.exit(2);
}
const folder = mkdtempSync(join(tmpdir(), "other-tools-"));
try {
  for (const file of [...OPENAPI, ASYNCAPI]) report("redocly lint", file, redocly(file));
  for (const file of OPENAPI) report("openapi-typescript", file, await openapiTypescript(file, folder));
  report("@asyncapi/parser", ASYNCAPI, await asyncapiParser(ASYNCAPI));
  report("@asyncapi/specs", VENDORED, sameSchema());
  report("tsc --strict", STUBS, compiled(STUBS));
} finally {
  rmSync(folder, { recursive: true });
}
process.exit(faults.length ? 1 : 0);
