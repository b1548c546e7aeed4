import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CifarFile, CifarLayout, CifarRecords } from "../../src/datasets/cifar/cifar-layout";

export interface SmallCifar {
  /** The data folder. */
  dir: string;
  layout: CifarLayout;
  /** Content by file name. */
  contents: Map<string, Buffer>;
}

/**
 * A set in CIFAR-100's layout (20 coarse, 100 fine labels) but small: `perClass` training images of each fine class and
 * one test image. Byte j of image i is (i * 31 + j * 7) mod 256, so that every pixel can be told.
 */
export function smallCifar(perClass = 4): SmallCifar {
  const dir = mkdtempSync(join(tmpdir(), "gradamp-cifar-"));
  const contents = new Map<string, Buffer>();
  const add = (name: string, content: Buffer): CifarFile => {
    contents.set(name, content);
    return { name, size: content.length, sha256: createHash("sha256").update(content).digest("hex") };
  };
  const records = (name: string, count: number): CifarRecords => {
    const bytes = Buffer.alloc(count * 3074);
    for (let i = 0; i < count; i++) {
      bytes[i * 3074] = Math.floor((i % 100) / 5);
      bytes[i * 3074 + 1] = i % 100;
      for (let j = 0; j < 3072; j++) bytes[i * 3074 + 2 + j] = (i * 31 + j * 7) & 255;
    }
    return { ...add(name, bytes), records: count };
  };
  const names = (kind: string, count: number) =>
    Buffer.from(Array.from({ length: count }, (_, i) => `${kind} ${i}\n`).join(""));
  const layout: CifarLayout = {
    name: "cifar-100",
    folder: "cifar-100-binary",
    url: "http://localhost/unused",
    archive: { name: "cifar-100-binary.tar.gz", md5: "" },
    train: [records("train_1.bin", 100 * (perClass - 1)), records("train_2.bin", 100)],
    test: [records("test.bin", 100)],
    labels: [
      { kind: "coarse", classes: 20, names: add("coarse_label_names.txt", names("coarse", 20)) },
      { kind: "fine", classes: 100, names: add("fine_label_names.txt", names("fine", 100)) },
    ],
  };
  return { dir, layout, contents };
}

/** Writes the files of a small set into its data folder. */
export function writeSmallCifar({ dir, layout, contents }: SmallCifar): void {
  mkdirSync(join(dir, layout.folder), { recursive: true });
  for (const [name, content] of contents) writeFileSync(join(dir, layout.folder, name), content);
}

/** Value of a small set's image `i` (position in its file) at row y, column x, channel c. */
export function smallPixel(i: number, y: number, x: number, c: number): number {
  return (i * 31 + (c * 1024 + y * 32 + x) * 7) & 255;
}
