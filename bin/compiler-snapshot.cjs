// What Node makes the snapshot of the kernel's compiler from: it gives the script no `exports`, which compiled TypeScript wants.
const { readFileSync } = require("node:fs");
const { dirname, join } = require("node:path");
const { runInThisContext } = require("node:vm");

const file = join(__dirname, "..", "dist", "src", "kernel", "compiler", "process", "snapshot-entry.js");
const script = `(function (exports, require, __dirname) {${readFileSync(file, "utf8")}\n})`;
runInThisContext(script, { filename: file })({}, require, dirname(file));
