import type { Fuzzer } from "../fuzz";
import { shrink } from "../shrink";
import { checkProgram, type Outcome } from "./check";
import { generateProgram } from "./generate";
import { scriptOf } from "./program";
import { smallerPrograms } from "./smaller";

/** Random tensor programs, compiled against op by op. */
export const tensorPrograms: Fuzzer = {
  name: "tensor programs",
  async run(seed) {
    const program = generateProgram(seed);
    if (!program) return "skipped";
    const outcome = checkProgram(program);
    if (outcome.kind === "same" || outcome.kind === "skipped") return outcome.kind;
    const kind = kindOf(outcome);
    const smallest = await shrink(program, smallerPrograms, (each) => kindOf(checkProgram(each)) === kind);
    const last = checkProgram(smallest);
    return { seed, why: "why" in last ? last.why : outcome.why, script: scriptOf(smallest, seed) };
  },
};

/** What a smaller program must share with the one that failed: for errors, the message but for what it counts. */
const kindOf = (outcome: Outcome) =>
  outcome.kind === "failed" ? outcome.why.replace(/\d+|\[.*?\]/g, "") : outcome.kind;
