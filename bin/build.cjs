// Compiles src, test and bench into dist/.  `npx tsc` would be the older TypeScript that tslab brings along, so the
// project's own is named by its path.
const { spawnSync } = require("node:child_process");
const { join } = require("node:path");

const root = join(__dirname, "..");
const compiler = join(root, "node_modules", "typescript", "bin", "tsc");
const { status, error } = spawnSync(process.execPath, [compiler, "-p", join(root, "tsconfig.json")], {
  stdio: "inherit",
});
if (error) throw error;
process.exitCode = status ?? 1;
