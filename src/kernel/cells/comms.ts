import type { Comm, CommMessage } from "../../cell/comm";
import type { CommRelay } from "./messages";

type Handler = (message: CommMessage) => void;
type Target = (comm: Comm, message: CommMessage) => void;

/**
 * The comms of a notebook: channels between code of cells and code in the client, such as a widget's model and its view.
 */
export class Comms {
  readonly #send: (message: CommRelay) => void;
  readonly #open = new Map<string, { message: Handler[]; close: Handler[] }>();
  readonly #targets = new Map<string, Target>();

  constructor(send: (message: CommRelay) => void) {
    this.#send = send;
  }

  /** Opens a comm to what the client knows by this name. */
  open(target: string, id: string, message: CommMessage): Comm {
    const comm = this.#comm(target, id);
    this.#tell("comm_open", id, message, { target_name: target });
    return comm;
  }

  /** Calls the listener for each comm that a client opens to this name. */
  register(target: string, listener: Target): void {
    this.#targets.set(target, listener);
  }

  /** Hears what a client says. */
  hear({ type, content, metadata, buffers }: CommRelay): void {
    const { comm_id: id, data = {}, target_name: target } = content;
    if (typeof id !== "string") return;
    const message: CommMessage = {
      data: data as CommMessage["data"],
      metadata,
      buffers: buffers.map((each) => Buffer.from(each, "base64")),
    };
    if (type === "comm_open") {
      const listener = this.#targets.get(String(target));
      if (listener) listener(this.#comm(String(target), id), message);
      // Nobody here waits for it, and who has opened it is told so.
      else
        this.#send({ kind: "comm", type: "comm_close", content: { comm_id: id, data: {} }, metadata: {}, buffers: [] });
      return;
    }
    const handlers = this.#open.get(id);
    if (type === "comm_close") this.#open.delete(id);
    for (const handler of (type === "comm_close" ? handlers?.close : handlers?.message) ?? []) handler(message);
  }

  #comm(target: string, id: string): Comm {
    const handlers = { message: [] as Handler[], close: [] as Handler[] };
    this.#open.set(id, handlers);
    return {
      id,
      target,
      send: (message) => this.#tell("comm_msg", id, message),
      close: (message = { data: {} }) => {
        this.#open.delete(id);
        this.#tell("comm_close", id, message);
      },
      onMessage: (handler) => void handlers.message.push(handler),
      onClose: (handler) => void handlers.close.push(handler),
    };
  }

  #tell(type: CommRelay["type"], id: string, message: CommMessage, more: object = {}): void {
    const { data, metadata = {}, buffers = [] } = message;
    const content = { comm_id: id, data, ...more };
    const encoded = buffers.map((each) =>
      Buffer.from(each.buffer, each.byteOffset, each.byteLength).toString("base64"),
    );
    this.#send({ kind: "comm", type, content, metadata: { ...metadata }, buffers: encoded });
  }
}
