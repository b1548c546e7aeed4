import { readFileSync } from "node:fs";

/** The channels of a kernel, as connection files name them. */
export const channels = ["shell", "iopub", "stdin", "control", "hb"] as const;
export type Channel = (typeof channels)[number];

/** What a connection file says: where the kernel listens, and the key that signs its messages. */
export interface Connection {
  transport: "tcp" | "ipc";
  ip: string;
  key: string;
  signature_scheme: string;
  shell_port: number;
  iopub_port: number;
  stdin_port: number;
  control_port: number;
  hb_port: number;
}

/**
 * Reads the connection file with which Jupyter starts a kernel.
 *
 * @throws {Error} if the file cannot be read
 * @throws {TypeError} if it is none, or asks for another signature than SHA-256
 */
export function readConnection(file: string): Connection {
  const found = JSON.parse(readFileSync(file, "utf8")) as Partial<Connection>;
  if (found.transport !== "tcp" && found.transport !== "ipc")
    throw new TypeError(`Expected ${file} to be a Jupyter connection file but found transport ${found.transport}`);
  for (const channel of channels)
    if (typeof found[`${channel}_port`] !== "number")
      throw new TypeError(`Expected ${file} to name a port for ${channel} but found ${found[`${channel}_port`]}`);
  const { signature_scheme: scheme = "hmac-sha256", key = "" } = found;
  if (key !== "" && scheme !== "hmac-sha256")
    throw new TypeError(`Expected messages signed with hmac-sha256 but ${file} asks for ${scheme}`);
  return { ...(found as Connection), key, signature_scheme: scheme };
}

/** The address of a channel: Jupyter parts host and port by a colon on TCP, by a hyphen among Unix sockets. */
export function addressOf(connection: Connection, channel: Channel): string {
  const { transport, ip } = connection;
  return `${transport}://${ip}${transport === "tcp" ? ":" : "-"}${connection[`${channel}_port`]}`;
}
