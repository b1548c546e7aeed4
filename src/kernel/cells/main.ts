/**
 * The process in which cells run. The kernel starts it, hands it compiled cells, and reports its end: whatever cells
 * do to this process, the kernel goes on answering.
 */
import { borrowPackages } from "./borrow-packages";
import { metaOf } from "./cell-file";
import { CellModules } from "./cell-modules";
import { CellRunner } from "./cell-runner";
import { CellScope } from "./cell-scope";
import { describeError } from "./describe-error";
import { startInspector } from "./inspector-bridge";
import { Interrupted, Interrupts } from "./interrupts";
import type { FromCells, ToCells } from "./messages";
import { Output } from "./output";
import { holdSignals } from "./hold-signals";
import { refuseExit } from "./refuse-exit";
import { UserInput } from "./user-input";
import { Comms } from "./comms";
import { makeAnswer, makeSharedState, sharedState } from "./shared-state";
import { installStackPositions } from "./stack-positions";
import { signalGroup } from "./signal-group";
import { DeviceMemory } from "./tfjs/device-memory";
import { LayerNames } from "./tfjs/layer-names";
import { watchTfjs } from "./tfjs/watch-tfjs";
import { displayForTslab } from "./tslab-display";
import { startWatchdog } from "./watchdog";

declare global {
  /** What the code of cells calls; see src/kernel/compiler. */
  var __gradamp__: Record<string, unknown>;
}

function main(): void {
  const exit = process.exit.bind(process);
  // Bound before a cell can replace it; without the kernel there is nobody to tell.
  const tell = process.send?.bind(process);
  if (!tell) throw new Error("Expected to be started by a kernel, with a channel to it");
  // The channel is the kernel's: to cells this process is nobody's child.
  for (const name of ["send", "disconnect"] as const) Reflect.deleteProperty(process, name);
  const send = (message: FromCells) => void tell(message, undefined, undefined, () => undefined);

  const shared = makeSharedState();
  const interrupts = new Interrupts(shared);
  const output = new Output((name, text) => send({ kind: "stream", id: runner.id, name, text }));
  const modules = new CellModules(process.cwd());
  const isBreakable = () => Atomics.load(shared, sharedState.breakable) === 1;
  const release = holdSignals(isBreakable);
  const memory = new DeviceMemory();
  const names = new LayerNames(
    () => memory.variableNames(),
    () => memory.note(),
  );
  const scope = new CellScope();
  const comms = new Comms((message) => {
    output.flush();
    send(message);
  });
  const answer = makeAnswer();
  const input = new UserInput({
    send: (message) => {
      // What was printed before stands before the question.
      output.flush();
      send(message);
    },
    shared,
    answer,
    running: () => runner.running,
    fail: (reason) => runner.fail(reason),
    check: interrupts.check,
  });
  const parts = { send, output, interrupts, scope, modules, shared, memory, names, release, comms, input };
  const runner: CellRunner = new CellRunner(parts);

  installStackPositions();
  borrowPackages();
  displayForTslab(() => runner.cell());
  watchTfjs(memory, names, interrupts);
  output.capture();
  refuseExit();
  input.install();
  // Child processes are interrupted with their cell; in its synchronous part the signal would break what has ended.
  interrupts.on("raised", () => isBreakable() || signalGroup());
  interrupts.on("broken", () => memory.leaveScopes());
  const { check, pause, wait, each } = interrupts;
  Object.defineProperty(globalThis, "__gradamp__", {
    value: { check, pause, wait, each, meta: metaOf, values: scope.values },
  });
  Object.defineProperty(globalThis, Symbol.for("gradamp.kernel"), { value: runner });
  Object.defineProperty(globalThis, Symbol.for("gradamp.interrupts"), { value: interrupts });

  const report = (what: string) => (reason: unknown) => {
    // What an interrupt ended has been reported by its cell.
    if (reason instanceof Interrupted) return;
    const { name, message, stack } = describeError(reason);
    output.write("stderr", `${what}: ${name}: ${message}\n${stack.map((line) => `${line}\n`).join("")}`);
  };
  process.on("uncaughtException", report("Uncaught"));
  process.on("unhandledRejection", report("Unhandled rejection"));

  process.on("message", (message: ToCells) => {
    if (message.kind === "run") void runner.run(message);
    else if (message.kind === "shut down") exit(0);
    else if (message.kind === "client") runner.clientCame();
    else if (message.kind === "debug") startInspector(5);
    else if (message.kind === "answer") input.answered(message.request, message.value);
    else if (message.kind === "comm") comms.hear(message);
    else if (message.kind === "preload") modules.preload(message.name);
    else {
      send({ kind: "interrupted" });
      interrupts.hear(message.request);
    }
  });
  process.on("disconnect", () => exit(0));
  send({ kind: "ready" });
  startWatchdog(shared, answer, 4);
}

main();
