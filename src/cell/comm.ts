/** What goes over a comm: JSON, and bytes beside it. */
export interface CommMessage {
  data: Record<string, unknown>;
  metadata?: Record<string, unknown>;
  buffers?: readonly Uint8Array[];
}

/** A channel between code of a notebook's cells and code in its client, as Jupyter has it. */
export interface Comm {
  readonly id: string;
  /** What the other end is called. */
  readonly target: string;
  send(message: CommMessage): void;
  close(message?: CommMessage): void;
  onMessage(handler: (message: CommMessage) => void): void;
  onClose(handler: (message: CommMessage) => void): void;
}
