import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { sep } from "node:path";
import { describe, test } from "node:test";
import { gunzipSync } from "node:zlib";
import { displayBundle } from "../../src/cell/display-bundle";
import { ensurePlotly } from "../../src/display/ensure-plotly";
import { kernelCell } from "../../src/cell/kernel-cell";
import type { MimeBundle } from "../../src/cell/running-cell";
import { plotlyFile, plotlyHtml } from "../../src/export/html/plotly-inline";

interface Jupyter {
  lastWriteDisplayData: unknown;
  ZmqServer: new (
    handler: unknown,
    config: string,
  ) => { handleExecute(socket: unknown, message: unknown): Promise<void> };
}

/** tslab's own module, as a kernel has it loaded, with a server that runs `cell` instead of a cell's code. */
function kernel(): { jupyter: Jupyter; run: (message: object, cell: () => void) => Promise<MimeBundle[]> } {
  const jupyter = createRequire(require.resolve("tslab/dist/main.js"))("./jupyter.js") as Jupyter;
  jupyter.lastWriteDisplayData = () => undefined;
  kernelCell(); // what importing the module does in a kernel
  // As tslab does it: executions queue up, and each displays with the function of its own message.
  let queue: Promise<unknown> = Promise.resolve();
  const run = async (message: object, cell: () => void) => {
    const shown: MimeBundle[] = [];
    const handler = {
      handleExecute: (_request: unknown, _stream: unknown, writeDisplay: unknown) => {
        const execution = queue.then(() => {
          jupyter.lastWriteDisplayData = writeDisplay;
          cell();
          return { status: "ok" };
        });
        queue = execution;
        return execution;
      },
    };
    const server = new jupyter.ZmqServer(handler, "");
    const createReply = () => ({
      header: { msg_type: "" },
      content: { data: {} },
      signAndSend() {
        if (this.header.msg_type.endsWith("display_data")) shown.push(this.content.data);
      },
    });
    Object.assign(server, { connInfo: { key: "" } });
    await server.handleExecute({}, { createReply, ...message });
    return shown;
  };
  return { jupyter, run };
}

describe("ensurePlotly", () => {
  test("does nothing outside a kernel", () => {
    assert.equal(ensurePlotly(), false);
  });

  test("lets one cell carry Plotly, anew when that cell runs again, known by its id or its text", async () => {
    const { run } = kernel();
    const cell = (cellId: string | undefined, code: string) => {
      let emitted = false;
      return run({ metadata: cellId === undefined ? {} : { cellId }, content: { code } }, () => {
        emitted = ensurePlotly();
        ensurePlotly();
      }).then((shown) => {
        assert.equal(shown.length, emitted ? 1 : 0);
        return emitted;
      });
    };
    assert.equal(await cell("a", "first"), true);
    assert.equal(await cell("b", "second"), false);
    assert.equal(await cell("a", "first, edited"), true, "the cell that carries it runs again");
    assert.equal(await cell("b", "second"), false);
    assert.equal(await cell(undefined, "third"), false);
    // "Run all" sends every cell before the first has run.
    assert.deepEqual(await Promise.all([cell("x", "1"), cell("a", "first"), cell("b", "2")]), [false, true, false]);
  });
});

describe("displayBundle", () => {
  test("shows all types of a bundle in one output of the running cell", async () => {
    const { run } = kernel();
    const bundle = { "text/html": "<b>1</b>", "text/plain": "1" };
    assert.deepEqual(await run({ content: { code: "" } }, () => assert.equal(displayBundle(bundle), true)), [bundle]);
  });
});

test("plotlyHtml carries the whole of Plotly, gzipped, with module systems hidden", () => {
  const html = plotlyHtml();
  const packed = /atob\("([^"]+)"\)/.exec(html)?.[1] ?? "";
  assert.equal(gunzipSync(Buffer.from(packed, "base64")).toString(), readFileSync(plotlyFile(), "utf8"));
  assert.match(html, /new Function\("define", "module", "exports", "require", text\)/);
  assert.ok(html.length < 2_500_000, `${html.length}`);
  assert.ok(plotlyFile().includes(sep));
});
