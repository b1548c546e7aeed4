import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import ts from "typescript";
import { packageRoot } from "../../src/files/package-root";
import { nativeBackend } from "../../src/tensorflow";
import { runCommand } from "../../src/tensorflow/setup/run-command";

/** All places of a package under a folder of npm's. */
function placesOf(name: string, folder: string): string[] {
  const nested = readdirSync(folder, { recursive: true, encoding: "utf8" });
  const ending = join("node_modules", name, "package.json");
  return nested.filter((path) => join("node_modules", path).endsWith(ending)).map((path) => join(folder, path));
}

describe("gradamp init, from a packed tarball, with an empty npm cache", () => {
  const folder = mkdtempSync(join(tmpdir(), "gradamp-init-"));
  const project = join(folder, "My project");
  const environment = { ...process.env, npm_config_cache: join(folder, "npm-cache") };
  after(() => rmSync(folder, { recursive: true, force: true }));

  /** Runs a command to its good end and returns what it wrote to standard output. */
  async function run(command: string, words: readonly string[], cwd: string, inherited = environment): Promise<string> {
    const { status, stdout, output } = await runCommand(command, words, { cwd, environment: inherited });
    assert.equal(status, 0, `${command} ${words.join(" ")}:\n${output}`);
    return stdout;
  }

  before(async () => {
    // Packing uses a cache too; it is another one.
    const packing = { ...environment, npm_config_cache: join(folder, "packing") };
    await run("npm", ["pack", packageRoot(), "--pack-destination", folder, "--ignore-scripts"], folder, packing);
    const tarball = readdirSync(folder).find((name) => name.endsWith(".tgz")) ?? "";
    const gradamp = join(packageRoot(), "bin", "gradamp.cjs");
    await run(process.execPath, [gradamp, "init", project, "--package", join(folder, tarball)], folder);
    assert.ok(
      !existsSync(join(environment.npm_config_cache, "_cacache")),
      "the cache is empty before the one installation",
    );
    await run("npm", ["install", "--no-audit", "--no-fund"], project);
  });

  test("installs nothing from beside the registry, and no script of tfjs-node-gpu's", () => {
    const lock = JSON.parse(readFileSync(join(project, "package-lock.json"), "utf8")) as {
      packages: Record<string, { resolved?: string; name?: string }>;
    };
    const places = Object.values(lock.packages).flatMap(({ resolved }) => resolved ?? []);
    const hosts = new Set(places.filter((place) => place.startsWith("http")).map((place) => new URL(place).host));
    // npm may be told to leave out where a package of its registry came from.
    assert.ok(hosts.size <= 1, [...hosts].join(", "));
    assert.equal(lock.packages["node_modules/xlsx"]?.name, "@e965/xlsx");
    const manifest = join(project, "node_modules", "@tensorflow", "tfjs-node-gpu", "package.json");
    assert.equal("scripts" in (JSON.parse(readFileSync(manifest, "utf8")) as object), false);
  });

  test("has one engine, which danfo uses as well", async () => {
    for (const name of ["@tensorflow/tfjs-core", "@tensorflow/tfjs-layers", "@tensorflow/tfjs-node-gpu"])
      assert.equal(placesOf(name, join(project, "node_modules")).length, 1, name);
    const program = 'console.log(require("danfojs-node").tensorflow === require("gradamp").tf);';
    assert.equal(await run(process.execPath, ["-e", program], project), "true\n");
  });

  test("runs a script on native TensorFlow", { skip: nativeBackend() === null }, async () => {
    const program = [
      'import * as ga from "gradamp";',
      "const data = ga.embedded({ train: 40, validation: 20, test: 20 });",
      "const run = await ga.train(ga.vgg08({ classes: 10, width: 4 }), data, { epochs: 1, batchSize: 20 });",
      "console.log(JSON.stringify({ backend: ga.tf.getBackend(), loss: Number.isFinite(run.epochs[0].trainLoss), rows: ga.table.results([run]).toDanfo().shape[0] }));",
    ].join("\n");
    writeFileSync(join(project, "first.mjs"), program);
    const last = (await run(process.execPath, ["first.mjs"], project)).trim().split("\n").at(-1) ?? "";
    assert.deepEqual(JSON.parse(last), { backend: "tensorflow", loss: true, rows: 1 });
    assert.match(await run("npx", ["gradamp", "doctor"], project), /TensorFlow/);
  });

  test(
    "has a notebook that runs, in the kernel of the installed copy",
    { skip: nativeBackend() === null },
    async () => {
      const program = `
      const { dirname, join } = require("node:path");
      const { executeNotebook } = require(join(dirname(require.resolve("gradamp/package.json")), "dist/src/execute"));
      executeNotebook("start.ipynb", { output: "executed.ipynb" }).then(({ cells }) =>
        console.log(JSON.stringify(cells.filter((cell) => cell.cell_type === "code").map((cell) => [cell.execution_count, cell.outputs.length > 0]))));`;
      const last = (await run(process.execPath, ["-e", program], project)).trim().split("\n").at(-1) ?? "";
      assert.deepEqual(JSON.parse(last), [
        [1, true],
        [2, true],
        [3, true],
        [4, true],
      ]);
    },
  );

  test("has a tsconfig.json under which a script is checked", () => {
    const path = join(project, "checked.ts");
    const parsed = ts.getParsedCommandLineOfConfigFile(
      join(project, "tsconfig.json"),
      {},
      {
        ...ts.sys,
        onUnRecoverableConfigFileDiagnostic: (diagnostic) => assert.fail(String(diagnostic.messageText)),
      },
    );
    const check = (text: string) => {
      writeFileSync(path, text);
      const diagnostics = ts.getPreEmitDiagnostics(ts.createProgram([path], parsed?.options ?? {}));
      return diagnostics.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
    };
    assert.deepEqual(check('import * as ga from "gradamp";\nconsole.log(ga.vgg08({ classes: 10 }).name);\n'), []);
    assert.match(check('import * as ga from "gradamp";\nga.vgg08({ clases: 10 });\n').join("\n"), /'classes'/);
  });

  test("can begin another project", async () => {
    const second = join(folder, "second");
    const files = (await run("npx", ["gradamp", "init", second], project)).trim().split("\n");
    assert.ok(files.every((file) => existsSync(join(second, file))));
    assert.ok(files.some((file) => /^vendor\/gradamp-.*\.tgz$/.test(file)));
  });
});
