import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Browser } from "playwright-core";
import { gallery } from "../figures/gallery-examples";
import { drawPage } from "./draw-page";
import { openBrowser } from "./open-browser";

describe("in every figure of the gallery no text lies over another and none leaves the picture", () => {
  let browser: Browser;
  before(async () => {
    browser = await openBrowser();
  });
  after(() => browser.close());

  for (const theme of ["light", "dark"] as const)
    for (const width of [1400, 800, 400])
      test(`${theme}, ${width} pixels wide`, async () => {
        const figures = gallery.map(({ name, draw }) => ({ name, spec: draw(theme) }));
        const found = await drawPage(browser, figures, { width, theme, screenshots: `gallery-${theme}-${width}` });
        assert.deepEqual(found, {});
      });
});
