/** What a campaign of random cases came to. */
export interface Campaign {
  readonly ran: number;
  /** Cases that nothing can be said of, since tfjs refuses them. */
  readonly skipped: number;
  readonly failures: readonly Failure[];
}

/** A case that two ways of computing disagree on. */
export interface Failure {
  readonly seed: number;
  readonly why: string;
  /** A script that shows it, made as small as could be. */
  readonly script: string;
}

/** One kind of random cases. */
export interface Fuzzer {
  readonly name: string;
  /** Runs the case of a seed. */
  run(seed: number): Promise<"same" | "skipped" | Failure>;
}

/**
 * Runs cases with the seeds `first`, `first` + 1, … until there are enough of them or time is up.
 *
 * @param limit how many cases, or until when in milliseconds since 1970
 */
export async function fuzz(
  fuzzer: Fuzzer,
  first: number,
  limit: { readonly cases: number } | { readonly until: number },
  onFailure: (failure: Failure) => void = () => undefined,
): Promise<Campaign> {
  const failures: Failure[] = [];
  let [ran, skipped] = [0, 0];
  const isOver = () => ("cases" in limit ? ran + skipped >= limit.cases : Date.now() >= limit.until);
  for (let seed = first; !isOver(); seed++) {
    const outcome = await fuzzer.run(seed);
    if (outcome === "skipped") {
      skipped++;
      continue;
    }
    ran++;
    if (outcome === "same") continue;
    failures.push(outcome);
    onFailure(outcome);
  }
  return { ran, skipped, failures };
}
