import assert from "node:assert/strict";
import { test } from "node:test";
import { currentPlatform, downloadSize, releaseFor, SetupError } from "../../../src/tensorflow/setup";
import { PLATFORMS } from "../../../src/tensorflow/setup/platform";
import { wheelsOf } from "../../../src/tensorflow/setup/release";

const glibc = "2.36";

test("the three platforms that have wheels are known", () => {
  assert.equal(currentPlatform({ platform: "linux", arch: "x64", glibc }), "linux-x64");
  assert.equal(currentPlatform({ platform: "linux", arch: "arm64", glibc }), "linux-arm64");
  assert.equal(currentPlatform({ platform: "darwin", arch: "arm64", glibc: null }), "darwin-arm64");
});

for (const [platform, arch, libc, remedy] of [
  ["win32", "x64", null, /WSL 2/],
  ["darwin", "x64", null, /Linux/],
  ["linux", "riscv64", glibc, /--tensorflow PATH/],
  ["linux", "x64", null, /glibc/],
] as const)
  test(`${platform}-${arch}${libc ? "" : " without glibc"} gets a remedy`, () => {
    assert.throws(
      () => currentPlatform({ platform, arch, glibc: libc }),
      (error: SetupError) => error instanceof SetupError && remedy.test(error.remedy),
    );
  });

test("every wheel is pinned: file, size, SHA-256", () => {
  for (const platform of PLATFORMS)
    for (const wheel of wheelsOf(releaseFor(platform, "cpu"))) {
      assert.match(wheel.sha256, /^[0-9a-f]{64}$/);
      assert.ok(wheel.file.includes(wheel.platformTag) && wheel.size > 2e8, wheel.file);
    }
});

test("TensorFlow for CUDA is ten wheels of 2.9 GB, on Linux with x86-64 alone", () => {
  const release = releaseFor("linux-x64", "gpu");
  assert.equal(wheelsOf(release).length, 10);
  assert.equal((downloadSize(release) / 1e9).toFixed(1), "2.9");
  assert.equal(new Set(wheelsOf(release).map(({ sha256 }) => sha256)).size, 10);
  assert.throws(() => releaseFor("darwin-arm64", "gpu"), { name: "SetupError", message: /no wheel with CUDA/ });
});
