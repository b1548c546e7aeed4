/** A sample of what `npm run test:browser` measures of every figure; where no browser is, it is left out. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Browser } from "playwright-core";
import { findChromium } from "../../src/export/renderers/find-chromium";
import { drawPage } from "../browser/draw-page";
import { openBrowser } from "../browser/open-browser";
import { gallery } from "./gallery-examples";
import { layoutCases } from "./layout-cases";

const SAMPLE = ["trainingCurves", "accuracyAgainstRatio", "experimentOverview", "rawAgainstAmplified"];

describe("no text of a figure lies over another", { skip: findChromium() === null }, () => {
  let browser: Browser;
  before(async () => {
    browser = await openBrowser();
  });
  after(() => browser?.close());

  test("the instrument finds texts that overlap and texts that leave the picture", async () => {
    const annotation = { xref: "paper", yref: "paper", y: 0.5, showarrow: false };
    const spec = {
      data: [],
      layout: {
        height: 300,
        annotations: [
          { ...annotation, text: "one text", x: 0.5 },
          { ...annotation, text: "another text", x: 0.51 },
          { ...annotation, text: "a text at the edge", x: 0.2, y: 0.8, xshift: -120 },
        ],
      },
    };
    const { faults } = await drawPage(browser, [{ name: "faults", spec }], { width: 400, theme: "light" });
    assert.ok(
      faults?.some((fault) => /"one text" lies over "another text"/.test(fault)),
      String(faults),
    );
    assert.ok(
      faults?.some((fault) => /"a text at the edge" leaves the picture/.test(fault)),
      String(faults),
    );
  });

  for (const [theme, width] of [
    ["light", 400],
    ["dark", 800],
  ] as const)
    test(`in ${theme}, ${width} pixels wide`, async () => {
      const some = [...gallery.filter(({ name }) => SAMPLE.includes(name)), ...layoutCases.slice(0, 4)];
      const figures = some.map(({ name, draw }) => ({ name, spec: draw(theme) }));
      assert.deepEqual(await drawPage(browser, figures, { width, theme }), {});
    });
});
