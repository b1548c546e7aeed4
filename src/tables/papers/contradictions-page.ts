import { checkTable } from "../../options";
import type { ColumnTable } from "arquero";

import { toMarkdown } from "../render/to-markdown";

/**
 * A page in Markdown of what in the papers does not agree with itself: docs/contradictions.md.
 *
 * @param checks What `ga.table.checkPapers` gives.
 * @param remarks What `ga.publishedRemarks` gives.
 * @throws {TypeError} if an argument is of another kind
 * @example
 * import * as ga from "gradamp";
 *
 * const checks = ga.table.checkPapers([ga.published("vgp"), ga.published("ga"), ga.published("iga")]);
 * console.log(ga.table.contradictionsPage(checks, ga.publishedRemarks()).split("\n")[0]);
 */
export function contradictionsPage(checks: ColumnTable, remarks: ColumnTable): string {
  checkTable(checks);
  checkTable(remarks);
  const wrong = checks.filter((row: { agrees: boolean }) => !row.agrees);
  const total = checks.numRows();
  return `# Where the papers contradict themselves

*Written by a test from data/published/; \`GRADAMP_UPDATE=1 node dist/test/run.js contradictions\` writes it anew.*

vgp: Analysis of Vanishing gradient problem. ga: Gradient amplification (2020). iga: Intelligent gradient amplification (2023).

## In numbers

Every improvement, overhead and mean that the papers derive from their own numbers was recomputed, ${total} in all: ${total - wrong.numRows()} agree within the rounding of what is printed (of those that a paper gives as "about", within a tenth), ${wrong.numRows()} do not.

${toMarkdown(wrong, { columns: ["paper", "source", "claim", "printed", "recomputed"], labels: { paper: "Paper", source: "Where", claim: "Claim", printed: "Printed", recomputed: "Recomputed" } })}
## In words

${toMarkdown(remarks, { labels: { paper: "Paper", source: "Where", says: "It says", but: "But", here: "Read here as" } })}`;
}
