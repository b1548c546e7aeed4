import { type ProgressOutput, TextProgress } from "../progress/text-progress";
import type { LiveOutlet } from "./live-dashboard";
import { dashboardLine } from "./dashboard-text";

/** A line for every epoch, and on a terminal one below them that is written over while the epoch goes on. */
export function terminalOutlet(terminal: ProgressOutput = process.stderr): LiveOutlet {
  const writer = new TextProgress({ output: terminal });
  let epoch: number | null = null;
  const told = new Set<string>();
  return {
    interval: writer.isTerminal ? 200 : 1000,
    update(state, how) {
      for (const warning of state.warnings.filter((text) => !told.has(text))) {
        told.add(warning);
        writer.say(`${state.facts.name}: ${warning}`);
      }
      const last = state.epochs.entries.at(-1)?.epoch ?? null;
      const line = dashboardLine(state);
      if (how === "last") writer.say(line);
      else if (last !== epoch) writer.say(dashboardLine({ ...state, progress: null }));
      else if (writer.isTerminal) writer.draw([line]);
      epoch = last;
    },
  };
}
