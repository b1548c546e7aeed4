/** A sample of what `npm run test:browser` measures of every figure; where no browser is, it is left out. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Browser } from "playwright-core";
import { findChromium } from "../../src/export/renderers/find-chromium";
import { drawPage } from "../browser/draw-page";
import { layoutFaults } from "../browser/layout-faults";
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

  test("the instrument finds texts that overlap and texts that leave the picture, and no others", async () => {
    const page = await browser.newPage();
    const texts = [
      '<text x="100" y="50">one text</text><text x="130" y="52">another text</text>',
      '<text x="370" y="100">a text at the edge</text>',
      // Slanted neighbours whose upright boxes overlap.
      '<text transform="translate(60,200) rotate(-45)">slanted one</text>',
      '<text transform="translate(90,200) rotate(-45)">slanted two</text>',
      '<text x="200" y="250" opacity="0">hidden</text><text x="200" y="250">shown</text>',
    ];
    await page.setContent(`<div style="width:400px"><svg width="400" height="300">${texts.join("")}</svg></div>`);
    const [faults] = await layoutFaults(page, "div");
    await page.close();
    assert.equal(faults?.length, 2, String(faults));
    assert.match(faults[0] ?? "", /"one text" lies over "another text"/);
    assert.match(faults[1] ?? "", /"a text at the edge" leaves the picture/);
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
