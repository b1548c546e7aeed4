import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { packageRoot } from "../../src/files/package-root";
import { runNode } from "../support/run-node";

describe("gradamp kernel, where no Jupyter is", () => {
  const folder = mkdtempSync(join(tmpdir(), "gradamp-kernel-cli-"));
  after(() => rmSync(folder, { recursive: true, force: true }));
  const work = join(folder, "work");
  mkdirSync(work);
  const active = join(folder, "active");
  const environment = {
    PATH: "/nowhere",
    HOME: folder,
    XDG_DATA_HOME: join(folder, "share"),
    JUPYTER_PATH: join(folder, "beside"),
    JUPYTER_DATA_DIR: "",
    VIRTUAL_ENV: active,
    CONDA_PREFIX: "",
  };
  const kernel = (...words: string[]) =>
    runNode([join(packageRoot(), "bin", "gradamp.cjs"), "kernel", ...words], { cwd: work, environment });
  const places: [words: string[], place: string][] = [
    [[], join(folder, "share", "jupyter")],
    [["--user"], join(folder, "share", "jupyter")],
    [["--prefix", join(folder, "beside")], join(folder, "beside", "share", "jupyter")],
    [["--sys-prefix"], join(active, "share", "jupyter")],
  ];

  for (const [words, place] of places)
    test(`installs it, says what opens it, lists it and removes it: ${words[0] ?? "no option"}`, () => {
      const spec = join(place, "kernels", "gradamp");
      const installed = kernel("install", ...words);
      assert.deepEqual([installed.status, installed.stdout], [0, `${spec}\n`]);
      assert.match(installed.stderr, /^No Jupyter is on PATH\. `gradamp lab` sets up a JupyterLab/);
      assert.match(readFileSync(join(spec, "kernel.json"), "utf8"), /TypeScript \(gradamp\)/);

      const look = words[0] === "--prefix" ? words : [];
      const listed = JSON.parse(kernel("list", "--json", ...look).stdout) as { folder: string; problem: unknown }[];
      assert.deepEqual(
        listed.map((each) => [each.folder, each.problem]).filter(([path]) => String(path).startsWith(folder)),
        [[spec, null]],
      );
      assert.match(
        kernel("list", ...look).stdout,
        new RegExp(`${spec}\\n  gradamp \\d+\\.\\d+\\.\\d+ in ${packageRoot()}`),
      );

      const removed = kernel("remove", ...words);
      assert.deepEqual([removed.status, removed.stdout], [0, `${spec}\n`]);
      assert.equal(existsSync(spec), false);
      const again = kernel("remove", ...words);
      assert.deepEqual([again.status, again.stderr], [1, "There is none\n"]);
    });

  test("refuses two places at once", () => {
    const { status, stderr } = kernel("install", "--user", "--prefix", folder);
    assert.equal(status, 2);
    assert.match(stderr, /--user' cannot be used with option '--prefix/);
  });

  for (const command of ["install", "list", "remove"])
    test(`explains ${command}`, () => {
      const { status, stdout } = kernel(command, "--help");
      assert.equal(status, 0);
      assert.match(stdout, new RegExp(`^Usage: gradamp kernel ${command}`));
      assert.match(stdout, /--prefix <folder>/);
    });
});

test("gradamp lab says what to install where there is no Python", () => {
  const folder = mkdtempSync(join(tmpdir(), "gradamp-lab-cli-"));
  try {
    const { status, stderr } = runNode([join(packageRoot(), "bin", "gradamp.cjs"), "lab", folder, "--setup-only"], {
      environment: { PATH: "/nowhere", PYTHON: "" },
    });
    assert.equal(status, 1);
    assert.match(stderr, /Python 3/);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
