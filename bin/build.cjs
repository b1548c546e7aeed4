// Compiles src, test and bench into dist/.  `npx tsc` would be the older TypeScript that tslab brings along, so the
// project's own is named by its path.
const { spawnSync } = require("node:child_process");
const { existsSync, readdirSync, rmSync } = require("node:fs");
const { join } = require("node:path");

const root = join(__dirname, "..");
const compiler = join(root, "node_modules", "typescript", "bin", "tsc");
const { status, error } = spawnSync(process.execPath, [compiler, "-p", join(root, "tsconfig.json")], {
  stdio: "inherit",
});
if (error) throw error;

// The compiler leaves what it made of a file that is gone, and the tests would go on running it.
for (const folder of ["src", "test", "bench"].filter((name) => existsSync(join(root, "dist", name)))) {
  for (const file of readdirSync(join(root, "dist", folder), { recursive: true })) {
    const source = join(root, folder, file.replace(/(\.d)?\.[jt]s$/, ".ts"));
    if (/\.[jt]s$/.test(file) && !existsSync(source)) rmSync(join(root, "dist", folder, file));
  }
}
process.exitCode = status ?? 1;
