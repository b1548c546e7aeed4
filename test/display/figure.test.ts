import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { accuracyBars } from "../../src/figures";
import { Figure, figure } from "../../src/display";
import { exportStatic, htmlPage } from "../../src/export";
import { figureHtml } from "../../src/export/html/figure-html";
import { findChromium } from "../../src/export/renderers/find-chromium";
import { markdownHtml } from "../../src/export/html/markdown-html";
import { splitMessages } from "../../src/export/renderers/split-messages";

const folder = mkdtempSync(join(tmpdir(), "gradamp-figure-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const rows = [{ name: "</script><b>VGG08</b>", accuracy: 0.4684 }];

describe("Figure", () => {
  test("wraps what the pure function draws", () => {
    const drawn = figure.accuracyBars(rows);
    assert.ok(drawn instanceof Figure);
    assert.deepEqual(drawn.spec, accuracyBars(rows));
  });
  test("saves the spec as JSON and a page that needs no network as HTML, and leaves nothing else behind", async () => {
    const inside = join(folder, "new", "folder");
    await figure.accuracyBars(rows).save(join(inside, "figure.json"));
    await figure.accuracyBars(rows).save(join(inside, "figure.html"));
    assert.deepEqual(JSON.parse(readFileSync(join(inside, "figure.json"), "utf8")), accuracyBars(rows));
    const html = readFileSync(join(inside, "figure.html"), "utf8");
    assert.equal(/<(?:script|link|img)[^>]*(?:src|href)=/.exec(html), null);
    assert.equal(html.split("</script>").length, 3, "Plotly and the figure, and no script ended by the name of a run");
    assert.deepEqual(readdirSync(inside).sort(), ["figure.html", "figure.json"]);
  });
  test("refuses a name that does not say how", async () => {
    await assert.rejects(
      figure.accuracyBars(rows).save("figure.bmp"),
      /Expected a name ending in .* but found figure.bmp/,
    );
  });
  test("gives a notebook HTML and text", async () => {
    const before = process.env.PATH;
    process.env.PATH = "";
    process.env.GRADAMP_CACHE = folder;
    try {
      const drawn = figure.accuracyBars(rows) as unknown as Record<symbol, () => Promise<Record<string, unknown>>>;
      const bundle = (await drawn[Symbol.for("Jupyter.display")]?.()) ?? {};
      assert.deepEqual(Object.keys(bundle), ["text/html", "text/plain"]);
      assert.match(String(bundle["text/plain"]), /^Figure "Test accuracy" with 1 traces/);
    } finally {
      process.env.PATH = before;
      delete process.env.GRADAMP_CACHE;
    }
  });
});

test("figureHtml shows a picture until Plotly draws and where scripts are not trusted", () => {
  const html = figureHtml(accuracyBars(rows), Buffer.from("png"));
  assert.match(
    html,
    /^<div id="gradamp-[^"]+" style="min-height:440px"><img alt="Figure"[^>]* src="data:image\/png;base64,cG5n"><\/div>/,
  );
});

test("htmlPage shares one Plotly among its figures", () => {
  const parts = [
    { heading: "One", figure: figure.accuracyBars(rows) },
    { heading: "Two", text: "a < b", figure: accuracyBars(rows), html: "<table></table>" },
  ];
  const page = htmlPage({ title: "Results & more", parts, theme: "dark" });
  assert.equal(page.split("DecompressionStream").length, 2);
  assert.equal(page.split("Plotly.newPlot(element").length, 3);
  assert.match(page, /<title>Results &amp; more<\/title>/);
  assert.match(page, /<p>a &lt; b<\/p>/);
  assert.equal(htmlPage({ title: "t", parts: [{ text: "no figure" }] }).includes("DecompressionStream"), false);
});

test("exportStatic says what to install where nothing draws", async () => {
  const before = { ...process.env };
  Object.assign(process.env, { PATH: "", GRADAMP_CACHE: folder, CHROMIUM_PATH: "" });
  try {
    await assert.rejects(exportStatic(accuracyBars(rows), "png"), (error: Error) => {
      assert.match(error.message, /install Chromium \(apt-get install chromium\) or name one with CHROMIUM_PATH/);
      assert.match(error.message, /\n- .*Python 3 with pip.* is not here/);
      return true;
    });
  } finally {
    for (const name of ["PATH", "GRADAMP_CACHE", "CHROMIUM_PATH"] as const) {
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
    }
  }
});

test("findChromium takes CHROMIUM_PATH first and refuses one that is no program", () => {
  assert.equal(findChromium({ CHROMIUM_PATH: process.execPath, PATH: "" }), process.execPath);
  assert.throws(() => findChromium({ CHROMIUM_PATH: "/nowhere", PATH: "" }), /but found \/nowhere/);
});

test("splitMessages puts together what arrives in pieces, across characters", () => {
  const seen: string[] = [];
  const feed = splitMessages("\n", (message) => seen.push(message));
  const bytes = Buffer.from("ün\nzwei\ndrei");
  for (const byte of bytes) feed(Buffer.from([byte]));
  feed(Buffer.from("!\n"));
  assert.deepEqual(seen, ["ün", "zwei", "drei!"]);
});

test("markdownHtml renders what notebooks use", () => {
  const cases: [string, string][] = [
    ["# One *two*", "<h1>One <em>two</em></h1>"],
    ["a < b and `x*y*z` **bold**\nnext", "<p>a &lt; b and <code>x*y*z</code> <strong>bold</strong>\nnext</p>"],
    ["- one\n- two\n  more", "<ul><li>one</li><li>two\n  more</li></ul>"],
    ["1. one\n2. two", "<ol><li>one</li><li>two</li></ol>"],
    [
      "| a | b |\n|---|---|\n| 1 | 2 |",
      "<table><thead><tr><th>a</th><th>b</th></tr></thead><tbody><tr><td>1</td><td>2</td></tr></tbody></table>",
    ],
    ["```ts\nlet a = 1;\n\nlet b;\n```", "<pre><code>let a = 1;\n\nlet b;</code></pre>"],
    ["[docs](docs/x.md)", '<p><a href="docs/x.md">docs</a></p>'],
    ["snake_case_name stays", "<p>snake_case_name stays</p>"],
  ];
  for (const [markdown, html] of cases) assert.equal(markdownHtml(markdown), html);
});
