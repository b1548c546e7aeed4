/** A Jupyter MIME bundle: MIME type to text, base64 or JSON. */
export type MimeBundle = Record<string, unknown>;

export interface DisplayMessage {
  data: MimeBundle;
  metadata: Record<string, unknown>;
  transient: { display_id?: string };
}

/** The running cell: how it displays, and what tells it from other cells (null where that is not known). */
export interface KernelCell {
  /** A function of this execution: the same as long as the same execution runs. */
  write: (message: DisplayMessage, update?: boolean) => void;
  identity: string | null;
}
