import { pairedDifference, type PairedDifference } from "../../statistics";
import { type Numbers, numbersOf } from "../papers/numbers";
import type { PublishedRow } from "../papers/published-row";
import { answers, freshRuns, seedValues } from "./as-published";
import { epochRuleOf, numberAt } from "./epoch-rule";
import { isDiverged, isFresh, isOriginal, type ResultRow, rowsOfNetwork } from "./result-row";

/** One side of a comparison: the runs of a setting that was fixed before they were made. */
export interface Side {
  readonly name: string;
  readonly rows: readonly ResultRow[] | null;
  /** Whether anything was run that answers it, be it once. */
  readonly known: boolean;
}

/** Of two sides it is said, or asked, whether one is above the other. */
export interface Comparison {
  readonly source: string;
  readonly claim: string;
  readonly published: string;
  readonly quantity: string;
  readonly paper: string;
  readonly above: Side;
  readonly below: Side;
  /** Over the seeds that both have; null where a side has no fresh runs. */
  readonly difference: PairedDifference | null;
}

/** All orders that a paper's tables state, and those that the controls ask, each with the runs that decide. */
export function comparisonsOf(rows: readonly ResultRow[], published: readonly PublishedRow[]): Comparison[] {
  const numbers = numbersOf(published);
  const found = [...vgp(numbers, rows), ...amplified(numbers, rows), ...controls(numbers, rows)];
  return found.map((comparison) => {
    const { paper, quantity, above, below } = comparison;
    const valueOf = (row: ResultRow) => numberAt(row, quantity, epochRuleOf(paper));
    const difference =
      above.rows === null || below.rows === null
        ? null
        : pairedDifference(seedValues(above.rows, valueOf), seedValues(below.rows, valueOf));
    return { ...comparison, difference };
  });
}

/** The runs that a published number is about, of which none was chosen by its own numbers. */
function sideOf(row: PublishedRow, rows: readonly ResultRow[], name: string): Side {
  const near = ({ learningRate }: ResultRow) =>
    row.learningRate === null || (learningRate !== null && Math.abs(learningRate / row.learningRate - 1) < 1e-6);
  const alike = rowsOfNetwork(rows, row.dataset, row.model).filter((result) => result.part !== "time" && near(result));
  const finished = (list: readonly ResultRow[]) =>
    list.filter((result) => isDiverged(result) || numberAt(result, row.quantity, epochRuleOf(row.paper)) !== null);
  if (row.method === "original") {
    const originals = finished(alike.filter(isOriginal));
    return { name, rows: originals.length > 0 ? originals : null, known: originals.length > 0 };
  }
  const answering = finished(alike.filter((result) => answers(row, result)));
  return { name, rows: freshRuns(answering, epochRuleOf(row.paper)), known: answering.length > 0 };
}

function vgp({ select }: Numbers, rows: readonly ResultRow[]): Omit<Comparison, "difference">[] {
  const accuracies = select({ paper: "vgp", quantity: "validationAccuracy" });
  const shallow = accuracies.find(({ model }) => model === "VGG08");
  if (!shallow) return [];
  const name = ({ model, learningRate }: PublishedRow) => `${model} (${learningRate?.toExponential()})`;
  return accuracies
    .filter((row) => row !== shallow)
    .map((row) => {
      const [above, below] = row.value > shallow.value ? [row, shallow] : [shallow, row];
      return compare(`${name(above)} above ${name(below)}, validation accuracy`, above, below, rows, name);
    });
}

/** Each method's best above the original, and each choice by gradients above the random one. */
function amplified({ select }: Numbers, rows: readonly ResultRow[]): Omit<Comparison, "difference">[] {
  const accuracies = select({ quantity: "testAccuracy" }).filter(({ source }) => source.startsWith("table"));
  return accuracies.flatMap((row) => {
    const base = accuracies.filter(({ dataset, model }) => dataset === row.dataset && model === row.model);
    return base
      .filter(({ method }) => method === "original" || (method === "random" && row.method.includes("case")))
      .filter(({ method }) => method !== row.method)
      .map((other) => {
        const [above, below] = row.value > other.value ? [row, other] : [other, row];
        const { dataset, model } = row;
        const claim = `${model}, ${dataset}: ${above.method} above ${below.method}, test accuracy`;
        return compare(claim, above, below, rows, ({ method }) => method);
      });
  });
}

function compare(
  claim: string,
  above: PublishedRow,
  below: PublishedRow,
  rows: readonly ResultRow[],
  name: (row: PublishedRow) => string,
): Omit<Comparison, "difference"> {
  const { source, quantity, paper } = above;
  const published = `${above.printed} > ${below.printed}`;
  return { source, claim, published, quantity, paper, above: sideOf(above, rows, name(above)), below: sideOf(below, rows, name(below)) }; // prettier-ignore
}

/** Each amplified method above a baseline that had as many tries, and above one whose learning rate is raised as its layers' is. */
function controls({ select }: Numbers, rows: readonly ResultRow[]): Omit<Comparison, "difference">[] {
  const accuracies = select({ quantity: "testAccuracy" }).filter(({ source }) => source.startsWith("table"));
  const originals = accuracies.filter(({ method }) => method === "original");
  return originals.flatMap(({ dataset, model, paper }) => {
    const alike = rowsOfNetwork(rows, dataset, model).filter(({ part }) => part !== "time");
    const methods = accuracies.filter((row) => row.dataset === dataset && row.model === model && row.method !== "original"); // prettier-ignore
    return ["tuned", "raised rate"].flatMap((method) => {
      const runs = alike.filter((row) => row.method === method);
      if (runs.length === 0) return [];
      const searched = runs.some((row) => !isFresh(row));
      const fresh = searched ? freshRuns(runs, epochRuleOf(paper)) : runs;
      const below: Side = { name: method, rows: fresh, known: true };
      const words = method === "tuned" ? "a baseline with as many tries" : "a baseline with a raised learning rate";
      return methods.map((row): Omit<Comparison, "difference"> => {
        const claim = `${model}, ${dataset}: ${row.method} above ${words}, test accuracy`;
        return { source: "control", claim, published: "–", quantity: "testAccuracy", paper, above: sideOf(row, rows, row.method), below }; // prettier-ignore
      });
    });
  });
}
