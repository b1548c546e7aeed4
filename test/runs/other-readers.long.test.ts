import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test, type TestContext } from "node:test";

import { compact, writeRunInfo, writeSegment } from "../../src/runs";
import { gradientRows, temporaryFolder } from "./support";

/** A Python that has pyarrow and polars: GRADAMP_PYTHON, or one made with pip for this test. */
function python(t: TestContext): string {
  const given = process.env["GRADAMP_PYTHON"];
  if (given !== undefined) return given;
  const venv = join(temporaryFolder(t), "venv");
  execFileSync("python3", ["-m", "venv", venv]);
  const bin = join(venv, existsSync(join(venv, "bin")) ? "bin" : "Scripts");
  execFileSync(join(bin, "pip"), ["install", "--quiet", "pyarrow", "polars"]);
  return join(bin, "python");
}

const script = `
import sys, json, glob
import pyarrow as pa, pyarrow.ipc, pyarrow.dataset, polars
folder = sys.argv[1]
one, = glob.glob(folder + "/a/gradients/*.arrow")
table = pa.ipc.open_file(one).read_all()
table.validate(full=True)
frame = polars.read_ipc(one)
both = pa.dataset.dataset(sorted(glob.glob(folder + "/*/gradients/*.arrow")), format="ipc").to_table()
print(json.dumps({
  "schema": [[f.name, str(f.type)] for f in table.schema],
  "rows": table.to_pylist(),
  "polars": frame.to_dicts(),
  "sum": sum(both["meanAbs"].to_pylist()),
  "count": both.num_rows,
}))
`;

test("pyarrow and polars read what a run wrote", (t) => {
  const folder = temporaryFolder(t);
  const info = { name: "a", model: "VGG08", parameters: 1, dataset: "d", options: {}, status: "finished" };
  const rows = [1, 2].map((epoch) =>
    gradientRows(1, epoch, ["conv", "bn"]).map((row) => (epoch === 2 ? { ...row, l2: 1 / 3 } : row)),
  );
  for (const run of ["a", "b"]) {
    writeRunInfo(join(folder, run), info);
    for (const part of rows) writeSegment(join(folder, run), "gradients", part);
  }
  compact(join(folder, "a"), "gradients");
  const read = JSON.parse(execFileSync(python(t), ["-c", script, folder], { encoding: "utf8" })) as Record<
    string,
    unknown
  >;
  const expected = rows.flat().map((row) => ({ ...row, l2: "l2" in row ? row.l2 : null }));
  const text = "dictionary<values=string, indices=int32, ordered=0>";
  assert.deepEqual(read["schema"], [
    ["epoch", "int32"],
    ["step", "int32"],
    ["index", "int32"],
    ["layer", text],
    ["weight", text],
    ["size", "int32"],
    ["meanAbs", "double"],
    ["l2", "double"],
  ]);
  assert.deepEqual(read["rows"], expected);
  assert.deepEqual(read["polars"], expected);
  assert.equal(read["count"], 8);
  assert.ok(Math.abs(Number(read["sum"]) - 2 * expected.reduce((sum, row) => sum + row.meanAbs, 0)) < 1e-12);
});
