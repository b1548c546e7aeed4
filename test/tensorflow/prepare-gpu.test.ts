import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { CUDA_LIBRARIES, missingCudaLibraries } from "../../src/tensorflow/find-cuda-libraries";
import { prepareGpu } from "../../src/tensorflow/prepare-gpu";

const root = mkdtempSync(join(tmpdir(), "gradamp-cuda-"));
after(() => rmSync(root, { recursive: true }));

/** A folder nvidia/ with these libraries, each in a package of its own. */
function nvidia(libraries: readonly string[]): string {
  const folder = mkdtempSync(join(root, "nvidia-"));
  for (const library of libraries) {
    mkdirSync(join(folder, library, "lib"), { recursive: true });
    writeFileSync(join(folder, library, "lib", library), "");
  }
  return folder;
}

const whole = nvidia(CUDA_LIBRARIES);
const lacking = nvidia(CUDA_LIBRARIES.filter((library) => !/cudnn|nvJitLink/.test(library)));
const accepted = { accepted: true, missing: [] };
const record = (folder: string) =>
  ({
    kind: "gpu",
    nvidia: folder,
    cuda: accepted,
    frameworkLibrary: "/x/tensorflow/libtensorflow_framework.so.2",
  }) as const;

test("missing CUDA libraries are named", () => {
  assert.deepEqual(missingCudaLibraries(whole, {}), []);
  assert.deepEqual(missingCudaLibraries(lacking, {}), ["libcudnn.so.9", "libnvJitLink.so.12"]);
});

test("CUDA libraries on LD_LIBRARY_PATH count", () => {
  const path = CUDA_LIBRARIES.map((library) => join(whole, library, "lib")).join(":");
  assert.deepEqual(missingCudaLibraries(null, { LD_LIBRARY_PATH: path }), []);
});

test("with card and libraries, one GPU is exposed: the first that is allowed", () => {
  for (const [allowed, exposed] of [
    [undefined, "0"],
    ["2,3", "2"],
    ["GPU-8f1d,GPU-77aa", "GPU-8f1d"],
  ]) {
    const environment: NodeJS.ProcessEnv = allowed === undefined ? {} : { CUDA_VISIBLE_DEVICES: allowed };
    assert.equal(prepareGpu(record(whole), environment, true), null);
    assert.equal(environment["CUDA_VISIBLE_DEVICES"], exposed);
    assert.equal(environment["TF_FORCE_GPU_ALLOW_GROWTH"], "true");
    assert.equal(environment["XLA_FLAGS"], `--xla_gpu_cuda_data_dir=${join(whole, "cuda_nvcc")}`);
  }
});

test("without its libraries TensorFlow is kept off the GPU, where it would abort, and the user is told which", () => {
  const environment: NodeJS.ProcessEnv = {};
  assert.match(
    String(prepareGpu(record(lacking), environment, true)),
    /libcudnn\.so\.9, libnvJitLink\.so\.12 not found.*setup --gpu/,
  );
  assert.equal(environment["CUDA_VISIBLE_DEVICES"], "-1");
});

test("libraries that TensorFlow refused at set-up keep it off, too", () => {
  const environment: NodeJS.ProcessEnv = {};
  const refused = { ...record(whole), cuda: { accepted: false, missing: [] } };
  assert.match(String(prepareGpu(refused, environment, true)), /does not accept them/);
  assert.equal(environment["CUDA_VISIBLE_DEVICES"], "-1");
});

test("without a card the user of TensorFlow for CUDA is told", () => {
  const environment: NodeJS.ProcessEnv = {};
  assert.match(String(prepareGpu(record(whole), environment, false)), /no NVIDIA card is visible/);
  assert.equal(environment["CUDA_VISIBLE_DEVICES"], "-1");
});

test("TensorFlow for the CPU, and a GPU that the user switched off, are left alone", () => {
  const environment: NodeJS.ProcessEnv = {};
  assert.equal(prepareGpu({ ...record(whole), kind: "cpu", nvidia: null, cuda: null }, environment, true), null);
  assert.equal(prepareGpu(null, environment, true), null);
  assert.deepEqual(environment, {});
  const off: NodeJS.ProcessEnv = { CUDA_VISIBLE_DEVICES: "-1" };
  assert.equal(prepareGpu(record(lacking), off, true), null);
  assert.deepEqual(off, { CUDA_VISIBLE_DEVICES: "-1" });
});
