import { visibleText } from "../../progress/visible-text";
import type { Progress } from "../../rows";
import type { Run } from "../../training";
import { ProgressBar } from "../../progress/progress-bar";

/** Shows on stderr how a run gets on: a line for people, or JSON lines (at most one of progress a second) for programs. */
export function trainProgress(run: Run, how: "bar" | "json" | "none"): () => void {
  const endings = how === "bar" ? bar(run) : how === "json" ? lines(run) : [run.on("warning", warn(run))];
  return () => {
    for (const end of endings) end();
  };
}

const warn = (run: Run) => (text: string) => void process.stderr.write(visibleText(`${run.name}: ${text}\n`));

function bar(run: Run): (() => void)[] {
  const shown = new ProgressBar(run.name);
  let drawn = false;
  return [
    run.on("progress", (progress) => {
      const { epoch, epochs, step, steps } = progress;
      drawn = true;
      // Where nobody knows how long an epoch is, whole ones are counted.
      const done = steps === null ? epoch - 1 : (epoch - 1) * steps + step;
      shown.update(done, epochs * (steps ?? 1), note(run, progress));
    }),
    run.on("warning", (text) => {
      shown.clear();
      warn(run)(text);
    }),
    run.on("end", ({ status }) => {
      if (drawn) shown.end(`${run.name}: ${status} after ${run.epochs.length} epochs`);
    }),
  ];
}

function note(run: Run, { epoch, epochs, trainLoss, imagesPerSecond }: Progress): string {
  const row = run.epochs.at(-1);
  const accuracy = row?.validationAccuracy ?? row?.testAccuracy ?? null;
  return [
    `epoch ${epoch}/${epochs}`,
    trainLoss === null ? null : `loss ${trainLoss.toFixed(3)}`,
    accuracy === null ? null : `accuracy ${(100 * accuracy).toFixed(1)} %`,
    `${imagesPerSecond.toFixed(0)} images/s`,
  ]
    .filter((word) => word !== null)
    .join(", ");
}

function lines(run: Run): (() => void)[] {
  const say = (event: string, fields: object) => process.stderr.write(`${JSON.stringify({ event, ...fields })}\n`);
  let last = -Infinity;
  return [
    run.on("progress", (progress) => {
      if (performance.now() - last < 1000) return;
      last = performance.now();
      say("progress", progress);
    }),
    run.on("epoch", ({ row }) => say("epoch", { row })),
    run.on("warning", (text) => say("warning", { text })),
    run.on("end", ({ status }) => say("end", { status })),
  ];
}
