import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { runInNewContext } from "node:vm";
import { emptyDashboard } from "../../src/live/dashboard-state";
import { viewer } from "../../src/live/dashboard-view";
import { darkColours } from "../../src/figures/frame/dark-colours";
import { fit } from "../../src/figures/frame/fit";
import { pageIsDark } from "../../src/figures/frame/page-is-dark";
import { foldEvent } from "../../src/live/fold-event";
import { completeHtml, deltaHtml } from "../../src/live/live-html";
import { headHtml } from "../../src/live/page/head-html";
import { type LivePage, livePage, type PageTools } from "../../src/live/page/live-page";
import { patch } from "../../src/live/page/patch";
import { recolour } from "../../src/figures/frame/recolour";
import { UpdatePlan } from "../../src/live/update-plan";
import { facts, longRun } from "./long-run";

/** As much of a page as a dashboard touches. */
class Node {
  children: Node[] = [];
  parent: Node | null = null;
  className = "";
  innerHTML = "";
  hidden = false;
  attributes: Record<string, string> = {};
  append(...nodes: Node[]): void {
    for (const node of nodes) {
      node.parent?.children.splice(node.parent.children.indexOf(node), 1);
      node.parent = this;
      this.children.push(node);
    }
  }
  replaceChildren(...nodes: Node[]): void {
    for (const child of this.children) child.parent = null;
    this.children = [];
    this.append(...nodes);
  }
  get isConnected(): boolean {
    return this.parent !== null || this.className === "output";
  }
  querySelector(selector: string): Node | null {
    for (const child of this.children) {
      const found = `.${child.className}` === selector ? child : child.querySelector(selector);
      if (found) return found;
    }
    return null;
  }
  setAttribute(name: string, value: string): void {
    this.attributes[name] = value;
  }
  getAttribute(name: string): string | null {
    return this.attributes[name] ?? null;
  }
}

/** A page whose outputs are HTML, as a notebook's are: their scripts run, and their elements are found by id. */
function openPage() {
  const outputs = new Map<string, Node>();
  const drawn: { name: string; spec: { data: unknown[]; layout: Record<string, unknown> } }[] = [];
  const body = new Node();
  const page: Record<string, unknown> = {
    document: {
      body,
      hidden: false,
      createElement: () => new Node(),
      getElementById: (id: string) => outputs.get(id) ?? null,
    },
    MutationObserver: class {
      observe() {}
    },
    ResizeObserver: class {
      observe() {}
    },
    setTimeout: (work: () => void, delay: number) => setTimeout(work, delay),
    __gradampPlotly: Promise.resolve({
      react: (element: Node, data: unknown[], layout: Record<string, unknown>) =>
        Promise.resolve(drawn.push({ name: element.className, spec: { data, layout } })),
    }),
  };
  page["window"] = page;
  const render = (html: string): Node => {
    const output = new Node();
    output.className = "output";
    const id = /<div id="([^"]+)"/.exec(html)?.[1];
    if (id) outputs.set(id, output);
    for (const [, script] of html.matchAll(/<script>([^]*?)<\/script>/g)) runInNewContext(script!, page);
    return output;
  };
  return { page, outputs, render, drawn, body, live: () => page["__gradampLive"] as LivePage };
}

const settle = () => new Promise((resolve) => setTimeout(resolve, 120));

/** The HTML of successive updates. */
function* updates(more: { epochs: number }) {
  let state = emptyDashboard(facts);
  const view = viewer();
  const plan = new UpdatePlan();
  for (const event of longRun({ layers: 12, ...more })) {
    state = foldEvent(state, event);
    const planned = plan.next(view(state), event.kind === "end");
    const { update } = planned;
    if (planned.kind === "delta") yield deltaHtml({ id: "x", update, change: planned.change });
    else
      yield completeHtml(
        {
          id: "x",
          update,
          view: planned.view,
          goesOn: event.kind !== "end",
          kernel: null,
          sent: Date.now(),
          theme: "auto",
          dark: darkColours(),
        },
        { text: "" },
      );
  }
}

test("a page draws what the updates tell, in the notebook's colours, and keeps its plots across complete ones", async () => {
  const { render, drawn, body, live } = openPage();
  body.setAttribute("data-jp-theme-light", "false");
  let last: Node | null = null;
  let root: Node | undefined;
  let count = 0;
  for (const html of updates({ epochs: 9 })) {
    count++;
    const output = render(html);
    if (!html.includes("show(/*gradamp*/")) continue;
    last = output;
    root ??= output.children[0];
    assert.equal(output.children[0], root, "the same element in the new output");
  }
  await settle();
  assert.equal(live().updateOf("x"), count);
  assert.match(last!.children[0]!.children[0]!.innerHTML, /Epoch.*9 \/ 150/);
  assert.equal(root!.getAttribute("data-theme"), "dark");
  assert.deepEqual([...new Set(drawn.map(({ name }) => name))], ["gl-curves", "gl-flow", "gl-heatmap"]);
  const heatmap = drawn.at(-1)!.spec.data[0] as { z: number[][] };
  assert.deepEqual([heatmap.z.length, heatmap.z[0]?.length], [12, 9]);
  assert.match(JSON.stringify(drawn.at(-1)), /"#e4e7ed"/);
});

test("a page that has missed deltas waits for the next complete update", async () => {
  const { render, live } = openPage();
  const all = [...updates({ epochs: 9 })];
  render(all[0]!);
  for (const html of all.slice(3, 20)) render(html);
  assert.equal(live().updateOf("x"), 1);
  for (const html of all.slice(20, 30)) render(html);
  assert.equal(live().updateOf("x"), 30);
  await settle();
});

test("a page asks the kernel itself where updates stop, and again after a pause where that connection is lost", () => {
  mock.timers.enable({ apis: ["setTimeout", "Date"] });
  // What a timer sets within a tick counts from the end of that tick.
  const pass = (milliseconds: number) => {
    for (let gone = 0; gone < milliseconds; gone += 50) mock.timers.tick(50);
  };
  try {
    const { page, outputs } = openPage();
    const connections: { send: Parameters<PageTools["connect"]>[2]; lose: (forGood: boolean) => void }[] = [];
    const connect: PageTools["connect"] = (_, __, send, lose) => {
      connections.push({ send, lose });
      return () => undefined;
    };
    const live = livePage(page as unknown as Window, { patch, recolour, fit, pageIsDark, headHtml, connect });
    const place = new Node();
    outputs.set("place", place);
    const state = foldEvent(emptyDashboard(facts), [...longRun({ epochs: 1, layers: 3 })][0]!);
    const complete = (update: number, sent = Date.now()) => ({
      ...{ id: "x", update, view: viewer()(state), goesOn: true, kernel: "k", sent },
      ...{ theme: "auto" as const, dark: darkColours() },
    });
    const status = () => /gl-status[^>]*>([^<]*)</.exec(place.children[0]!.children[0]!.innerHTML)?.[1];
    live.show(complete(1), "place");
    pass(1000);
    assert.deepEqual([connections.length, status()], [0, "running"]);
    pass(1000);
    assert.equal(connections.length, 1);
    connections[0]!.lose(false);
    pass(100);
    assert.deepEqual([connections.length, status()], [1, "not connected"]);
    pass(3000);
    assert.equal(connections.length, 2);
    connections[1]!.send(completeHtml(complete(2), { text: "" }));
    pass(100);
    assert.deepEqual([live.updateOf("x"), status()], [2, "running"]);
    // Attempts in vain become rarer.
    const before = connections.length;
    let lost = before - 1;
    for (let second = 0; second < 120; second++) {
      while (lost < connections.length) connections[lost++]!.lose(false);
      pass(1000);
    }
    const attempts = connections.length - before;
    assert.ok(attempts >= 5 && attempts <= 10, `${attempts} attempts in two minutes`);
    pass(60_000);
    const last = connections.length;
    connections.at(-1)!.lose(true);
    pass(200_000);
    assert.deepEqual([connections.length, status()], [last, "not connected"]);
    // What a notebook's file held is out of date: nothing is waited for.
    outputs.set("other", new Node());
    live.show({ ...complete(1, Date.now() - 60_000), id: "y" }, "other");
    pass(100);
    assert.equal(connections.length, last + 1);
  } finally {
    mock.timers.reset();
  }
});
