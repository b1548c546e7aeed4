import type { LiveOutlet } from "./live-dashboard";
import { dashboardLine } from "./dashboard-text";

/** What a terminal offers; `process.stderr`, or what a test hands in. */
export interface Terminal {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

/** A line for every epoch, and on a terminal one below them that is written over while the epoch goes on. */
export function terminalOutlet(terminal: Terminal = process.stderr): LiveOutlet {
  let epoch: number | null = null;
  const told = new Set<string>();
  let open = false;
  const clear = () => {
    if (open) terminal.write("\r\x1b[K");
    open = false;
  };
  const write = (line: string) => {
    clear();
    terminal.write(`${line}\n`);
  };
  return {
    interval: terminal.isTTY ? 200 : 1000,
    update(state, how) {
      for (const warning of state.warnings.filter((text) => !told.has(text))) {
        told.add(warning);
        write(`${state.facts.name}: ${warning}`);
      }
      const last = state.epochs.entries.at(-1)?.epoch ?? null;
      const line = dashboardLine(state);
      if (how === "last") write(line);
      else if (last !== epoch) write(dashboardLine({ ...state, progress: null }));
      else if (terminal.isTTY) {
        clear();
        terminal.write(line.slice(0, (terminal.columns ?? 80) - 1));
        open = true;
      }
      epoch = last;
    },
  };
}
