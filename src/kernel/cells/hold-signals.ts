const adding = ["on", "addListener", "once", "prependListener", "prependOnceListener"] as const;

/**
 * Keeps the process alive under SIGINT, whatever cells do with listeners to it.
 *
 * While the synchronous part of a cell runs, Node's `vm` takes the signal for itself and puts the listeners that it found
 * back afterwards; one added meanwhile leaves the process without any handler, and the next signal kills it. So what a
 * cell adds then is kept until that part has ended.
 *
 * @param isBreakable whether `vm` has the signal
 * @returns what adds the listeners that were kept
 */
export function holdSignals(isBreakable: () => boolean): () => void {
  const stay = () => undefined;
  process.on("SIGINT", stay);
  const kept: (() => void)[] = [];
  const methods = process as unknown as Record<string, (name: string, listener: () => void) => NodeJS.Process>;
  for (const method of adding) {
    const add = (methods[method] as (name: string, listener: () => void) => NodeJS.Process).bind(process);
    methods[method] = (name, listener) => {
      // Node's vm puts ours back through the same methods, and is still breakable then.
      if (name !== "SIGINT" || listener === stay || !isBreakable()) return add(name, listener);
      kept.push(() => add(name, listener));
      return process;
    };
  }
  return () => {
    for (const add of kept.splice(0)) add();
    if (!process.listeners("SIGINT").includes(stay)) process.on("SIGINT", stay);
  };
}
