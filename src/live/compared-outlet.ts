import { randomUUID } from "node:crypto";
import { kernelCell } from "../cell/kernel-cell";
import { displayBundle } from "../cell/display-bundle";
import { escapeHtml } from "../export/html/html-text";
import { htmlTable } from "../tables/render/html-table";
import { comparedRuns } from "./compared-runs";
import type { DashboardState } from "./dashboard-state";
import type { LiveOutlet } from "./live-dashboard";
import { terminalOutlet } from "./terminal-outlet";

const HEADINGS = { name: "Run", status: "Status", epoch: "Epoch", loss: "Train loss", best: "Best accuracy", left: "Time left" }; // prettier-ignore

/** One output of many runs: a table that is sorted anew as they go on. */
export class ComparedOutlet {
  readonly #states = new Map<number, DashboardState>();
  readonly #id = `gradamp-compared-${randomUUID()}`;
  #shown = false;
  #due = 0;
  #timer: NodeJS.Timeout | null = null;
  readonly #lines = kernelCell() ? null : terminalOutlet();

  /** @param interval Least milliseconds between two updates. */
  constructor(
    readonly interval: number,
    readonly waiting: string,
  ) {
    this.#show();
  }

  /** Where one of the runs shows itself. */
  outletOf(run: number): LiveOutlet {
    return {
      interval: this.interval,
      update: (state, how) => {
        this.#states.set(run, state);
        if (this.#lines) return this.#lines.update(state, how);
        if (how !== "changed" || Date.now() >= this.#due) this.#show();
        else this.#timer ??= setTimeout(() => this.#show(), this.#due - Date.now()).unref();
      },
    };
  }

  #show(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    this.#due = Date.now() + this.interval;
    if (this.#lines) return;
    const rows = comparedRuns([...this.#states.values()]);
    const keys = Object.keys(HEADINGS) as (keyof typeof HEADINGS)[];
    const running = rows.filter(({ status }) => status === "running").length;
    const html =
      rows.length === 0
        ? `<p>${escapeHtml(this.waiting)}</p>`
        : htmlTable({
            caption: "",
            shape: `${rows.length} ${rows.length === 1 ? "run" : "runs"}, ${running} of them running; the best on top`,
            columns: keys.map((key) => ({
              label: HEADINGS[key],
              align: key === "name" || key === "status" ? "left" : "right",
            })),
            rows: rows.map((row, at) => keys.map((key) => ({ text: row[key], strong: at === 0 && row.best !== "–" }))),
          });
    const text =
      rows.length === 0 ? this.waiting : rows.map((row) => keys.map((key) => row[key]).join(" · ")).join("\n");
    displayBundle({ "text/html": html, "text/plain": text }, { displayId: this.#id, update: this.#shown });
    this.#shown = true;
  }
}
