// Compiles src, test and bench into dist/, where anything has changed since the last build that went well: `npm run
// setup`, `test` and `demo` all begin with this.
const { spawnSync } = require("node:child_process");
const { createHash } = require("node:crypto");
const { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");

const root = join(__dirname, "..");
const stamp = join(root, "dist", "built");

/** A digest of every source, of what says how to compile it, and of the packages it is compiled against. */
function digest() {
  const hash = createHash("sha256");
  const sources = ["src", "test", "bench"].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts"))
      .map((file) => join(folder, file)),
  );
  for (const file of [...sources.sort(), "tsconfig.json", "package.json", "package-lock.json"])
    hash.update(`${file}\0`).update(readFileSync(join(root, file)));
  return hash.digest("hex");
}

/** Takes away what was compiled from sources that are gone, or the test runner would still run it. */
function sweep() {
  for (const file of readdirSync(join(root, "dist"), { recursive: true, encoding: "utf8" })) {
    const source = file.replace(/(\.d\.ts|\.js)$/, ".ts");
    if (source !== file && !existsSync(join(root, source))) rmSync(join(root, "dist", file));
  }
}

const now = digest();
if (!existsSync(stamp) || readFileSync(stamp, "utf8") !== now) {
  // `npx tsc` would be the older TypeScript that tslab brings along, so the project's own is named by its path.
  const compiler = join(root, "node_modules", "typescript", "bin", "tsc");
  const { status, error } = spawnSync(process.execPath, [compiler, "-p", join(root, "tsconfig.json")], {
    stdio: "inherit",
  });
  if (error) throw error;
  process.exitCode = status ?? 1;
  if (status === 0) {
    sweep();
    writeFileSync(stamp, now);
  }
}
