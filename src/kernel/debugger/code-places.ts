import { SourceMap } from "node:module";
import type { CompiledCode } from "../cells/messages";

/** A place in code, both from 0. */
export interface CodePlace {
  line: number;
  column: number;
}

/** The places of a cell's JavaScript beside those of what the user wrote. */
export class CodePlaces {
  readonly #maps: SourceMap[];
  readonly #pairs: { generated: CodePlace; original: CodePlace }[] = [];

  constructor({ code, maps }: CompiledCode) {
    this.#maps = maps.map((map) => new SourceMap(map as never));
    const [outer] = this.#maps;
    for (const [line, text] of code.split("\n").entries())
      for (let column = 0; column < text.length; column++) {
        const entry = outer?.findEntry(line, column) as
          { generatedLine?: number; generatedColumn?: number } | undefined;
        if (entry?.generatedLine !== line || entry.generatedColumn !== column) continue;
        const original = this.originalOf({ line, column });
        if (original) this.#pairs.push({ generated: { line, column }, original });
      }
  }

  originalOf(place: CodePlace): CodePlace | null {
    let at: CodePlace = place;
    for (const map of this.#maps) {
      const entry = map.findEntry(at.line, at.column) as { originalLine?: number; originalColumn?: number };
      if (entry.originalLine === undefined || entry.originalColumn === undefined) return null;
      at = { line: entry.originalLine, column: entry.originalColumn };
    }
    return at;
  }

  /** Where the code of a line, or of the next one that has any, begins; null behind the last. */
  generatedOf(line: number): { place: CodePlace; line: number } | null {
    const later = this.#pairs.filter(({ original }) => original.line >= line);
    const first = Math.min(...later.map(({ original }) => original.line));
    const [begin] = later
      .filter(({ original }) => original.line === first)
      .sort((a, b) => a.original.column - b.original.column || a.generated.line - b.generated.line || a.generated.column - b.generated.column); // prettier-ignore
    return begin ? { place: begin.generated, line: first } : null;
  }
}
