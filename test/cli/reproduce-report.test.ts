import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";

import { writeReport } from "../../src/cli/reproduce/write-report";
import { reproductionTrials } from "../../src/experiments";
import { Sweep } from "../../src/sweeps";
import { madeUpResults } from "../../src/sweeps/reproduction-power";

const base = mkdtempSync(join(tmpdir(), "report-"));
after(() => rmSync(base, { recursive: true, force: true }));

interface ReportJson {
  readonly counts: Record<"cells" | "claims", Record<string, number>>;
  readonly believe: { readonly chosenBy: string; readonly runs: number }[];
  readonly figures: { readonly heading: string; readonly missing: string | null }[];
}

describe("the report of a reproduction, from made-up results of the right shape", () => {
  for (const paper of ["vgp", "ga", "iga"] as const)
    for (const scale of ["demo", "short", "paper"] as const)
      test(`${paper} at ${scale}: every table and figure that its trials allow`, async () => {
        const trials = reproductionTrials(paper, { scale, seeds: 0 });
        const sweep = new Sweep(join(base, `${paper}-${scale}`), { trials });
        const results = madeUpResults(paper, { scale, effect: "published" });
        const { path, json } = await writeReport(sweep, paper, { scale, seconds: 1, results });
        const { counts, believe, figures } = json as ReportJson;
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
