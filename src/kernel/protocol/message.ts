import { createHmac, randomUUID, timingSafeEqual } from "node:crypto";

/** The head of a message of the Jupyter protocol. */
export interface MessageHeader {
  msg_id: string;
  session: string;
  username: string;
  date: string;
  msg_type: string;
  version: string;
}

export type Content = Record<string, unknown>;

/** A message of the Jupyter protocol, as it comes from a socket. */
export interface Message {
  /** Where a router sends an answer to. */
  identities: Buffer[];
  header: MessageHeader;
  /** The header of the request that this belongs to; empty where there is none. */
  parent: Partial<MessageHeader>;
  metadata: Content;
  content: Content;
  /** Bytes beside the content, as comms send them. Default: none. */
  buffers?: readonly Buffer[];
}

const delimiter = "<IDS|MSG>";

/** The version of the protocol that kernel and client speak: interrupts as messages came with 5.3, a welcome with 5.4. */
export const protocolVersion = "5.4";

/** A header for a new message. */
export function newHeader(type: string, session: string): MessageHeader {
  return {
    msg_id: randomUUID(),
    session,
    username: "gradamp",
    date: new Date().toISOString(),
    msg_type: type,
    version: protocolVersion,
  };
}

function sign(key: string, bodies: readonly (string | Buffer)[]): string {
  if (key === "") return "";
  const hash = createHmac("sha256", key);
  for (const body of bodies) hash.update(body);
  return hash.digest("hex");
}

/** The frames of a message, signed with the connection's key (not signed where that is empty). */
export function encodeMessage(key: string, message: Message): (string | Buffer)[] {
  const { identities, header, parent, metadata, content, buffers = [] } = message;
  const bodies = [header, parent, metadata, content].map((part) => JSON.stringify(part));
  return [...identities, delimiter, sign(key, bodies), ...bodies, ...buffers];
}

/**
 * Reads a message from its frames.
 *
 * @throws {Error} if it is no message, or signed with another key
 */
export function decodeMessage(key: string, frames: readonly Buffer[]): Message {
  const at = frames.findIndex((frame) => frame.equals(Buffer.from(delimiter)));
  if (at < 0) throw new Error("Expected a Jupyter message but found frames without a delimiter");
  // Behind the five parts come buffers, which no signature covers.
  const [signature, ...bodies] = frames.slice(at + 1, at + 6);
  const [header, parent, metadata, content] = bodies;
  if (!signature || !header || !parent || !metadata || !content)
    throw new Error(`Expected a Jupyter message of 5 parts but found ${frames.length - at - 1}`);
  const expected = Buffer.from(sign(key, bodies));
  if (expected.length !== signature.length || !timingSafeEqual(expected, signature))
    throw new Error("Expected a message signed with this connection's key but found another signature");
  return {
    identities: frames.slice(0, at),
    header: headerOf(read("header", header)),
    parent: read("parent", parent),
    metadata: read("metadata", metadata),
    content: read("content", content),
    ...(frames.length > at + 6 ? { buffers: frames.slice(at + 6) } : {}),
  };
}

/**
 * A part of a message. Null counts as empty, as some clients send it.
 *
 * @throws {Error} if it is no JSON object
 */
function read(part: string, body: Buffer): Content {
  const found = JSON.parse(body.toString("utf8")) as unknown;
  if (found === null) return {};
  if (typeof found !== "object" || Array.isArray(found))
    throw new Error(
      `Expected a Jupyter message's ${part} to be an object but found ${JSON.stringify(found).slice(0, 80)}`,
    );
  return found as Content;
}

/** @throws {Error} if the header does not say what the message is; all else may be left out */
function headerOf(found: Content): MessageHeader {
  const { msg_type: type } = found;
  if (typeof type !== "string")
    throw new Error(`Expected a Jupyter message's header to tell msg_type but found ${JSON.stringify(type)}`);
  const text = (name: string) => (typeof found[name] === "string" ? found[name] : "");
  return {
    ...found,
    msg_type: type,
    msg_id: text("msg_id"),
    session: text("session"),
    username: text("username"),
    date: text("date"),
    version: text("version"),
  };
}
