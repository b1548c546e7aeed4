import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { installKernelSpec, type KernelSpec, listKernelSpecs, removeKernelSpec, specPlace } from "../../../src/kernel";

describe("the kernelspec", () => {
  const folder = mkdtempSync(join(tmpdir(), "gradamp-spec-"));
  after(() => rmSync(folder, { recursive: true, force: true }));
  const environment = { JUPYTER_DATA_DIR: join(folder, "data"), VIRTUAL_ENV: join(folder, "env") };

  test("goes to the user's Jupyter, into a prefix, or into the active environment", () => {
    assert.equal(specPlace({}, environment), join(folder, "data", "kernels", "gradamp"));
    assert.equal(specPlace({ user: true }, { XDG_DATA_HOME: "/x" }), join("/x", "jupyter", "kernels", "gradamp"));
    assert.equal(specPlace({ prefix: "/p" }, environment), "/p/share/jupyter/kernels/gradamp");
    assert.equal(specPlace({ sysPrefix: true }, environment), join(folder, "env/share/jupyter/kernels/gradamp"));
    assert.equal(specPlace({ sysPrefix: true }, { CONDA_PREFIX: "/c" }), "/c/share/jupyter/kernels/gradamp");
    assert.throws(() => specPlace({ user: true, prefix: "/p" }), /found several/);
  });

  test("starts this Node and this gradamp, and has logos", () => {
    const written = installKernelSpec({}, environment);
    assert.deepEqual(readdirSync(written).sort(), ["kernel.json", "logo-32x32.png", "logo-64x64.png", "logo-svg.svg"]);
    const spec = JSON.parse(readFileSync(join(written, "kernel.json"), "utf8")) as KernelSpec;
    assert.equal(spec.display_name, "TypeScript (gradamp)");
    assert.equal(spec.argv[0], process.execPath);
    assert.ok(existsSync(spec.argv[1] ?? ""));
    assert.equal(spec.argv.at(-1), "{connection_file}");
  });

  test("is listed in Jupyter's order, with what is wrong with it", () => {
    installKernelSpec({ sysPrefix: true }, environment);
    const file = join(folder, "env/share/jupyter/kernels/gradamp/kernel.json");
    writeFileSync(file, readFileSync(file, "utf8").replace(/"[^"]*kernel\.cjs"/, '"/gone/kernel.cjs"'));
    assert.deepEqual(
      listKernelSpecs(environment)
        .filter((spec) => spec.folder.startsWith(folder))
        .map((spec) => spec.problem),
      [null, "/gone/kernel.cjs is gone; install it again"],
    );
  });

  test("is removed, and nobody else's", () => {
    assert.equal(removeKernelSpec({}, environment), join(folder, "data", "kernels", "gradamp"));
    assert.equal(removeKernelSpec({}, environment), null);
    const foreign = specPlace({ prefix: folder });
    mkdirSync(foreign, { recursive: true });
    writeFileSync(join(foreign, "kernel.json"), '{ "argv": ["other"] }');
    assert.throws(() => removeKernelSpec({ prefix: folder }), /to be gradamp's kernel but found another/);
    assert.ok(existsSync(foreign));
  });
});
