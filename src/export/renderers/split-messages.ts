/** Cuts a byte stream at a separator: call it with each chunk, and it calls `receive` with each whole message. */
export function splitMessages(separator: "\n" | "\0", receive: (message: string) => void): (chunk: Buffer) => void {
  let parts: Buffer[] = [];
  const mark = separator.charCodeAt(0);
  return (chunk) => {
    let rest = chunk;
    for (let at = rest.indexOf(mark); at >= 0; at = rest.indexOf(mark)) {
      const message = Buffer.concat([...parts, rest.subarray(0, at)]).toString("utf8");
      parts = [];
      rest = rest.subarray(at + 1);
      receive(message);
    }
    if (rest.length > 0) parts.push(rest);
  };
}
