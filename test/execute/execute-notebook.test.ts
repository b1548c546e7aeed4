import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { after, describe, test } from "node:test";
import { executeNotebook, NotebookError } from "../../src/execute/execute-notebook";
import { joinText, type CellOutput, type DisplayOutput, type Notebook } from "../../src/execute/notebook-format";
import { makeNotebook } from "./make-notebook";

const library = JSON.stringify(join(__dirname, "..", "..", "src", "display"));
const made: string[] = [];
const notebookOf = (...cells: string[]) => {
  const path = makeNotebook(...cells);
  made.push(dirname(path));
  return path;
};
after(() => made.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

const outputsOf = (notebook: Notebook, cell: number): CellOutput[] => notebook.cells[cell]?.outputs ?? [];
const htmlOf = (notebook: Notebook, cell: number): string[] =>
  outputsOf(notebook, cell).map((output) => String((output as DisplayOutput).data["text/html"]));

describe("executeNotebook", () => {
  test("runs TypeScript cells in order, keeps their outputs and counts them", async () => {
    const path = notebookOf(
      "const x: number = 20;\nconsole.log(x + 1);",
      "console.log(x + 2); console.error('beside');",
      "",
      "await new Promise(resolve => setTimeout(resolve, 50)); x",
    );
    const html = join(dirname(path), "page.html");
    const output = join(dirname(path), "executed.ipynb");
    const seen: number[] = [];
    const notebook = await executeNotebook(path, { html, output, onProgress: ({ index }) => seen.push(index) });
    assert.deepEqual(outputsOf(notebook, 0), [{ output_type: "stream", name: "stdout", text: "21\n" }]);
    assert.deepEqual(
      outputsOf(notebook, 1).map((each) => each.output_type === "stream" && [each.name, joinText(each.text)]),
      [
        ["stdout", "22\n"],
        ["stderr", "beside\n"],
      ],
    );
    assert.deepEqual(
      notebook.cells.map((cell) => cell.execution_count),
      [1, 2, null, 3],
    );
    assert.deepEqual(seen, [1, 2, 4]);
    assert.deepEqual(JSON.parse(readFileSync(output, "utf8")), notebook);
    assert.match(readFileSync(html, "utf8"), /<pre class="output stdout">21\n<\/pre>/);
    assert.deepEqual(readdirSync(dirname(path)).sort(), ["executed.ipynb", "page.html", "small.ipynb"]);
  });

  for (const [what, code, reason] of [
    ["an exception", "throw new Error('broken ' + 40 + 2);", /broken 402/],
    ["a type error", "const n: number = 'text';", /not assignable to type 'number'/],
    ["an exit", "process.exit(7);", /process\.exit\(7\) would end the notebook's kernel/],
    ["a process that ends", "process.kill(process.pid, 'SIGKILL');", /process in which the cells run ended.*SIGKILL/],
  ] as const)
    test(`fails at ${what}, naming the cell, and writes what was executed`, async () => {
      const path = notebookOf("console.log('first');", code, "console.log('never');");
      const output = join(dirname(path), "executed.ipynb");
      await assert.rejects(executeNotebook(path, { output }), (error: Error) => {
        assert.ok(error instanceof NotebookError, String(error));
        assert.match(error.message, /^Cell 2 of /);
        assert.match(error.message, reason);
        return true;
      });
      const written = JSON.parse(readFileSync(output, "utf8")) as Notebook;
      assert.equal(outputsOf(written, 0).length, 1);
      assert.equal(outputsOf(written, 2).length, 0);
    });

  test("ends a cell that outlasts its time", async () => {
    const path = notebookOf("await new Promise(resolve => setTimeout(resolve, 60_000));");
    await assert.rejects(executeNotebook(path, { cellTimeout: 1 }), /within 1 seconds but it still runs/);
  });

  test("says why a kernel does not start", async () => {
    const path = notebookOf("0;");
    const command = [process.execPath, "-e", "console.error('no licence'); process.exit(3)"];
    await assert.rejects(executeNotebook(path, { command }), /ended with status 3:\nno licence/);
  });

  test("refuses what is no notebook of format 4", async () => {
    const path = notebookOf("0;");
    await assert.rejects(executeNotebook(__filename), /is no JSON/);
    const package_ = join(__dirname, "..", "..", "..", "package.json");
    await assert.rejects(executeNotebook(package_), /of format 4 but found format none/);
    assert.ok(existsSync(path));
  });

  test("puts Plotly into one cell and figures of a few kB into the others", async () => {
    const show = `figure.accuracyBars([{ name: "VGG08", accuracy: 0.4684 }]).show({ picture: false });`;
    const path = notebookOf(`const { figure } = require(${library});`, show, `${show} // again\n${show}`);
    const notebook = await executeNotebook(path);
    const sizes = [1, 2].map((cell) => htmlOf(notebook, cell).map((html) => html.length > 1_000_000));
    assert.deepEqual(sizes, [
      [true, false],
      [false, false],
    ]);
    const small = htmlOf(notebook, 1)[1] ?? "";
    assert.ok(small.length < 4000, `${small.length}`);
    assert.deepEqual(Object.keys((outputsOf(notebook, 1)[1] as DisplayOutput).data), ["text/html", "text/plain"]);
  });
});
