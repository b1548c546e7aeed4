/**
 * Writes the documentation as a site that needs no network: `npm run site` puts it into reports/site.
 *
 * Every Markdown file of the project that a reader is meant to read is a page, with the same links and a list of the others.
 */
import { cpSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix, relative } from "node:path";
import { pageFrame } from "../../src/export/html/html-page";
import { markdownHtml } from "../../src/export/html/markdown-html";
import { writeFileAtomically } from "../../src/files/write-file-atomically";

const root = join(__dirname, "..", "..", "..");

/** The name by which a heading is linked, as GitHub makes it. */
export const anchorOf = (heading: string): string =>
  heading
    .replace(/<[^>]*>|[`*]/g, "")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, "")
    .trim()
    .replace(/\s/g, "-");

/** The Markdown files that are pages, relative to the project, the README first. */
export function sitePages(): string[] {
  const docs = readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" });
  const pages = docs.filter((file) => file.endsWith(".md")).map((file) => posix.join("docs", file.replace(/\\/g, "/")));
  return ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", ...pages.sort()];
}

const titleOf = (markdown: string, file: string) => /^#\s+(.*)$/m.exec(markdown)?.[1] ?? file;
const htmlOf = (file: string) => file.replace(/README\.md$/, "index.html").replace(/\.md$/, ".html");

/** Links to pages go to their HTML; of other files of the project only what is copied is linked. */
function pageHtml(markdown: string, file: string, pages: readonly string[]): string {
  const raw: string[] = [];
  const keep = (html: string) => `\n\nKEPT${raw.push(html) - 1}KEPT\n\n`;
  const linked = markdown
    .replace(/<!--[^]*?-->/g, "")
    .replace(/<picture>[^]*?<\/picture>/g, keep)
    .replace(/<a id="([^"]+)"><\/a>/g, (whole) => keep(whole))
    .replace(/(?<!!)\[([^\]]+)\]\(([^)\s]+)\)/g, (whole, text: string, address: string) => {
      if (/^(?:https?:|#|mailto:)/.test(address)) return whole;
      const [path = "", anchor] = address.split("#");
      const target = posix.normalize(posix.join(posix.dirname(file), path));
      const page = [target, posix.join(target, "README.md")].find((each) => pages.includes(each));
      if (!page) return text;
      const to = posix.relative(posix.dirname(file), htmlOf(page)) || posix.basename(htmlOf(page));
      return `[${text}](./${to}${anchor === undefined ? "" : `#${anchor}`})`;
    });
  const seen = new Map<string, number>();
  return markdownHtml(linked)
    .replace(/<h([1-6])>(.*?)<\/h\1>/g, (_, level: string, text: string) => {
      const anchor = anchorOf(text.replace(/&amp;/g, "&").replace(/&lt;/g, "<").replace(/&gt;/g, ">"));
      const before = seen.get(anchor) ?? 0;
      seen.set(anchor, before + 1);
      return `<h${level} id="${anchor}${before > 0 ? `-${before}` : ""}">${text}</h${level}>`;
    })
    .replace(/<p>KEPT(\d+)KEPT<\/p>|KEPT(\d+)KEPT/g, (_, a: string, b: string) => raw[Number(a ?? b)] ?? "");
}

/** Writes the site; returns its pages, relative to the folder. */
export function buildSite(folder: string): string[] {
  const pages = sitePages();
  const text = new Map(pages.map((file) => [file, readFileSync(join(root, file), "utf8")]));
  for (const [file, markdown] of text) {
    const to = htmlOf(file);
    const menu = pages
      .filter((page) => !page.startsWith("docs/api/") || page === "docs/api/README.md" || file.startsWith("docs/api/"))
      .map((page) => {
        const title = page === "docs/api/README.md" ? "API reference" : titleOf(text.get(page) ?? "", page);
        const address = posix.relative(posix.dirname(to), htmlOf(page));
        return page === file ? `<b>${title}</b>` : `<a href="${address}">${title}</a>`;
      });
    const body = `<nav>${menu.join(" · ")}</nav>\n${pageHtml(markdown, file, pages)}`;
    mkdirSync(dirname(join(folder, to)), { recursive: true });
    writeFileAtomically(join(folder, to), pageFrame(titleOf(markdown, file), body, "auto"));
  }
  cpSync(join(root, "docs", "gallery"), join(folder, "docs", "gallery"), { recursive: true });
  return pages.map(htmlOf);
}

if (require.main === module) {
  const folder = join(root, "reports", "site");
  const pages = buildSite(folder);
  console.log(`${pages.length} pages: open ${relative(process.cwd(), join(folder, "index.html"))}`);
}
