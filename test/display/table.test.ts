import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

import { type ColumnTable, desc, table as plain } from "arquero";

import { published, Table, table } from "../../src/display";
import { runRecord } from "../tables/sample-runs";

const display = Symbol.for("Jupyter.display");
const sample = plain({ model: ["VGG08", "VGG38"], testAccuracy: [0.4684, 0.01] });

test("shows itself as HTML and as text", () => {
  const bundle = (Table.of(sample) as unknown as Record<symbol, () => Record<string, string>>)[display]?.() ?? {};
  assert.deepEqual(Object.keys(bundle), ["text/html", "text/plain"]);
  assert.match(bundle["text/html"] ?? "", /<strong>46\.84<\/strong>/);
  assert.equal(
    bundle["text/plain"],
    "Model  Test acc (%)\n─────  ────────────\nVGG08        46.84*\nVGG38         1.00",
  );
});

test("stays able to show itself through arquero's verbs, and keeps filter, groups and order", () => {
  const shown = Table.of(sample.filter("d => d.testAccuracy > 0").orderby(desc("model")).groupby("model"));
  assert.deepEqual(shown.objects(), [
    { model: "VGG38", testAccuracy: 0.01 },
    { model: "VGG08", testAccuracy: 0.4684 },
  ]);
  assert.equal(shown.isGrouped(), true);
  const verbs: ((t: Table) => ColumnTable)[] = [
    (t) => t.count(),
    (t) => t.ungroup().select("model"),
    (t) => t.derive({ x: "d => d.testAccuracy * 2" }),
    (t) => t.join(t.ungroup()),
    (t) => t.pivot("model", "testAccuracy"),
    (t) => t.reify(),
  ];
  for (const verb of verbs) assert.equal(verb(shown) instanceof Table, true, String(verb));
  assert.equal(Table.of(shown), shown);
});

test("ga.table and ga.published give such tables, and text where text is asked for", () => {
  assert.equal(table.results([runRecord({}, [{}])]) instanceof Table, true);
  assert.equal(published("vgp") instanceof Table, true);
  assert.equal(typeof table.toMarkdown(sample), "string");
  assert.equal(table.quantityOf("testAccuracy")?.label, "Test acc (%)");
});

test("saves all its rows in the way that the name's ending says", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "gradamp-table-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const long = Table.of(plain({ i: Array.from({ length: 50 }, (_, i) => i) }));
  const read = async (name: string) => {
    await long.save(join(folder, "deep", name));
    return readFileSync(join(folder, "deep", name), "utf8");
  };
  assert.equal((await read("a.csv")).split("\n").length, 52);
  assert.equal((await read("a.md")).split("\n").length, 53);
  assert.match(await read("a.tex"), /\\toprule[^]* {2}49 \\\\/);
  assert.match(await read("a.HTML"), /^<!doctype html>[^]*<td style="text-align:right">49<\/td>/i);
  assert.match(await read("a.txt"), /\n49\n/);
  await assert.rejects(long.save("a.xlsx"), {
    name: "RangeError",
    message: "Expected a name ending in .html, .md, .tex, .csv, .txt but found a.xlsx",
  });
});

test("hands itself to danfo", () => {
  assert.deepEqual(Table.of(sample).toDanfo().shape, [2, 2]);
});
