import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";

import { type ReadReport, readingName, readingsOf, writeReadings } from "../../src/cli/reproduce/readings";
import { writeReport } from "../../src/cli/reproduce/write-report";
import { reproductionTrials } from "../../src/experiments";
import { Sweep } from "../../src/sweeps";
import { madeUpResults } from "../../src/sweeps/reproduction-power";

const base = mkdtempSync(join(tmpdir(), "report-"));
after(() => rmSync(base, { recursive: true, force: true }));

describe("the report of a reproduction, from made-up results of the right shape", () => {
  for (const paper of ["vgp", "ga", "iga"] as const)
    for (const scale of ["demo", "short", "paper"] as const)
      test(`${paper} at ${scale}: every table and figure that its trials allow`, async () => {
        const trials = reproductionTrials(paper, { scale, seeds: 0 });
        const sweep = new Sweep(join(base, `${paper}-${scale}`), { trials });
        const results = madeUpResults(paper, { scale, effect: "published" });
        const { path, json } = await writeReport(sweep, paper, { scale, seconds: 1, results });
        const { counts, figures } = json;
        const believe = json.believe as { readonly chosenBy: string; readonly runs: number }[];
        const page = readFileSync(join(sweep.folder, "report.html"), "utf8");
        for (const heading of ["What to believe", "Claims", "Cells as the paper has them"])
          for (const text of [page, readFileSync(path, "utf8")]) assert.ok(text.includes(heading), heading);
        for (const name of ["cells", "claims", "results", "chosen-by-validation"])
          assert.ok(existsSync(join(sweep.folder, `${name}.csv`)), name);
        const judged = (what: "cells" | "claims") =>
          (counts[what]["reproduced"] ?? 0) + (counts[what]["inconclusive"] ?? 0);
        if (scale === "demo") assert.deepEqual([judged("cells"), judged("claims")], [0, 0]);
        else assert.ok((counts.claims["reproduced"] ?? 0) > 0, JSON.stringify(counts));
        // At paper scale nothing is held out, and there is something to believe all the same.
        assert.ok(believe.length > 0);
        const by = new Set(believe.map(({ chosenBy }) => chosenBy));
        assert.deepEqual([...by], [scale === "paper" && paper !== "vgp" ? "test" : "validation"]);
        assert.ok(believe.some(({ runs }) => runs >= 2));
        if (scale === "paper" && paper !== "vgp") assert.match(page, /--split held-out runs/);
        const drawn = figures.filter(({ missing }) => missing === null).map(({ heading }) => heading);
        // Curves and gradient flow need runs, parts that a scale leaves out their trials.
        const needed = { vgp: /Figure 7/, ga: /Figures? (1|4)/, iga: /Figures? (1|3)/ }[paper];
        assert.ok(
          drawn.some((heading) => needed.test(heading)),
          JSON.stringify(figures),
        );
        if (scale === "paper" && paper !== "vgp")
          assert.deepEqual(figures.filter(({ missing, heading }) => missing !== null && !/best models/.test(heading)), []); // prettier-ignore
      });
});

describe("several readings of a paper", () => {
  test("every combination of what is left open is a reading, a repeated answer one", () => {
    assert.deepEqual(readingsOf({}), [{}]);
    const four = readingsOf({ scope: ["backprop", "parameters", "backprop"], weightDecay: [0, 5e-4] });
    assert.deepEqual(four.map(readingName), ["backprop-decay-0", "backprop-decay-0.0005", "parameters-decay-0", "parameters-decay-0.0005"]); // prettier-ignore
    assert.deepEqual(readingsOf({ readingOfG: ["G", "GNet"] }), [{ readingOfG: "G" }, { readingOfG: "GNet" }]);
  });

  test("stand side by side: a claim in a row, a reading in a column, and what was not run is said", async () => {
    const reports: ReadReport[] = [];
    for (const reading of readingsOf({ scope: ["backprop", "parameters"] })) {
      const folder = join(base, "readings", readingName(reading));
      const options = { scale: "short", ...reading, seeds: 5 } as const;
      const sweep = new Sweep(folder, { trials: reproductionTrials("ga", options) });
      // Under the second reading nothing is amplified to any effect.
      const results = madeUpResults("ga", { ...options, effect: reading.scope === "backprop" ? "published" : "none" });
      reports.push({ reading, report: await writeReport(sweep, "ga", { scale: "short", seconds: 1, results }) });
    }
    const { path, text, json } = writeReadings(join(base, "readings"), "Gradient amplification (2020)", reports);
    const { claims, believe, readings } = json as Record<"claims" | "believe" | "readings", Record<string, string>[]>;
    assert.equal(readings.length, 2);
    reports.forEach(({ reading, report }) => {
      const own = report.json.claims as { claim: string; source: string; status: string }[];
      for (const { claim, source, status } of own) {
        const row = claims.find((one) => one["claim"] === claim && one["source"] === source)!;
        assert.equal(row[readingName(reading)]!.split(" (")[0], status, claim);
      }
    });
    const verdicts = (name: string) => believe.map((row) => row[name]!.split(" ")[0]);
    assert.ok(verdicts("backprop").includes("gains"), String(verdicts("backprop")));
    assert.ok(!verdicts("parameters").includes("gains"), String(verdicts("parameters")));
    for (const place of [path, path.replace(/md$/, "html")]) {
      const page = readFileSync(place, "utf8");
      for (const word of ["backprop", "parameters", "no number enters two"]) assert.ok(page.includes(word), `${place}: ${word}`); // prettier-ignore
    }
    assert.match(text, /backprop +│? *parameters|backprop\s+parameters/);
  });
});
