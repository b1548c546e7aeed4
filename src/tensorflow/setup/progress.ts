/** What set-up is doing. */
export interface SetupProgress {
  readonly phase: "wait" | "clean" | "download" | "unpack" | "compile" | "load" | "link";
  /** In words, for a person. */
  readonly detail: string;
  /** Bytes done, and in all, over all wheels; null where the phase is not counted. */
  readonly bytes: number | null;
  readonly totalBytes: number | null;
}
