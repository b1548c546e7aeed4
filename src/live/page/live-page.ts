import type { fit } from "../../figures/frame/fit";
import type { pageIsDark } from "../../figures/frame/page-is-dark";
import type { recolour } from "../../figures/frame/recolour";
import type { DashboardView } from "../dashboard-view";
import type { headHtml } from "./head-html";
import type { patch } from "./patch";

/** A whole dashboard, as a page is sent it. */
export interface CompleteUpdate {
  readonly id: string;
  /** Counts the updates of a dashboard from 1. */
  readonly update: number;
  readonly view: DashboardView;
  /** Whether more will come. */
  readonly goesOn: boolean;
  /** Jupyter's id of the kernel, by which a page that was closed finds it again; null where it is not known. */
  readonly kernel: string | null;
  /** When it was made, in milliseconds since 1970. */
  readonly sent: number;
  readonly theme: "light" | "dark" | "auto";
  /** The light theme's colours with the dark ones in their place. */
  readonly dark: Readonly<Record<string, string>>;
}

/** What has changed since the update before. */
export interface DeltaUpdate {
  readonly id: string;
  readonly update: number;
  readonly change: readonly unknown[] | null;
}

/** What the page needs of Plotly. */
interface Plotting {
  react(element: Element, data: unknown, layout: unknown, config: unknown): Promise<unknown>;
}

/** A dashboard in a page. */
interface Board {
  root: HTMLElement;
  head: HTMLElement;
  last: CompleteUpdate;
  view: DashboardView;
  update: number;
  drawn: Record<string, unknown>;
  /** How wide each panel was when it was drawn, in pixels. */
  widths: Record<string, number>;
  drawnDark: boolean | null;
  scheduled: boolean;
  heard: number;
  /** Whether the page's own connection has been lost, and nothing has been heard since. */
  lost: boolean;
  /** Milliseconds until the next attempt to connect. */
  pause: number;
  /** Ends the connection of its own that the page has to the kernel. */
  disconnect: (() => void) | null;
}

/** What a page has of dashboards: `window.__gradampLive`. */
export interface LivePage {
  show(complete: CompleteUpdate, container: string): void;
  take(delta: DeltaUpdate): void;
  /** The number of the update that a dashboard shows; for tests. */
  updateOf(id: string): number | null;
}

/** What the page's code needs that is not its own. */
export interface PageTools {
  readonly patch: typeof patch;
  readonly recolour: typeof recolour;
  readonly fit: typeof fit;
  readonly pageIsDark: typeof pageIsDark;
  readonly headHtml: typeof headHtml;
  /** Follows the kernel by a connection of the page's own; returns what ends that. */
  readonly connect: (
    page: Window,
    complete: CompleteUpdate,
    onHtml: (html: string) => void,
    onGone: (forGood: boolean) => void,
  ) => () => void;
}

/**
 * The code of a dashboard in a page: keeps it across the replacement of its output, carries out deltas, draws what has
 * changed, and connects to the kernel where the notebook no longer brings updates.
 *
 * Sent to the page as it stands: it names nothing but what it is given.
 */
export function livePage(page: Window, tools: PageTools): LivePage {
  const boards = new Map<string, Board>();
  const { document } = page;
  // Milliseconds of silence after which the page asks the kernel itself, and pauses between attempts to.
  const [silent, shortest, longest] = [1500, 1000, 30_000];

  const isDark = (board: Board): boolean => {
    if (board.last.theme !== "auto") return board.last.theme === "dark";
    return tools.pageIsDark(page);
  };

  const make = (complete: CompleteUpdate): Board => {
    const root = document.createElement("div");
    root.className = "gradamp-live";
    const head = document.createElement("div");
    const plots = document.createElement("div");
    plots.className = "gl-plots";
    for (const name of ["curves", "flow", "heatmap"]) {
      const plot = document.createElement("div");
      plot.className = `gl-${name}`;
      plot.hidden = true;
      plots.append(plot);
    }
    root.append(head, plots);
    const board: Board = {
      root,
      head,
      last: complete,
      view: complete.view,
      update: complete.update,
      drawn: {},
      widths: {},
      drawnDark: null,
      scheduled: false,
      heard: Date.now(),
      lost: false,
      pause: shortest,
      disconnect: null,
    };
    boards.set(complete.id, board);
    const watchTheme = new (page as unknown as typeof globalThis).MutationObserver(() => {
      if (isDark(board) !== board.drawnDark) schedule(board);
    });
    watchTheme.observe(document.body, { attributes: true });
    new (page as unknown as typeof globalThis).ResizeObserver(() => schedule(board)).observe(plots);
    return board;
  };

  const schedule = (board: Board) => {
    if (board.scheduled) return;
    board.scheduled = true;
    page.setTimeout(() => {
      board.scheduled = false;
      // A page that nobody sees draws when it is seen again.
      if (document.hidden) document.addEventListener("visibilitychange", () => schedule(board), { once: true });
      else draw(board);
    }, 30);
  };

  const draw = (board: Board) => {
    const dark = isDark(board);
    const repaint = dark !== board.drawnDark;
    board.drawnDark = dark;
    board.root.setAttribute("data-theme", dark ? "dark" : "light");
    const { head, amplification, panels } = board.view;
    const shown = board.lost && head.status === "running" ? { ...head, status: "not connected" } : head;
    board.head.innerHTML = tools.headHtml(shown, amplification);
    const plotly = (page as { __gradampPlotly?: Promise<Plotting> }).__gradampPlotly;
    if (!plotly) {
      page.setTimeout(() => schedule(board), 200);
      return;
    }
    void plotly.then((Plotly) => {
      // Plotly measures the element that it draws in.
      if (!board.root.isConnected) return;
      for (const [name, spec] of Object.entries(panels)) {
        const element = board.root.querySelector<HTMLElement>(`.gl-${name}`);
        if (!element) continue;
        element.hidden = false;
        const width = element.clientWidth || 600;
        if (board.drawn[name] === spec && board.widths[name] === width && !repaint) continue;
        board.drawn[name] = spec;
        board.widths[name] = width;
        const { data, layout } = tools.recolour(tools.fit(spec, width), dark ? board.last.dark : null);
        const clear = { paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)", uirevision: "live" };
        void Plotly.react(element, data, { ...layout, ...clear }, spec.config);
      }
    });
  };

  const hear = (board: Board) => {
    board.heard = Date.now();
    board.lost = false;
    board.pause = shortest;
  };

  const apply = (board: Board, complete: CompleteUpdate) => {
    if (complete.update >= board.update) {
      board.last = complete;
      board.view = complete.view;
      board.update = complete.update;
    }
    if (!complete.goesOn && complete.update >= board.update) {
      board.disconnect?.();
      board.disconnect = null;
    }
    schedule(board);
  };

  const take = ({ id, update, change }: DeltaUpdate) => {
    const board = boards.get(id);
    if (!board) return;
    hear(board);
    // After a gap the next complete update puts things right.
    if (update !== board.update + 1) return;
    board.view = tools.patch(board.view, change) as DashboardView;
    board.update = update;
    schedule(board);
  };

  /** What comes over the page's own connection is the HTML of an output. */
  const takeHtml = (board: Board, html: string) => {
    // Put together here, so that this code, which is part of that HTML, does not hold it.
    const [, json] = html.split(["/*", "gradamp*/"].join(""));
    if (json === undefined) return;
    const update = JSON.parse(json) as CompleteUpdate | DeltaUpdate;
    if (update.id !== board.last.id) return;
    if ("view" in update) {
      hear(board);
      apply(board, update);
    } else take(update);
  };

  /** A notebook that was closed brings no updates of cells that went on: JupyterLab drops them. So the page asks itself. */
  const watchSilence = (board: Board, patience = silent) => {
    page.setTimeout(() => {
      if (!board.last.goesOn || board.disconnect || board.last.kernel === null) return;
      if (Date.now() - board.heard < patience) return watchSilence(board);
      const gone = (forGood: boolean) => {
        board.disconnect = null;
        if (!board.last.goesOn) return;
        board.lost = true;
        schedule(board);
        if (forGood) return;
        page.setTimeout(() => watchSilence(board), board.pause);
        board.pause = Math.min(2 * board.pause, longest);
      };
      board.disconnect = tools.connect(page, board.last, (html) => takeHtml(board, html), gone);
    }, patience);
  };

  return {
    show(complete, container) {
      let seen = false;
      const wait = () => {
        const place = document.getElementById(container);
        if (!place) {
          if (!seen) page.setTimeout(wait, 50);
          return;
        }
        seen = true;
        const known = boards.get(complete.id);
        const board = known ?? make(complete);
        // The same plots in the new output: nothing flickers.
        place.replaceChildren(board.root);
        hear(board);
        apply(board, complete);
        // One that is not from now comes out of a file, and there is nothing to wait for.
        if (!known) watchSilence(board, Math.abs(Date.now() - complete.sent) > 2 * silent ? 0 : silent);
      };
      wait();
    },
    take,
    updateOf: (id) => boards.get(id)?.update ?? null,
  };
}
