import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { dirname } from "node:path";
import { crc32 } from "node:zlib";

import { type Table, tableFromIPC, Type } from "@uwdata/flechette";

import { readBytes } from "../../files/read-text";
import { checkStamp } from "../file-stamp";
import { checkSchema } from "./check-schema";
import type { Segment } from "./segment";

/**
 * Reads a segment after checking that it is the file that was written: whole, to the bit.
 *
 * @throws {Error} if it is not
 */
export function readSegment(segment: Segment): Table {
  const bytes = readBytes(segment.path);
  const checksum = crc32(bytes).toString(16).padStart(8, "0");
  if (checksum !== segment.checksum) {
    throw new Error(
      `Expected ${segment.path} to have the checksum ${segment.checksum} but found ${checksum} (${bytes.length} bytes): ` +
        "the file was cut or changed after it was written; restore it, or move it and all later segments away",
    );
  }
  const table = tableFromIPC(bytes);
  const notes = table.schema.metadata;
  const format = notes?.get("gradamp.format");
  checkStamp(segment.path, dirname(dirname(segment.path)), {
    format: format === undefined ? undefined : Number(format),
    run: notes?.get("gradamp.run"),
  });
  if (table.numRows !== segment.rows) {
    throw new Error(`Expected ${segment.path} to hold ${segment.rows} rows but found ${table.numRows}`);
  }
  return table;
}

/** A segment's columns and what they hold, from the first few kB of the file. */
export function segmentColumns(segment: Segment): Map<string, "text" | "number"> {
  // An Arrow file is eight bytes of magic, then a stream whose first message is the schema: ff ff ff ff, length, schema.
  const magic = 8;
  const file = openSync(segment.path, "r");
  try {
    const head = Buffer.alloc(4096);
    const got = readSync(file, head, 0, head.length, 0);
    const end = got >= 16 ? magic + 8 + head.readInt32LE(magic + 4) : Infinity;
    if (!(end > magic && end <= 1 << 24) || head.toString("latin1", 0, 6) !== "ARROW1") {
      throw new Error(
        `Expected ${segment.path} to be an Arrow file but found ${got} bytes of something else: restore it`,
      );
    }
    const schema = Buffer.alloc(end - magic);
    if (readSync(file, schema, 0, schema.length, magic) < schema.length) {
      throw new Error(
        `Expected ${segment.path} to hold a schema of ${schema.length} bytes but found the file cut: restore it`,
      );
    }
    const { fields } = decodeSchema(segment.path, schema);
    return new Map(fields.map(({ name, type }) => [name, type.typeId === Type.Dictionary ? "text" : "number"]));
  } finally {
    closeSync(file);
  }
}

/** @throws {Error} if a damaged file has another schema; the message names it */
function decodeSchema(path: string, bytes: Uint8Array): Table["schema"] {
  try {
    checkSchema(bytes);
    return tableFromIPC(bytes).schema;
  } catch (error) {
    throw new Error(
      `Expected ${path} to begin with a schema but found it damaged: ${(error as Error).message}; restore it`,
      {
        cause: error,
      },
    );
  }
}

/**
 * Checks, without reading all of it, that a segment begins and ends as an Arrow file does.
 *
 * @throws {Error} if it does not
 */
export function checkEnds(segment: Segment): void {
  segmentColumns(segment);
  const file = openSync(segment.path, "r");
  try {
    const tail = Buffer.alloc(6);
    const { size } = fstatSync(file);
    readSync(file, tail, 0, tail.length, Math.max(0, size - tail.length));
    if (tail.toString("latin1") !== "ARROW1")
      throw new Error(`Expected ${segment.path} to end as an Arrow file but found it cut at ${size} bytes: restore it`);
  } finally {
    closeSync(file);
  }
}
