import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface TestServer {
  url: string;
  /** Headers of each request, in order. */
  requests: IncomingMessage["headers"][];
  close(): Promise<void>;
}

/** How a server answers the request of a number, from 0. */
export type Behaviour = (request: IncomingMessage, response: ServerResponse, number: number) => void;

export async function serve(behaviour: Behaviour): Promise<TestServer> {
  const requests: IncomingMessage["headers"][] = [];
  const server = createServer((request, response) => {
    requests.push(request.headers);
    behaviour(request, response, requests.length - 1);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/archive.tar.gz`,
    requests,
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/** A well-behaved server of one file: ranges, If-Range and an ETag; breaks off after `breakAfter(number)` bytes. */
export function fileServer(
  content: Buffer,
  options: { breakAfter?: (number: number) => number; etag?: (number: number) => string | null; ranges?: boolean } = {},
): Behaviour {
  const { breakAfter = () => Infinity, etag = () => '"one"', ranges = true } = options;
  return (request, response, number) => {
    const tag = etag(number);
    const range = /^bytes=(\d+)-$/.exec(request.headers.range ?? "");
    const valid = !request.headers["if-range"] || request.headers["if-range"] === tag;
    const from = ranges && range && valid ? Number(range[1]) : 0;
    if (from >= content.length) {
      response.writeHead(416).end();
      return;
    }
    const body = content.subarray(from);
    response.writeHead(from > 0 ? 206 : 200, {
      "content-length": body.length,
      ...(tag ? { etag: tag } : {}),
      ...(from > 0 ? { "content-range": `bytes ${from}-${content.length - 1}/${content.length}` } : {}),
    });
    const limit = breakAfter(number);
    if (limit >= body.length) response.end(body);
    // A broken connection takes along what fetch has not handed on yet, so a busy client gets time to read.
    else response.write(body.subarray(0, limit), () => setTimeout(() => response.destroy(), 400));
  };
}
