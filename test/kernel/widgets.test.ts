import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { KernelMessage } from "../../src/execute/kernel-client";
import { Session } from "./session";

describe("widgets", () => {
  let session: Session;
  const published: KernelMessage[] = [];
  before(async () => {
    session = await Session.start();
    session.client.onPublished((message) => published.push(message));
    assert.equal((await session.run('import * as ga from "gradamp";')).status, "ok");
  });
  after(() => session.close());

  const come = async (isWanted: (message: KernelMessage) => boolean) => {
    for (let tries = 0; tries < 500; tries++) {
      const found = published.find(isWanted);
      if (found) return found.content;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    throw new Error("The message did not come");
  };
  const view = "application/vnd.jupyter.widget-view+json";

  test("share their state with a page, both ways", async () => {
    const { messages } = await session.run(
      'const w = ga.widget({ esm: "export default { render() {} }", css: "p {}", state: { count: 1, other: "a" } });\nw.onChange((changed) => console.log("page:", changed));\nw',
    );
    const shown = messages.find(({ type }) => type === "execute_result")?.content.data as Record<
      string,
      { model_id: string }
    >;
    const id = shown[view]!.model_id;
    const { data } = (await come(({ type, content }) => type === "comm_open" && content.comm_id === id)) as {
      data: { state: object };
    };
    const { _esm, _css, _model_module, count } = data.state as Record<string, unknown>;
    assert.deepEqual([_esm, _css, _model_module, count], ["export default { render() {} }", "p {}", "anywidget", 1]);
    session.client.send("comm_msg", {
      comm_id: id,
      data: { method: "update", state: { count: 5, _esm: "x", none: 1 } },
    });
    const told = await come(({ type, content }) => type === "stream" && String(content.text).startsWith("page:"));
    assert.equal(told.text, "page: { count: 5 }\n");
    published.length = 0;
    await session.run("w.set({ other: 'b' });");
    const update = await come(({ type }) => type === "comm_msg");
    assert.deepEqual(update.data, { method: "update", state: { other: "b" }, buffer_paths: [] });
    assert.equal((await session.run("w.state")).result, "{ count: 5, other: 'b' }");
    published.length = 0;
    session.client.send("comm_open", { comm_id: "control", target_name: "jupyter.widget.control", data: {} });
    session.client.send("comm_msg", { comm_id: "control", data: { method: "request_states" } });
    const states = await come(({ type, content }) => type === "comm_msg" && content.comm_id === "control");
    const { state } = (states.data as { states: Record<string, { state: Record<string, unknown> }> }).states[id]!;
    assert.deepEqual([state["count"], state["other"]], [5, "b"]);
  });

  test("of another shape are refused, with what to give", async () => {
    const cases: [string, string, RegExp][] = [
      ["{ esm: 'nothing', state: {} }", "TypeError", /^Expected esm to be the text of an ES module/],
      ["{ esm: 'export default {}', state: { _esm: 1 } }", "RangeError", /found _esm/],
      ["{ esm: 'export default {}', state: null }", "TypeError", /^Expected state to be an object but found null/],
    ];
    for (const [definition, name, message] of cases) {
      const { error } = await session.run(`ga.widget(${definition} as any)`);
      assert.equal(error?.ename, name, definition);
      assert.match(error?.evalue ?? "", message);
    }
  });

  test("a slider moves the threshold of the directionality figure, and tells which layers would be chosen", async () => {
    published.length = 0;
    const rows =
      "[[-0.7, 'a'], [0.2, 'b'], [1.4, 'c']].map(([normalized, layer]) => ({ layer, normalized, ratio: 0.1, selected: false })) as any";
    const { messages } = await session.run(
      `const slider = ga.thresholdSlider(${rows}, { threshold: 1 });\nslider.show();`,
    );
    const figure = messages.filter(({ type }) => type === "display_data").at(-1)!.content;
    assert.match((figure.data as Record<string, string>)["text/plain"]!, /threshold 1: c$/);
    const opened = await come(({ type }) => type === "comm_open");
    const id = opened.comm_id;
    session.client.send("comm_msg", { comm_id: id, data: { method: "update", state: { threshold: 0.1 } } });
    const chosen = await come(({ type, content }) => type === "comm_msg" && content.comm_id === id);
    assert.deepEqual((chosen.data as { state: object }).state, { chosen: ["b", "c"] });
    const drawn = await come(({ type }) => type === "update_display_data");
    assert.deepEqual(drawn.transient, figure.transient);
    assert.match((drawn.data as Record<string, string>)["text/plain"]!, /threshold 0\.1: b, c$/);
    assert.equal((await session.run("slider.state.chosen")).result, "[ 'b', 'c' ]");
    assert.equal(
      (await session.run(`ga.thresholdSlider(${rows}, { sides: "both", threshold: 0.5 }).state.chosen`)).result,
      "[ 'a', 'c' ]",
    );
    assert.equal((await session.run("ga.thresholdSlider([])")).error?.ename, "RangeError");
  });
});
