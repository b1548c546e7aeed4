import { anObject, anyText, checkOptions, listOf, oneOf, required, type Kind, type KindsOf } from "../../options";
import type { PlotlySpec } from "../../figures";
import { figureHtml } from "./figure-html";
import { escapeHtml } from "./html-text";
import { plotlyHtml } from "./plotly-inline";

/** A part of a page: a heading with text, a figure, or HTML such as a rendered table. */
export interface PagePart {
  /** Above the part. */
  heading?: string;
  /** Plain text, one paragraph. */
  text?: string;
  /** A Plotly figure. */
  figure?: PlotlySpec | { spec: PlotlySpec };
  /** Below the figure: text by address, relative to the page. */
  links?: Readonly<Record<string, string>>;
  /** Goes into the page as it is. */
  html?: string;
}

/** What stands on a page. */
export interface HtmlPageOptions {
  /** The page's title. */
  title: string;
  /** What stands on it, from top to bottom. */
  parts: readonly PagePart[];
  /** Default: "auto", as the reader's system is. Figures without a theme of their own follow it. */
  theme?: "light" | "dark" | "auto";
}

const PART: KindsOf<PagePart> = { heading: anyText, text: anyText, figure: anObject, links: anObject, html: anyText };

const part: Kind<PagePart> = {
  expected: "to be a part of a page",
  read(found, name) {
    checkOptions(name, found as PagePart, PART);
    return found as PagePart;
  },
};

const KINDS: KindsOf<HtmlPageOptions> = {
  title: required(anyText),
  parts: required(listOf(part, "a list of parts")),
  theme: oneOf("light", "dark", "auto"),
};

const style = `
:root { --ink: #1f2430; --ground: #ffffff; --grid: #e8eaee; --soft: #f6f7f9; }
html { color-scheme: light; }
html[data-theme="dark"] { --ink: #e4e7ed; --ground: #15181e; --grid: #2a2f39; --soft: #1c2028; color-scheme: dark; }
@media (prefers-color-scheme: dark) { html[data-theme="auto"] { --ink: #e4e7ed; --ground: #15181e; --grid: #2a2f39;
  --soft: #1c2028; color-scheme: dark; } }
a { color: inherit; text-decoration-color: color-mix(in srgb, currentColor 45%, transparent); text-underline-offset: 0.15em; }
nav { margin: 0.5rem 0 1rem; font-size: 14px; }
body { font: 15px/1.55 Inter, "Helvetica Neue", Arial, "Liberation Sans", sans-serif; color: var(--ink);
  background: var(--ground); max-width: 1180px; margin: 2rem auto; padding: 0 1.25rem; }
h1 { font-size: 1.7rem; } h2 { font-size: 1.25rem; margin-top: 2.2rem; }
table { border-collapse: collapse; font-size: 14px; }
th, td { padding: 0.3rem 0.7rem; border-bottom: 1px solid var(--grid); text-align: left; }
code, pre { font: 13px/1.5 "JetBrains Mono", Consolas, "Liberation Mono", monospace; }
pre { background: var(--soft); padding: 0.7rem 0.9rem; overflow-x: auto; border-radius: 4px; }
code { background: var(--soft); padding: 0 0.2em; } pre code { background: none; padding: 0; }
img { max-width: 100%; }
@media (max-width: 600px) { body { margin: 1rem auto; padding: 0 0.6rem; } h1 { font-size: 1.35rem; }
  h2 { font-size: 1.1rem; } body > table { display: block; overflow-x: auto; } }
.output { margin: 0.4rem 0 1.2rem; overflow-x: auto; }
.stderr { border-left: 3px solid #c77; }
`;

/** The frame of a page that needs no network: style, and Plotly once if anything in it draws. */
export function pageFrame(title: string, body: string, theme: "light" | "dark" | "auto" = "auto"): string {
  const plotly =
    body.includes("__gradampPlotly") && !body.includes("window.__gradampPlotly = (async") ? plotlyHtml() : "";
  return `<!doctype html>
<html lang="en" data-theme="${theme}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${style}</style>
${plotly}
</head>
<body>
${body}
</body>
</html>
`;
}

const linksHtml = (links: Readonly<Record<string, string>>) =>
  `<nav>${Object.entries(links)
    .map(([address, text]) => `<a href="${escapeHtml(address)}">${escapeHtml(text)}</a>`)
    .join(" · ")}</nav>`;

/**
 * One HTML page with several figures and tables that opens offline; they share one Plotly (2 MB).
 *
 * @param options title, parts and theme
 * @throws {TypeError} for an unknown option or one of a wrong kind
 * @example
 * import * as ga from "gradamp";
 * const page = ga.htmlPage({
 *   title: "Results",
 *   parts: [
 *     { heading: "Test accuracy", figure: ga.figure.accuracyBars([{ name: "VGG08", accuracy: 0.4684 }]) },
 *     { heading: "Notes", text: "One seed each." },
 *   ],
 * });
 * console.log(page.length > 1_000_000);
 */
export function htmlPage(options: HtmlPageOptions): string {
  checkOptions("htmlPage", options, KINDS);
  const { title, parts, theme = "auto" } = options;
  const body = parts.map(({ heading, text, figure, html, links }) =>
    [
      heading === undefined ? "" : `<h2>${escapeHtml(heading)}</h2>`,
      text === undefined ? "" : `<p>${escapeHtml(text)}</p>`,
      figure === undefined ? "" : figureHtml("spec" in figure ? figure.spec : figure),
      html ?? "",
      links === undefined || Object.keys(links).length === 0 ? "" : linksHtml(links),
    ]
      .filter((part) => part !== "")
      .join("\n"),
  );
  return pageFrame(title, [`<h1>${escapeHtml(title)}</h1>`, ...body].join("\n"), theme);
}
