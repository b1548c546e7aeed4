/**
 * Runs tfjs-core's specs in a process of its own: `node run-specs.js op-by-op|compiled OUTPUT [WORD]` writes what became of
 * each spec, and of each compiled call, to a file.
 */
import jasmineCore from "jasmine-core";
import { writeFileSync } from "node:fs";
import { tf } from "../../src/tensorflow";
import { install } from "../../src/session";
import { compiledLibrary, type CompiledCounts } from "./compiled-library";
import { admitSpecs, requireOfCore, specFiles } from "./load-specs";

/** What the file holds. */
export interface SpecsOutcome {
  /** Of each spec by its full name: why it failed, or null where it passed. */
  readonly specs: Readonly<Record<string, string | null>>;
  readonly compiled: { same: number; rounded: Record<string, number>; failed: number; refused: Record<string, string> };
}

/** A spec takes milliseconds; with a compiler beside it, more. */
const TIMEOUT = 60_000;

function main([mode, output, word = ""]: readonly string[]): void {
  install();
  const counts: CompiledCounts = { same: 0, rounded: new Map(), failed: 0, refused: new Map() };
  const differences: string[] = [];
  const core = require("@tensorflow/tfjs-core") as Record<string, unknown>;
  admitSpecs(mode === "compiled" ? compiledLibrary(core, counts, (text) => differences.push(text)) : core);

  const jasmine = jasmineCore.core(jasmineCore);
  const env = jasmine.getEnv();
  Object.assign(globalThis, jasmineCore.interface(jasmine, env), { jasmine });
  const files = specFiles();
  const { setTestEnvs } = requireOfCore("jasmine_util.js") as { setTestEnvs(environments: object[]): void };
  setTestEnvs([{ name: "tensorflow", backendName: "tensorflow", flags: {}, isDataSync: true }]);
  env.configure({
    // As jasmine's were when these specs were written.
    forbidDuplicateNames: false,
    random: false,
    specFilter: (spec) => spec.getFullName().includes(word),
  });
  for (const file of files) requireOfCore(file);
  jasmine.DEFAULT_TIMEOUT_INTERVAL = TIMEOUT;

  const specs: Record<string, string | null> = {};
  env.addReporter({
    specStarted: () => void differences.splice(0),
    specDone({ fullName, status, failedExpectations }) {
      if (status === "excluded" || status === "pending") return;
      let name = fullName.replace(" tensorflow {}", "");
      for (let count = 2; name in specs; count++) name = `${name.replace(/ #\d+$/, "")} #${count}`;
      const messages = [...failedExpectations.map(({ message }) => message), ...differences];
      specs[name] = messages.length === 0 && status === "passed" ? null : messages.join("\n") || status;
    },
    jasmineDone({ failedExpectations }) {
      for (const { message } of failedExpectations) specs["outside of specs"] = message;
      const outcome: SpecsOutcome = {
        specs,
        compiled: {
          ...counts,
          rounded: Object.fromEntries(counts.rounded),
          refused: Object.fromEntries(counts.refused),
        },
      };
      writeFileSync(output!, `${JSON.stringify(outcome, null, 1)}\n`);
      console.log(`${tf.getBackend()}: ${Object.keys(specs).length} specs`);
      process.exit();
    },
  });
  env.execute();
}

main(process.argv.slice(2));
