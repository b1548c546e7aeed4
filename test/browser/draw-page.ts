import { join } from "node:path";
import type { Browser } from "playwright-core";
import type { PlotlySpec } from "../../src/figures";
import { figureHtml } from "../../src/export/html/figure-html";
import { pageFrame } from "../../src/export/html/html-page";
import { layoutFaults } from "./layout-faults";
import { screenshotFolder } from "./screenshot-folder";

export interface DrawPageOptions {
  /** Of each figure, in pixels. */
  width: number;
  theme: "light" | "dark";
  /** The beginning of the names of pictures for people to look at; none are made without it. */
  screenshots?: string;
}

/**
 * Draws figures one below the other on a page as `figure.save("….html")` writes it, each as wide as the page.
 *
 * @returns What is wrong with the layout of those in which something is, by their names.
 */
export async function drawPage(
  browser: Browser,
  figures: readonly { name: string; spec: PlotlySpec }[],
  { width, theme, screenshots }: DrawPageOptions,
): Promise<Record<string, string[]>> {
  const page = await browser.newPage({ viewport: { width, height: 900 } });
  try {
    const errors: string[] = [];
    page.on("pageerror", (error) => errors.push(String(error)));
    const body = figures.map(({ spec }) => figureHtml(spec)).join("\n");
    await page.setContent(
      `${pageFrame("Figures", body, theme)}<style>body { margin: 0 !important; padding: 0 !important; max-width: none !important; }</style>`,
    );
    const drawn = ".js-plotly-plot:has(.infolayer)";
    await page.waitForFunction(
      ([selector, count]) => document.querySelectorAll(selector as string).length === count,
      [drawn, figures.length],
      { timeout: 120_000 },
    );
    await page.evaluate(() => document.fonts.ready);
    await page.waitForTimeout(300);
    const elements = await page.$$(drawn);
    if (screenshots !== undefined)
      for (const [at, element] of elements.entries())
        await element.screenshot({ path: join(screenshotFolder(), `${screenshots}-${figures[at]?.name}.png`) });
    const faults = await layoutFaults(page, drawn);
    const found: Record<string, string[]> = errors.length > 0 ? { page: errors } : {};
    faults.forEach((some, at) => {
      if (some.length > 0) found[figures[at]?.name ?? String(at)] = some;
    });
    return found;
  } finally {
    await page.close();
  }
}
