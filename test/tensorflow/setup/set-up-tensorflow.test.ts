import assert from "node:assert/strict";
import { execFile, execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { type SetupError, type SetupOptions, type SetupProgress, setUpTensorFlow } from "../../../src/tensorflow/setup";
import type { Manifest } from "../../../src/tensorflow/setup/installation";
import { type FakeWorld, makeFakeTensorFlow, makeFakeWorld, withoutHeaders } from "../../support/fake-release";
import type { FakeSetup } from "../../support/run-fake-setup";

describe("set-up from a wheel", { skip: withoutHeaders, concurrency: 2 }, () => {
  let world: FakeWorld;
  before(() => {
    world = makeFakeWorld();
    makeBrokenTools();
  });
  after(() => rmSync(world.folder, { recursive: true, force: true }));

  /** Folders for PATH where something is missing, and a compiler that fails. */
  function makeBrokenTools() {
    const tools = {
      "compiler-only": ["sh", "basename", "cp", "mv", "g++"],
      "bare-python": ["sh", "basename", "g++"],
    };
    for (const [folder, commands] of Object.entries(tools)) {
      mkdirSync(join(world.folder, folder), { recursive: true });
      for (const command of commands) {
        const path = execFileSync("sh", ["-c", `command -v ${command}`], { encoding: "utf8" }).trim();
        const script = join(world.folder, folder, command);
        writeFileSync(script, `#!/bin/sh\nexec ${path} "$@"\n`);
        chmodSync(script, 0o755);
      }
    }
    const python = join(world.folder, "bare-python", "python3");
    writeFileSync(
      python,
      '#!/bin/sh\n[ "$1" = --version ] && echo Python 3.11.2 && exit\necho No module named pip >&2; exit 1\n',
    );
    chmodSync(python, 0o755);
    const compiler = join(world.folder, "broken-c++");
    writeFileSync(compiler, '#!/bin/sh\n[ "$1" = --version ] && exit\necho cannot compile today >&2; exit 1\n');
    chmodSync(compiler, 0o755);
  }

  /** A cache and a link of the test's own. */
  function place() {
    const folder = mkdtempSync(join(world.folder, "place-"));
    return { cache: join(folder, "cache"), link: join(folder, "modules", "lib", "napi-v8", "tfjs_binding.node") };
  }
  const options = (own: { cache: string; link: string }, more: Partial<SetupOptions> = {}): SetupOptions => ({
    selection: { variant: "cpu" },
    release: world.release,
    environment: world.environment,
    ...own,
    ...more,
  });
  const leftovers = (cache: string) =>
    existsSync(cache)
      ? [
          ...readdirSync(cache).filter((name) => name.startsWith("staging") || name.endsWith(".lock")),
          ...(existsSync(join(cache, "downloads")) ? readdirSync(join(cache, "downloads")) : []),
        ]
      : [];
  const version = (addon: string) =>
    execFileSync(process.execPath, ["-p", "require(process.argv[1]).TF_Version", addon], { encoding: "utf8" }).trim();

  test("the addon is built against the wheel's TensorFlow, linked, and loads", async () => {
    const own = place();
    const phases = new Set<string>();
    const result = await setUpTensorFlow(options(own, { onProgress: ({ phase }) => phases.add(phase) }));
    assert.equal(result.changed, true);
    assert.equal(result.tensorflow, "0.0.1-fake");
    assert.deepEqual([...phases], ["download", "unpack", "compile", "load", "link"]);
    assert.equal(readlinkSync(own.link), result.addon);
    assert.equal(version(own.link), "0.0.1-fake");
    assert.deepEqual(leftovers(own.cache), []);
  });

  test("a second set-up asks neither pip nor the compiler, and mends the link alone", async () => {
    const own = place();
    await setUpTensorFlow(options(own));
    rmSync(own.link);
    const environment = { ...world.environment, PATH: "/nonexistent", CXX: "/nonexistent/c++" };
    assert.equal((await setUpTensorFlow(options(own, { environment }))).changed, false);
    assert.equal(version(own.link), "0.0.1-fake");
  });

  test("a library that lost its end is brought again", async () => {
    const own = place();
    const { mainLibrary } = await setUpTensorFlow(options(own));
    const whole = readFileSync(mainLibrary);
    writeFileSync(mainLibrary, whole.subarray(0, 100));
    assert.equal((await setUpTensorFlow(options(own))).changed, true);
    assert.deepEqual(readFileSync(mainLibrary), whole);
  });

  test("an installation from before a header was needed is made anew", async () => {
    const own = place();
    const { mainLibrary } = await setUpTensorFlow(options(own));
    const installation = dirname(dirname(mainLibrary));
    const manifest = join(installation, "manifest.json");
    const { files } = JSON.parse(readFileSync(manifest, "utf8")) as Manifest;
    const lacking = files.find(({ path }) => path.endsWith("tensorflow/c/kernels.h"))!;
    rmSync(join(installation, lacking.path));
    writeFileSync(manifest, JSON.stringify({ files: files.filter((file) => file !== lacking) }));
    assert.equal((await setUpTensorFlow(options(own))).changed, true);
    assert.ok(existsSync(join(installation, lacking.path)));
  });

  test("a kept wheel of the right size and wrong bytes is named and fetched again", async () => {
    const own = place();
    const { file, size } = world.release.tensorflow;
    const kept = join(own.cache, "downloads", file);
    mkdirSync(dirname(kept), { recursive: true });
    writeFileSync(kept, Buffer.alloc(size, 7));
    const said: string[] = [];
    const { addon } = await setUpTensorFlow(options(own, { onProgress: ({ phase, detail }) => phase === "clean" && said.push(detail) })); // prettier-ignore
    assert.deepEqual(said, [`${kept}, which is damaged: it is fetched again`]);
    assert.equal(version(addon), "0.0.1-fake");
  });

  test("progress is counted in bytes up to the whole", async () => {
    const seen: SetupProgress[] = [];
    await setUpTensorFlow(options(place(), { onProgress: (progress) => seen.push(progress) }));
    const last = seen.filter(({ phase }) => phase === "download").at(-1);
    assert.deepEqual([last?.bytes, last?.totalBytes], [world.release.tensorflow.size, world.release.tensorflow.size]);
  });

  /** Name, what is wrong, what message and remedy say. */
  const failures: [string, () => Partial<SetupOptions>, RegExp, RegExp][] = [
    [
      "a wheel of another hash is refused, named with both hashes",
      () => ({ release: { ...world.release, tensorflow: { ...world.release.tensorflow, sha256: "0".repeat(64) } } }),
      /Expected SHA-256 0{64} of tensorflow_cpu-0\.0\.1.*\.whl but found [0-9a-f]{64}/,
      /try again/,
    ],
    [
      "a missing compiler is named before anything is fetched",
      () => ({ environment: { ...world.environment, CXX: "no-such-c++ -O3" } }),
      /compiler that CXX names \(no-such-c\+\+ -O3\) does not run/,
      /apt install g\+\+/,
    ],
    [
      "without Python pip is asked for",
      () => ({ environment: { ...world.environment, PATH: join(world.folder, "compiler-only"), PYTHON: "" } }),
      /Python 3 with pip.* is not here/,
      /apt install python3-pip/,
    ],
    [
      "Python without pip is told apart",
      () => ({ environment: { ...world.environment, PATH: join(world.folder, "bare-python"), PYTHON: "" } }),
      /Python is here but not its package installer pip/,
      /apt install python3-pip/,
    ],
    [
      "what pip says of a wheel it cannot get is passed on",
      () => ({ environment: { ...world.environment, PIP_FIND_LINKS: world.folder } }),
      /pip could not fetch tensorflow-cpu==0\.0\.1:[^]*No matching distribution/,
      /mirror[^]*--tensorflow PATH/,
    ],
    [
      "what the compiler says is passed on",
      () => ({ environment: { ...world.environment, CXX: join(world.folder, "broken-c++") } }),
      /could not build tfjs-node's addon \(exit status 1\):[^]*cannot compile today/,
      /C\+\+17/,
    ],
  ];
  for (const [name, broken, message, remedy] of failures)
    test(name, async () => {
      const own = place();
      await assert.rejects(setUpTensorFlow(options(own, broken())), (error: SetupError) => {
        assert.equal(error.name, "SetupError");
        assert.match(error.message, message);
        assert.match(error.remedy, remedy);
        return true;
      });
      assert.deepEqual(leftovers(own.cache), []);
      assert.equal(existsSync(own.link), false);
    });

  test("an abort takes the working folder and the lock away", async () => {
    const own = place();
    const controller = new AbortController();
    const onProgress = ({ phase }: SetupProgress) => phase === "compile" && controller.abort();
    await assert.rejects(setUpTensorFlow(options(own, { signal: controller.signal, onProgress })), {
      name: "AbortError",
    });
    assert.deepEqual(leftovers(own.cache), []);
    assert.equal((await setUpTensorFlow(options(own))).tensorflow, "0.0.1-fake");
  });

  /** Runs a set-up in a process of its own; resolves to what it printed, killed or not. */
  function run(own: { cache: string; link: string }, killAt: FakeSetup["killAt"]): Promise<string> {
    const file = join(own.cache, "..", `world-${killAt}.json`);
    writeFileSync(file, JSON.stringify({ ...world, ...own, killAt } satisfies FakeSetup));
    const program = join(__dirname, "..", "..", "support", "run-fake-setup.js");
    return new Promise((resolve) =>
      execFile(process.execPath, [program, file], (error, stdout, stderr) =>
        resolve(`${stdout}${error?.signal ?? ""}${stderr}`),
      ),
    );
  }

  test("two set-ups at once take turns: one builds, the other finds it there", async () => {
    const own = place();
    const [a, b] = await Promise.all([run(own, null), run(own, null)]);
    const [first, second] = (a.includes("wait") ? [b, a] : [a, b]) as [string, string];
    assert.match(first, /^download\n[^]*built\n$/);
    assert.match(second, /^wait\n[^]*built\n$/);
    assert.doesNotMatch(second, /download|compile/);
    assert.deepEqual(leftovers(own.cache), []);
    assert.equal(version(own.link), "0.0.1-fake");
  });

  for (const phase of ["download", "unpack", "compile", "load", "link"] as const)
    test(`a set-up killed at "${phase}" leaves nothing half done, and the next one succeeds`, async () => {
      const own = place();
      assert.match(await run(own, phase), new RegExp(`${phase}\nSIGKILL$`));
      // Whatever is trusted later is whole: the link is the last thing made.
      assert.equal(existsSync(own.link), false);
      const next = await run(own, null);
      assert.match(next, /(built|there already)\n$/);
      // A wheel that had arrived whole is not fetched again, nor is TensorFlow once it was unpacked.
      if (phase === "compile" || phase === "load") assert.doesNotMatch(next, /download|unpack/);
      assert.deepEqual(leftovers(own.cache), []);
      assert.equal(version(own.link), "0.0.1-fake");
    });

  test("--tensorflow takes a folder with lib/ and include/, under the C library's own name", async () => {
    const own = place();
    const folder = join(own.cache, "..", "libtensorflow");
    makeFakeTensorFlow(join(folder, "lib"), "libtensorflow.so.2");
    execFileSync("mv", [join(folder, "lib", "include"), folder]);
    // Not the copy that the quick compiler keeps: this one is linked against another library.
    const environment = { ...world.environment, CXX: "g++" };
    const result = await setUpTensorFlow({ ...own, selection: { tensorflow: folder }, environment });
    assert.deepEqual([result.kind, result.tensorflow], ["external", "0.0.1-fake"]);
    assert.equal(version(own.link), "0.0.1-fake");
    const again = await setUpTensorFlow({ ...own, environment: { PATH: "/nonexistent" } });
    assert.deepEqual([again.changed, again.kind], [false, "external"], "the choice is remembered");
  });

  test("--tensorflow names what a folder lacks", async () => {
    const own = place();
    mkdirSync(join(own.cache, "lib"), { recursive: true });
    await assert.rejects(setUpTensorFlow({ ...own, selection: { tensorflow: own.cache } }), {
      name: "SetupError",
      message:
        /found no libtensorflow_cc\.so\.2 or libtensorflow\.so\.2, no libtensorflow_framework\.so\.2, no include\/tensorflow\/c\/c_api\.h$/,
    });
  });
});
