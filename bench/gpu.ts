/**
 * Everything that is to be known of a GPU, in nine minutes at most: `npm run bench -- gpu`.
 *
 * Each part is a program with time of its own; what it found stands in the folder as soon as it is over, also if a later part
 * fails, hangs or has no time left.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { writeFileAtomically } from "../src/files/write-file-atomically";
import { busyShare } from "./gpu/busy-share";
import { type GpuPartReport, gpuTable, readRows } from "./gpu/gpu-table";
import { gpuParts } from "./gpu/parts";
import { runPart } from "./gpu/run-part";

const HELP = `A GPU in nine minutes: that training runs on it and computes what PyTorch does, and how fast.

npm run bench -- gpu [-- --out FOLDER] [--minutes 9] [--dry]

--out FOLDER   gets gpu.json and gpu.md, written after each part, and what each part wrote (gpu-bench)
--minutes N    parts that would begin later are left out
--dry          the same on the processor with tiny networks: tries the benchmark itself, the numbers mean nothing

PyTorch is measured where GRADAMP_BENCH_PYTHON is a Python that has torch.
`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      help: { type: "boolean", short: "h", default: false },
      out: { type: "string", default: "gpu-bench" },
      minutes: { type: "string", default: "9" },
      dry: { type: "boolean", default: false },
    },
  });
  if (values.help) return void process.stdout.write(HELP);
  const minutes = Number(values.minutes);
  if (!(minutes > 0)) throw new RangeError(`Expected --minutes to be a number above 0 but found ${values.minutes}`);
  mkdirSync(values.out, { recursive: true });
  const end = performance.now() + minutes * 60_000;
  const reports: GpuPartReport[] = [];
  for (const part of gpuParts(values)) {
    const left = (end - performance.now()) / 1000;
    if (left <= 0) {
      reports.push({ ...{ name: part.name, outcome: "no time left", seconds: 0, busy: null }, rows: [], costs: [], said: "" }); // prettier-ignore
      continue;
    }
    const json = part.json === null ? null : join(values.out, part.json);
    const command = part.command(json ?? "");
    const found: { result?: Awaited<ReturnType<typeof runPart>> } = {};
    const busy = await busyShare(async () => (found.result = await runPart(command, Math.min(part.seconds, left))));
    const { outcome, seconds, stdout, stderr } = found.result!;
    writeFileAtomically(join(values.out, `${part.name}.log`), `${stdout}\n${stderr}`);
    const said = [stdout, ...(outcome === "failed" ? [stderr] : [])].map(
      (text) => text.trim().split("\n").at(-1) ?? "",
    );
    reports.push({ name: part.name, outcome, seconds, busy, ...readRows(json), said: said.join(" ").trim() });
    writeFileAtomically(
      join(values.out, "gpu.json"),
      `${JSON.stringify({ dry: values.dry, parts: reports }, null, 2)}\n`,
    );
    writeFileAtomically(join(values.out, "gpu.md"), gpuTable(reports));
    console.error(`${part.name}: ${outcome} in ${seconds.toFixed(1)} s`);
  }
  console.log(gpuTable(reports));
  if (reports.some(({ outcome }) => outcome !== "done")) process.exitCode = 1;
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = error instanceof RangeError || error instanceof TypeError ? 2 : 1;
});
