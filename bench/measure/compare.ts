import type { EngineName, Precision } from "./engines";
import type { NetworkName } from "./networks";
import type { CostRow, Row } from "./row";

/** How gradamp's engine compares with something else on one network, and whether that is enough. */
export interface Comparison {
  readonly network: NetworkName;
  readonly subject: string;
  readonly against: string;
  /** How many times as fast the subject is; with `atMost` how many times as long it takes. */
  readonly ratio: number;
  /** 95 % interval, where the ratio comes from pairs. */
  readonly interval: readonly [number, number] | null;
  /** The least or the most that the ratio is to be, or null where nothing is asked for. */
  readonly target: { readonly atLeast: number } | { readonly atMost: number } | null;
  /** Null without a target. */
  readonly met: boolean | null;
}

interface Rule {
  readonly precision: Precision;
  readonly against: { readonly engine: EngineName | "self"; readonly precision: Precision };
  /** The least ratio, for a network; null for none. */
  readonly atLeast: (network: NetworkName) => number | null;
}

const always = (ratio: number) => () => ratio;
const only = (ratio: number, ...networks: NetworkName[]) => {
  return (network: NetworkName) => (networks.includes(network) ? ratio : null);
};

/** What gradamp is compared with, and how much faster it is to be. */
const RULES: readonly Rule[] = [
  { precision: "float32", against: { engine: "torch", precision: "float32" }, atLeast: always(1.2) },
  {
    precision: "float32",
    against: { engine: "torch.compile", precision: "float32" },
    atLeast: only(1, "vgg08", "vgg38-bn"),
  },
  { precision: "float32", against: { engine: "keras", precision: "float32" }, atLeast: always(1.1) },
  { precision: "float32", against: { engine: "fit", precision: "float32" }, atLeast: only(3.8, "vgg38-bn") },
  { precision: "bfloat16", against: { engine: "self", precision: "float32" }, atLeast: always(1.3) },
  { precision: "bfloat16", against: { engine: "torch.autocast", precision: "bfloat16" }, atLeast: always(1.1) },
  { precision: "bfloat16", against: { engine: "keras", precision: "bfloat16" }, atLeast: always(1.1) },
];

/** A step is to take at most this many times as long as its convolutions and matrix products alone. */
export const PRODUCTS_AT_MOST = 1.25;

/**
 * Ratios of medians of the same run, and of interleaved pairs where a feature's cost is asked for.
 *
 * The subject is the compiled engine where it was measured, else the eager one. A cost is met when its interval reaches
 * the target and what the feature adds to a step's bytes and operations, counted, is no more than the target allows.
 */
export function compare(rows: readonly Row[], costs: readonly CostRow[]): Comparison[] {
  const networks = [...new Set([...rows, ...costs].map(({ network }) => network))];
  return networks.flatMap((network) => [
    ...compareEngines(
      network,
      rows.filter((row) => row.network === network),
    ),
    ...costs.filter((cost) => cost.network === network).map(compareCost),
  ]);
}

function compareEngines(network: NetworkName, rows: readonly Row[]): Comparison[] {
  const find = (engine: EngineName, precision: Precision) =>
    rows.find((row) => row.engine === engine && row.precision === precision);
  const subject = rows.some(({ engine }) => engine === "graph") ? "graph" : "eager";
  const found: Comparison[] = [];
  for (const { precision, against, atLeast } of RULES) {
    const ours = find(subject, precision);
    const theirs = find(against.engine === "self" ? subject : against.engine, against.precision);
    if (!ours || !theirs) continue;
    const ratio = theirs.msPerStep / ours.msPerStep;
    const least = atLeast(network);
    found.push({
      ...{ network, subject: describe(ours), against: describe(theirs), ratio, interval: null },
      ...(least === null ? { target: null, met: null } : { target: { atLeast: least }, met: ratio >= least }),
    });
  }
  for (const precision of ["float32", "bfloat16"] as const) {
    const [ours, products] = [find(subject, precision), find("products", precision)];
    if (!ours || !products) continue;
    const ratio = ours.msPerStep / products.msPerStep;
    found.push({
      ...{ network, subject: describe(ours), against: "its matrix products, time", ratio, interval: null },
      ...{ target: { atMost: PRODUCTS_AT_MOST }, met: ratio <= PRODUCTS_AT_MOST },
    });
  }
  return found;
}

function compareCost({ network, engine, feature, ratio, interval, atLeast, added }: CostRow): Comparison {
  const base = { network, subject: `${engine}, ${feature}`, against: "without", ratio, interval };
  if (atLeast === null) return { ...base, target: null, met: null };
  const isSmall = added === null || Math.max(added.bytes, added.flops) <= 1 - atLeast;
  return { ...base, target: { atLeast }, met: interval[1] >= atLeast && isSmall };
}

function describe({ engine, precision, variant }: Row): string {
  return [engine, precision === "float32" ? null : precision, variant].filter((word) => word !== null).join(" ");
}
