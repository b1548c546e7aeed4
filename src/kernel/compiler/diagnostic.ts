/** A place in a cell, both from 0. */
export interface Place {
  offset: number;
  line: number;
  character: number;
}

export interface Diagnostic {
  start: Place;
  end: Place;
  messageText: string;
  code: number;
  /** Relative to the notebook's folder; absent for the cell itself. */
  fileName?: string;
  /** Whether the code is right, and only what it declares has a type that cannot be written down for later cells. */
  isOfDeclarations?: boolean;
}
