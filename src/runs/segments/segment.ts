import { basename, join } from "node:path";

/**
 * One immutable file of rows. Its name tells what it must hold: `000001-000001.7500.9c1f2ab3.arrow` is segment 1 with
 * 7,500 rows and this CRC-32; `000001-000042.…` is what segments 1 to 42 were compacted to. Since the name comes with the
 * rename, name and content cannot part company: a reader knows all row counts from the listing alone, and a file that was
 * cut or changed afterwards is told from a whole one.
 */
export interface Segment {
  /** Absolute. */
  path: string;
  /** Number of the first segment in it, from 1. */
  first: number;
  /** Number of the last one, inclusive. */
  last: number;
  /** How many it holds. */
  rows: number;
  /** CRC-32 of the file, eight hexadecimal digits. */
  checksum: string;
}

const pattern = /^(\d{6,})-(\d{6,})\.(\d+)\.([0-9a-f]{8})\.arrow$/;

/** The segment that a file name speaks of, or null. */
export function parseSegmentName(folder: string, name: string): Segment | null {
  const [, first, last, rows, checksum] = pattern.exec(name) ?? [];
  if (first === undefined || last === undefined || rows === undefined || checksum === undefined) return null;
  return { path: join(folder, name), first: Number(first), last: Number(last), rows: Number(rows), checksum };
}

export function segmentName({ first, last, rows, checksum }: Omit<Segment, "path">): string {
  const number = (n: number) => String(n).padStart(6, "0");
  return `${number(first)}-${number(last)}.${rows}.${checksum}.arrow`;
}

/** The file's name. */
export function segmentNameOf({ path }: Segment): string {
  return basename(path);
}
