// Writes the TypeScript that Modelina makes from an AsyncAPI bundle: node modelina.mjs BUNDLE FOLDER
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { TypeScriptGenerator } from "@asyncapi/modelina";

const [bundle, folder] = process.argv.slice(2);
const generator = new TypeScriptGenerator({ modelType: "interface", enumType: "union", mapType: "record", rawPropertyNames: true });
const options = { exportType: "named", moduleSystem: "ESM" };
const models = await generator.generateCompleteModels(JSON.parse(readFileSync(bundle, "utf8")), options);
mkdirSync(folder, { recursive: true });
for (const model of models) writeFileSync(join(folder, `${model.modelName}.ts`), model.result);
writeFileSync(join(folder, "index.ts"), models.map((model) => `export * from "./${model.modelName}";\n`).join(""));
