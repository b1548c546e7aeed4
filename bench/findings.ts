/** Keeps a study's runs in data/findings, and computes docs/findings.md from all that is kept. */
import { existsSync, readFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { type ColumnTable, fromCSV, table, toCSV } from "arquero";

import { writeFileAtomically } from "../src/files/write-file-atomically";
import { Sweep } from "../src/sweeps";
import { reproductionPower } from "../src/sweeps/reproduction-power";
import { sweepResults } from "../src/sweeps/sweep-results";
import { packageRoot } from "../src/files/package-root";
import { findingsPage, type StudyFiles } from "./findings/findings-page";
import { STUDIES } from "./findings/studies";
import { TENSORFLOW_VERSION } from "../src/tensorflow/setup/release";
import { words } from "./support/words";

const folder = join(packageRoot(), "data", "findings");

/** The files of a study; null where it was not run. */
export function readStudy(name: string): StudyFiles | null {
  const path = (what: string) => join(folder, `${name}${what}.csv`);
  if (!existsSync(path(""))) return null;
  const read = (what: string) => fromCSV(readFileSync(path(what), "utf8"));
  return { results: read(""), power: read("-power") };
}

/** A sweep's results with all that a run was told, and on what it ran. */
function keptResults(path: string): ColumnTable {
  const sweep = new Sweep(path, { write: false });
  const results = sweepResults(sweep);
  const rows = results.numRows();
  const same = (value: string) => Array.from({ length: rows }, () => value);
  const version = (JSON.parse(readFileSync(join(packageRoot(), "package.json"), "utf8")) as { version: string })
    .version;
  const seconds = (results.array("minutes") as (number | null)[]).map((m) => (m === null ? null : Math.round(m * 60)));
  const told = Object.entries({
    seconds,
    processor: same(cpus()[0]?.model.trim() ?? "unknown"),
    gradamp: same(version),
    tensorflow: same(TENSORFLOW_VERSION),
    trial: sweep.trials.map((trial) => JSON.stringify(trial)),
  });
  return results.assign(table(Object.fromEntries(told)));
}

function main(): void {
  const [name, path] = words(`Keep a study's runs in data/findings, and compute docs/findings.md from all that is kept.

npm run bench -- findings [-- STUDY FOLDER]

STUDY is one of ${STUDIES.map((study) => study.name).join(", ")}; FOLDER is what its
command wrote into. A study that is still
running can be kept as it is. Without them docs/findings.md is computed anew.
`);
  if (name !== undefined) {
    const study = STUDIES.find((each) => each.name === name);
    if (!study || path === undefined) {
      console.error(`Expected a study and its folder but found ${[name, path].filter(Boolean).join(" ")}: see --help`);
      process.exitCode = 2;
      return;
    }
    writeFileAtomically(join(folder, `${name}.csv`), toCSV(keptResults(path)));
    const { paper, scale, seeds } = study;
    const power = reproductionPower(paper, { scale, seeds, tables: 200 });
    writeFileAtomically(join(folder, `${name}-power.csv`), toCSV(power));
  }
  writeFileAtomically(join(packageRoot(), "docs", "findings.md"), findingsPage(STUDIES, readStudy));
}

if (require.main === module) main();
