import { existsSync, readFileSync, realpathSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { spawnSync } from "node:child_process";
import { cacheFolder } from "../../files/cache-folder";
import { missingCudaLibraries } from "../find-cuda-libraries";
import { packageRoot } from "../../files/package-root";
import {
  type AddonRecord,
  addonLink,
  askCuda,
  currentPlatform,
  isTestedPlatform,
  readAddonRecord,
  SetupError,
} from "../setup";
import { isCurrentAddon } from "../setup/is-current-addon";
import { lastLines, runCommand } from "../setup/run-command";
import { findDevices } from "./find-devices";
import { findKernel } from "./find-kernel";
import { findProblems } from "./find-problems";
import type { ProbeReport } from "./probe";
import type { DoctorReport } from "./report";

export interface ExamineOptions {
  /** Whether training must run on a GPU for the report to be ok. */
  readonly requireGpu?: boolean;
}

/** Finds out what gradamp runs on here, and the remedy for whatever is wrong. Takes some seconds; changes nothing. */
export async function examine(options: ExamineOptions = {}): Promise<DoctorReport> {
  const requireGpu = options.requireGpu ?? false;
  const { probe, death } = await runProbe();
  const addon = existsSync(addonLink()) ? realpathSync(addonLink()) : null;
  const record = addon ? readAddonRecord(dirname(addon)) : null;
  const cuda = addon && record ? await lookAtCuda(dirname(addon), record) : null;
  const platform = lookAtPlatform();
  const devices = findDevices({ gpu: probe?.gpu ?? false, exposed: probe?.exposed ?? null });
  const kernel = findKernel();
  const problems = findProblems({
    requireGpu,
    node: process.versions.node,
    platformProblem: platform.problem,
    probe,
    death,
    record,
    current: isCurrent(addon, record),
    devices,
    cuda,
    missingDriver: missingDriverLibraries(),
    kernel,
  });
  return {
    ok: !problems.some(({ blocking }) => blocking),
    gradamp: packageVersion(packageRoot()),
    node: process.versions.node,
    platform: { name: `${process.platform}-${process.arch}`, tested: platform.tested },
    tfjs: probe?.tfjs ?? null,
    libtensorflow: probe?.libtensorflow
      ? { version: probe.libtensorflow.version, path: probe.libtensorflow.path ?? record?.mainLibrary ?? null }
      : null,
    engine: probe ? (probe.libtensorflow ? "native" : "javascript") : null,
    training: probe ? { engine: probe.noGraphs === null ? "graph" : "eager", reason: probe.noGraphs } : null,
    ownOperations: probe?.ownOperations ?? null,
    engines: probe?.engines ?? null,
    devices,
    cuda,
    kernel,
    cache: cacheFolder(),
    problems,
  };
}

async function runProbe(): Promise<{ probe: ProbeReport | null; death: string | null }> {
  const { status, signal, stdout, output } = await runCommand(process.execPath, [join(__dirname, "probe.js")]);
  const line = stdout.trim().split("\n").at(-1) ?? "";
  if (status === 0 && line.startsWith("{")) return { probe: JSON.parse(line) as ProbeReport, death: null };
  return { probe: null, death: `${signal ?? `exit status ${status}`}${output ? `\n${lastLines(output)}` : ""}` };
}

/** TensorFlow's own answer, and what it cannot tell: that a library is refused for want of libnvJitLink. */
async function lookAtCuda(folder: string, record: AddonRecord): Promise<DoctorReport["cuda"]> {
  const answer = record.kind === "cpu" ? null : await askCuda(folder, record.frameworkLibrary);
  if (!answer || answer.accepted) return answer;
  const nvidia = record.nvidia ?? join(dirname(dirname(record.frameworkLibrary)), "nvidia");
  return { accepted: false, missing: [...new Set([...answer.missing, ...missingCudaLibraries(nvidia)])] };
}

function lookAtPlatform(): { tested: boolean; problem: { message: string; remedy: string } | null } {
  try {
    return { tested: isTestedPlatform(currentPlatform()), problem: null };
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    return { tested: false, problem: { message: error.message, remedy: error.remedy } };
  }
}

const packageVersion = (folder: string) =>
  (JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { version: string }).version;

const isCurrent = (addon: string | null, record: AddonRecord | null) =>
  addon === null || record === null || isCurrentAddon(basename(dirname(addon)), record);

/** What TensorFlow opens of the driver itself; without libnvidia-ml it finds no card and does not say a word. */
function missingDriverLibraries(): string[] {
  if (process.platform !== "linux") return [];
  const known = spawnSync("/sbin/ldconfig", ["-p"], { encoding: "utf8" }).stdout ?? "";
  const places = (process.env["LD_LIBRARY_PATH"] ?? "").split(":").filter((place) => place !== "");
  return ["libcuda.so.1", "libnvidia-ml.so.1"].filter(
    (library) => !known.includes(`\t${library} `) && !places.some((place) => existsSync(join(place, library))),
  );
}
