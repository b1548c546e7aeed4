import { createRequire } from "node:module";

/** The part of zeromq's sockets that is used. */
export interface ZeroSocket extends AsyncIterable<Buffer[]> {
  bind(address: string): Promise<void>;
  connect(address: string): void;
  send(frames: readonly (string | Buffer)[]): Promise<void>;
  close(): void;
}

/** zeromq, as far as it is used. */
export interface ZeroMq {
  Dealer: new (options?: object) => ZeroSocket;
  Router: new (options?: object) => ZeroSocket;
  XPublisher: new (options?: object) => ZeroSocket;
  Reply: new (options?: object) => ZeroSocket;
  Request: new (options?: object) => ZeroSocket;
  Subscriber: new (options?: object) => ZeroSocket & { subscribe(): void };
}

/** Loads zeromq, which comes with tslab: its prebuilt addon needs no install script. */
export function zeromq(): ZeroMq {
  return createRequire(require.resolve("tslab/dist/main.js"))("zeromq") as ZeroMq;
}
