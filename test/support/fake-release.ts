import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { packageRoot } from "../../src/files/package-root";
import { addonLink, type Release } from "../../src/tensorflow/setup";

/** TensorFlow's real headers, from the installation in use; null where tfjs runs in plain JavaScript. */
export function realHeaders(): string | null {
  if (!existsSync(addonLink())) return null;
  const folder = dirname(realpathSync(addonLink()));
  const places = [join(folder, "..", "tensorflow", "include"), join(folder, "tensorflow", "include")];
  return places.find((place) => existsSync(place)) ?? null;
}

/** Why tests that compile are skipped, or false. */
export const withoutHeaders =
  realHeaders() === null && "native TensorFlow is not set up, whose headers these tests use";

export interface FakeWorld {
  readonly folder: string;
  readonly release: Release;
  /** Environment in which pip sees only the fake wheel, and the compiler is quick the second time. */
  readonly environment: NodeJS.ProcessEnv;
}

/** Every C function that the addon calls or names (types, too, which do no harm), as a library that does nothing but tell its version. */
function stubSource(): string {
  const folders = [
    join(dirname(addonLink()), "..", "..", "binding"),
    join(packageRoot(), "src", "tensorflow", "addon"),
  ];
  const files = folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: "utf8" }).map((file) => join(folder, file)),
  );
  const text = files.filter((file) => /\.(cc|h)$/.test(file)).map((file) => readFileSync(file, "utf8"));
  const names = new Set([...text.join("\n").matchAll(/\b(TFE?_[A-Z]\w*)\b/g)].map((match) => match[1]));
  names.delete("TF_Version");
  return [
    'extern "C" const char* TF_Version() { return "0.0.1-fake"; }',
    ...[...names].map((name) => `extern "C" void* ${name}() { return 0; }`),
  ].join("\n");
}

/** A tiny TensorFlow that links and loads: folder/libtensorflow_cc.so.2, folder/libtensorflow_framework.so.2, include/. */
export function makeFakeTensorFlow(folder: string, main = "libtensorflow_cc.so.2"): void {
  mkdirSync(folder, { recursive: true });
  const source = join(folder, "stub.cc");
  writeFileSync(source, stubSource());
  for (const name of [main, "libtensorflow_framework.so.2"])
    execFileSync("g++", ["-shared", "-fPIC", "-w", `-Wl,-soname,${name}`, source, "-o", join(folder, name)]);
  cpSync(realHeaders() as string, join(folder, "include"), { recursive: true });
}

/** A compiler that does its work once for each output and copies it from then on: the tests build the same thing often. */
function makeQuickCompiler(folder: string): string {
  const file = join(folder, "quick-c++");
  writeFileSync(
    file,
    `#!/bin/sh
for word; do last=$word; done
kept="${folder}/kept-$(basename "$last")"
if [ "$1" = --version ]; then exec g++ --version; fi
if [ -f "$kept" ]; then cp "$kept" "$last"; else g++ "$@" && cp "$last" "$kept.$$" && mv "$kept.$$" "$kept"; fi
`,
  );
  chmodSync(file, 0o755);
  return file;
}

/** A folder with a wheel of a fake TensorFlow, its release, and an environment that leads pip to it and nowhere else. */
export function makeFakeWorld(): FakeWorld {
  const folder = mkdtempSync(join(tmpdir(), "gradamp-setup-"));
  const wheels = join(folder, "wheels");
  const contents = join(folder, "contents");
  mkdirSync(wheels);
  makeFakeTensorFlow(join(contents, "tensorflow"));
  const info = join(contents, "tensorflow_cpu-0.0.1.dist-info");
  mkdirSync(info);
  writeFileSync(join(info, "METADATA"), "Metadata-Version: 2.1\nName: tensorflow-cpu\nVersion: 0.0.1\n");
  writeFileSync(
    join(info, "WHEEL"),
    "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: false\nTag: cp311-cp311-manylinux_2_27_x86_64\n",
  );
  writeFileSync(join(info, "RECORD"), "");
  const file = "tensorflow_cpu-0.0.1-cp311-cp311-manylinux_2_27_x86_64.whl";
  const wheel = join(wheels, file);
  execFileSync("python3", ["-m", "zipfile", "-c", wheel, join(contents, "tensorflow"), info]);
  const bytes = readFileSync(wheel);
  const unpacked = readdirSync(contents, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((total, entry) => total + statSync(join(entry.parentPath, entry.name)).size, 0);
  return {
    folder,
    release: {
      version: "0.0.1",
      platform: "linux-x64",
      variant: "cpu",
      tensorflow: {
        requirement: "tensorflow-cpu==0.0.1",
        platformTag: "manylinux_2_27_x86_64",
        file,
        size: bytes.length,
        sha256: createHash("sha256").update(bytes).digest("hex"),
        unpacked,
      },
      nvidia: [],
    },
    environment: { ...process.env, PIP_NO_INDEX: "1", PIP_FIND_LINKS: wheels, CXX: makeQuickCompiler(folder) },
  };
}
