import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { desc, table } from "arquero";

import { toCsv, toHtml, toLatex, toMarkdown, toText } from "../../../src/tables";

const small = table({
  model: ["VGG08", "VGG38", "VGG38 BN + RC"],
  learningRate: [1e-3, 1e-3, 1e-2],
  trainLoss: [1.74, 4.61, 0.524],
  testAccuracy: [0.4684, 0.01, 0.6109],
});
const nasty = table({ "a<b>": ["<script>alert(1)</script> & \"q\" 'p'", "x|y\nz", null], n_1: [1, NaN, Infinity] });
const long = table({
  i: Array.from({ length: 100 }, (_, i) => i),
  word: Array.from({ length: 100 }, (_, i) => `w${i}`),
});

const strip = (html: string) => html.replace(/<style>[^]*?<\/style>/, "");

describe("text", () => {
  test("columns are aligned, decimal points too, and the best has a star", () => {
    assert.equal(
      toText(small),
      [
        "Model            LR  Train loss  Test acc (%)",
        "─────────────  ────  ──────────  ────────────",
        "VGG08          1e-3      1.740         46.84",
        "VGG38          1e-3      4.610          1.00",
        "VGG38 BN + RC  1e-2      0.524*        61.09*",
        "",
      ].join("\n"),
    );
  });

  test("with mark bold the terminal's bold stands instead of the star", () => {
    const text = toText(small, { mark: "bold" });
    assert.equal(text.includes("*"), false);
    assert.equal(text.includes("\x1b[1m       61.09\x1b[22m"), true);
  });

  test("what is too wide is broken into blocks that repeat the first column", () => {
    const lines = toText(small, { width: 32 }).split("\n");
    assert.deepEqual(
      lines.filter((line) => line.startsWith("Model")),
      ["Model            LR  Train loss", "Model          Test acc (%)"],
    );
    assert.equal(
      lines.every((line) => line.length <= 32),
      true,
    );
  });

  test("long tables show head, tail and shape", () => {
    const text = toText(long, { limit: 4 });
    assert.deepEqual(
      text.split("\n").map((line) => line.trim().replace(/ +/g, " ")),
      [
        "i Word",
        "── ────",
        "0 w0",
        "1 w1",
        "⋮ ⋮",
        "98 w98",
        "99 w99",
        "100 rows × 2 columns, the first 2 and the last 2 shown",
        "",
      ],
    );
  });

  test("control characters cannot reach the terminal", () => {
    assert.equal(toText(table({ a: ["x\x1b[2Jy\nz"] })).includes("\x1b"), false);
  });

  test("a table of no rows says so", () => {
    assert.equal(
      toText(table({ model: [] }))
        .trim()
        .endsWith("0 rows × 1 column"),
      true,
    );
  });
});

describe("HTML", () => {
  test("shape on top, numbers to the right, the best in bold", () => {
    const html = strip(toHtml(small, { caption: "Results" }));
    assert.match(html, /<caption>Results <span class="shape">3 rows × 4 columns<\/span><\/caption>/);
    assert.match(html, /<th scope="col" style="text-align:left">Model<\/th>/);
    assert.match(html, /<td style="text-align:right"><strong>61\.09<\/strong><\/td>/);
    assert.equal(html.match(/<strong>/g)?.length, 2);
  });

  test("names and cells are escaped", () => {
    const html = strip(toHtml(nasty, { caption: "<i>" }));
    assert.equal(html.includes("<script>"), false);
    assert.equal(html.includes("<i>"), false);
    assert.match(html, /a&lt;b&gt;/);
    assert.match(html, /&lt;script&gt;alert\(1\)&lt;\/script&gt; &amp; &quot;q&quot; &#39;p&#39;/);
  });

  test("twenty of a hundred rows are shown, from both ends", () => {
    const html = strip(toHtml(long));
    assert.match(html, /100 rows × 2 columns, the first 10 and the last 10 shown/);
    assert.equal(html.match(/<tr>/g)?.length, 1 + 20 + 1);
    assert.match(html, /⋮ 80 more/);
    assert.equal(strip(toHtml(long, { limit: null })).match(/<tr>/g)?.length, 101);
  });
});

describe("Markdown", () => {
  test("is a table with alignment and bold", () => {
    assert.equal(
      toMarkdown(small),
      [
        "| Model | LR | Train loss | Test acc (%) |",
        "| :-- | --: | --: | --: |",
        "| VGG08 | 1e-3 | 1.740 | 46.84 |",
        "| VGG38 | 1e-3 | 4.610 | 1.00 |",
        "| VGG38 BN + RC | 1e-2 | **0.524** | **61.09** |",
        "",
      ].join("\n"),
    );
  });

  test("pipes, line breaks and tags mean themselves", () => {
    const lines = toMarkdown(nasty).split("\n");
    assert.equal(lines[0], "| a\\<b\\> | n\\_1 |");
    assert.equal(lines[3], "| x\\|y<br>z | NaN |");
    assert.equal(lines[4], "| – | ∞ |");
    assert.equal(lines.length, 6);
  });
});

describe("LaTeX", () => {
  test("is a booktabs tabular in a float where a caption is given", () => {
    assert.equal(
      toLatex(small, { caption: "50 % & more", label: "tab:a" }),
      [
        "\\begin{table}[htbp]",
        "\\centering",
        "\\caption{50 \\% \\& more}",
        "\\label{tab:a}",
        "\\begin{tabular}{lrrr}",
        "  \\toprule",
        "  Model & LR & Train loss & Test acc (\\%) \\\\",
        "  \\midrule",
        "  VGG08 & $10^{-3}$ & 1.740 & 46.84 \\\\",
        "  VGG38 & $10^{-3}$ & 4.610 & 1.00 \\\\",
        "  VGG38 BN + RC & $10^{-2}$ & \\textbf{0.524} & \\textbf{61.09} \\\\",
        "  \\bottomrule",
        "\\end{tabular}",
        "\\end{table}",
        "",
      ].join("\n"),
    );
  });

  test("special characters mean themselves", () => {
    const latex = toLatex(table({ a_b: ["50% of $x^2$ & {y} ~ \\z #1 ± Γ Ĝ"] }));
    assert.match(latex, / {2}a\\_b \\\\/);
    assert.ok(
      latex.includes(
        "50\\% of \\$x\\textasciicircum{}2\\$ \\& \\{y\\} \\textasciitilde{} \\textbackslash{}z \\#1 $\\pm$ $\\Gamma$ $\\hat{G}$",
      ),
    );
  });

  test("numbers have true minus signs and powers of ten, empty columns go, the caption gives a label", () => {
    const results = table({ gap: [-0.5, 0.25], meanAbs: [2.5e-7, 1e-3], folder: [null, null] });
    const latex = toLatex(results, { caption: "Gradients of VGG38" });
    assert.match(latex, /\\label\{tab:gradients-of-vgg38\}/);
    assert.match(latex, /\\begin\{tabular\}\{rr\}/);
    assert.ok(latex.includes("  $-$0.5 & $2.500 \\times 10^{-7}$ \\\\"), latex);
    assert.doesNotMatch(toLatex(results, { caption: "x", label: null }), /label/);
    assert.match(toLatex(results, { columns: ["folder", "gap"] }), /Folder & Gap/);
  });

  test("siunitx gets numbers it can read, and braces around what is none", () => {
    const latex = toLatex(
      table({ model: ["a", "b"], testAccuracyImprovement: [-0.0123, null], parameters: [20040522, 7] }),
      {
        siunitx: true,
      },
    );
    assert.match(latex, /\{lS\[table-format=\+1\.2\]S\[table-format=8\.0\]\}/);
    assert.match(latex, /a & -1\.23 & 20040522/);
    assert.match(latex, /b & \{--\} & 7/);
    assert.match(latex, /Model & \{Test acc gain/);
  });

  test("a label without a caption is an error", () => {
    assert.throws(() => toLatex(small, { label: "tab:a" }), {
      name: "TypeError",
      message: /caption beside the label tab:a/,
    });
  });
});

describe("CSV", () => {
  test("has own names, full precision and quoted text", () => {
    assert.equal(
      toCsv(
        table({
          model: ['a,"b"', "c\nd", null],
          testAccuracy: [1 / 3, NaN, null],
          day: [new Date(Date.UTC(2026, 0, 2)), null, null],
        }),
      ),
      'model,testAccuracy,day\n"a,""b""",0.3333333333333333,2026-01-02\n"c\nd",NaN,\n,,\n',
    );
  });

  test("delimiter and columns can be chosen", () => {
    assert.equal(toCsv(small, { columns: ["testAccuracy", "model"], delimiter: ";" }).split("\n")[1], "0.4684;VGG08");
  });
});

describe("what all renderers share", () => {
  test("the best is found in each group of a grouped table", () => {
    const grouped = table({ dataset: ["a", "a", "b", "b"], testAccuracy: [0.1, 0.2, 0.4, 0.3] }).groupby("dataset");
    assert.deepEqual(toMarkdown(grouped).match(/\*\*[^*]+\*\*/g), ["**20.00**", "**40.00**"]);
  });

  test("of variants of a quantity the best of the row is marked", () => {
    const across = table({
      m: ["a", "b", "c"],
      "minutes/x": [1, 2, 3],
      "minutes/y": [2, 1, null],
      "testAccuracy/x": [0.5, 0.1, 0.2],
      "testAccuracy/y": [0.5, 0.2, 0.1],
    });
    assert.deepEqual(toMarkdown(across).split("\n").slice(2, 5), [
      "| a | **1.00** | 2.00 | 50.00 | 50.00 |",
      "| b | 2.00 | **1.00** | 10.00 | **20.00** |",
      "| c | 3.00 | – | **20.00** | 10.00 |",
    ]);
  });

  test("of equally good values none stands out, nor does a lone value; NaN and missing never are the best", () => {
    assert.equal(toMarkdown(table({ trainLoss: [1, 1, NaN, null, 2] })).includes("**"), false);
    // Equal as they are printed.
    assert.equal(toMarkdown(table({ testAccuracy: [0.46841, 0.46839, 0.3] })).includes("**"), false);
    assert.match(toMarkdown(table({ trainLoss: [1, 2, NaN, null] })), /\*\*1\.000\*\*/);
    assert.equal(toMarkdown(table({ trainLoss: [1, null] })).includes("**"), false);
  });

  test("values of different data sets are not compared", () => {
    const mixed = table({
      dataset: ["cifar-10", "cifar-10", "cifar-100", "cifar-100"],
      testAccuracy: [0.9, 0.8, 0.4, 0.5],
    });
    assert.deepEqual(toMarkdown(mixed).match(/\*\*[^*]+\*\*/g), ["**90.00**", "**50.00**"]);
  });

  const columns: [string, (number | null)[], string[]][] = [
    ["meanAbs", [0.00000988, 1.739e-14, 0, null], ["9.880e-6", "1.739e-14", "0", "–"]],
    ["meanAbs", [0.25, 12.5, -3.25], ["0.25", "12.5", "−3.25"]],
    ["learningRate", [3.2328210346431806e-3, 0.1], ["3.233e-3", "1.000e-1"]],
    ["learningRate", [0.1, 0.5], ["0.1", "0.5"]],
    ["learningRate", [0.1, 0.01], ["1e-1", "1e-2"]],
    ["trainLoss", [2.303, 3.1e-7], ["2.303e0", "3.100e-7"]],
    ["testAccuracyPValue", [0.04, 0.00002], ["4.0e-2", "2.0e-5"]],
    ["testAccuracyImprovement", [0.0222, -0.001], ["+2.22", "−0.10"]],
  ];
  for (const [name, values, printed] of columns)
    test(`a column has one notation: ${name} ${values.join(", ")}`, () => {
      const lines = toMarkdown(table({ [name]: values }), { best: false })
        .trim()
        .split("\n")
        .slice(2);
      assert.deepEqual(lines.map((line) => line.slice(2, -2)), printed); // prettier-ignore
    });

  test("own directions say what is best, and false turns bold off", () => {
    const own = table({ score: [1, 3, 2], trainLoss: [1, 2, 3] });
    assert.deepEqual(toMarkdown(own, { best: { score: "max", trainLoss: null } }).match(/\*\*[^*]+\*\*/g), ["**3**"]);
    assert.equal(toMarkdown(own, { best: false }).includes("**"), false);
  });

  test("order and filter of the table are kept", () => {
    const view = small.filter((row: { testAccuracy: number }) => row.testAccuracy > 0.1).orderby(desc("testAccuracy"));
    assert.deepEqual(toCsv(view, { columns: ["model"] }).split("\n"), ["model", "VGG38 BN + RC", "VGG08", ""]);
    assert.deepEqual(
      toMarkdown(view, { columns: ["model"] })
        .split("\n")
        .slice(2, 4),
      ["| VGG38 BN + RC |", "| VGG08 |"],
    );
  });

  test("deviation, improvement and overhead stand in the cell of their column, unless merge is false", () => {
    const companions = table({
      minutes: [31.82],
      minutesDeviation: [0.52],
      minutesOverhead: [0.015],
      testAccuracy: [0.933],
      testAccuracyImprovement: [0.0222],
      "trainLoss/a": [1],
      "trainLossDeviation/a": [null],
    });
    assert.equal(toMarkdown(companions).split("\n")[2], "| 31.82 ± 0.52 (+1.50 %) | 93.30 (+2.22) | 1.000 |");
    assert.equal(
      toMarkdown(companions, { merge: false }).split("\n")[2],
      "| 31.82 | 0.52 | +1.50 | 93.30 | +2.22 | 1.000 | – |",
    );
  });

  test("labels and formats can be given by column", () => {
    const text = toMarkdown(small, {
      columns: ["trainLoss"],
      labels: { trainLoss: "L" },
      format: { trainLoss: (v) => `<${String(v)}>` },
      best: false,
    });
    assert.deepEqual(text.split("\n").slice(0, 3), ["| L |", "| --: |", "| \\<1.74\\> |"]);
  });

  test("other numbers keep four significant digits, integers and dates are whole", () => {
    const mixed = table({
      a: [1 / 3, 7.6e-19, 0.5],
      b: [123456, 2, 3],
      c: [new Date(Date.UTC(2026, 0, 2)), new Date(1e12), null],
      d: [true, false, null],
    });
    assert.deepEqual(toMarkdown(mixed).split("\n").slice(2, 5), [
      "| 3.333e-1 | 123456 | 2026-01-02 | true |",
      "| 7.600e-19 | 2 | 2001-09-09T01:46:40.000Z | false |",
      "| 5.000e-1 | 3 | – | – |",
    ]);
  });

  test("a column that is not there is an error that names those that are", () => {
    for (const render of [toCsv, toHtml, toLatex, toMarkdown, toText]) {
      assert.throws(() => render(small, { columns: ["loss"] }), {
        name: "RangeError",
        message: "Expected a column of the table but found loss: it has model, learningRate, trainLoss, testAccuracy",
      });
    }
  });

  test("a limit that is no positive integer is an error", () => {
    assert.throws(() => toText(small, { limit: 0 }), { name: "RangeError", message: /but found 0/ });
  });
});
