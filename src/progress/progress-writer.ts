/** Where the progress of something is shown: a terminal, a log, a cell of a notebook. */
export interface ProgressWriter {
  /** Whether enough time has passed since the last drawing; ask before computing what to draw. */
  isDue(): boolean;
  /** Shows lines in place of those drawn before; where there is room for one only, the first. */
  draw(lines: readonly string[]): void;
  /** Says something that stays. */
  say(text: string): void;
  /** The last word, in place of what was drawn; nothing where a log has it as its last line already. */
  end(text: string): void;
  /** Takes away what was drawn. */
  clear(): void;
}
