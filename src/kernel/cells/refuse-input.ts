import { Readable } from "node:stream";

/**
 * Gives `process.stdin` a stream that has nothing to read: whoever tries is told so, and the cell that waits for an
 * answer fails instead of waiting for ever.
 *
 * @param refuse told why, when somebody tries to read
 */
export function refuseInput(refuse: (reason: Error) => void): void {
  let stream: Readable | null = null;
  const make = () => {
    const empty = new Readable({
      read() {
        const reason = new Error(
          "A notebook's cell cannot ask for input; write the answer into a variable of the cell and run it again",
        );
        reason.name = "InputRefused";
        this.destroy();
        refuse(reason);
      },
    });
    return Object.assign(empty, { fd: 0, isTTY: false });
  };
  Object.defineProperty(process, "stdin", { configurable: true, get: () => (stream ??= make()) });
}
