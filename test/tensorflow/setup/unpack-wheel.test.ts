import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { crc32 } from "node:zlib";

import { unpackWheel } from "../../../src/tensorflow/setup/unpack-wheel";

const base = mkdtempSync(join(tmpdir(), "gradamp-unpack-"));
after(() => rmSync(base, { recursive: true, force: true }));

test("a flipped byte in what is unpacked is found, and the file and its place in it are named", async () => {
  const wheel = join(base, "a.whl");
  const program =
    "import sys, zipfile; z = zipfile.ZipFile(sys.argv[1], 'w', zipfile.ZIP_STORED); z.writestr('lib/a.so', 'abc' * 1000); z.close()";
  execFileSync("python3", ["-c", program, wheel]);
  const whole = readFileSync(wheel);
  const unpack = () => unpackWheel(wheel, join(base, "out"), { wanted: () => true });
  const [file] = await unpack();
  assert.deepEqual(file, { path: "lib/a.so", size: 3000, crc32: crc32("abc".repeat(1000)).toString(16).padStart(8, "0") }); // prettier-ignore
  for (const at of [50, 1500, 3000]) {
    const flipped = Buffer.from(whole);
    flipped[at]! ^= 4;
    writeFileSync(wheel, flipped);
    await assert.rejects(
      unpack(),
      /Expected lib\/a\.so in .*a\.whl to have the CRC-32 [0-9a-f]{8} but found [0-9a-f]{8}/,
    );
  }
});
