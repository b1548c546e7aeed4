import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { root } from "../support/committed-text";
import { anchorOf, buildSite, sitePages } from "./build-site";

/** What a page links to, without code. */
const linksOf = (markdown: string) =>
  [
    ...markdown
      .replace(/^```[^]*?^```/gm, "")
      .replace(/`[^`\n]*`/g, "")
      .matchAll(/\]\(([^)\s]+)\)|(?:src|srcset)="([^"]+)"/g),
  ].map((found) => (found[1] ?? found[2])!);

/** The anchors of a page's headings, and those that it sets itself. */
function anchorsOf(markdown: string): Set<string> {
  const anchors = new Set([...markdown.matchAll(/<a id="([^"]+)">/g)].map(([, id]) => id!));
  const seen = new Map<string, number>();
  for (const [, heading] of markdown.replace(/^```[^]*?^```/gm, "").matchAll(/^#{1,6}\s+(.*)$/gm)) {
    const anchor = anchorOf(heading!.replace(/\\/g, ""));
    const before = seen.get(anchor) ?? 0;
    seen.set(anchor, before + 1);
    anchors.add(before > 0 ? `${anchor}-${before}` : anchor);
  }
  return anchors;
}

test("every link of README, docs and the other pages leads to a file that is there, and to a heading of it", () => {
  const broken: string[] = [];
  let checked = 0;
  for (const page of sitePages()) {
    for (const link of linksOf(readFileSync(join(root, page), "utf8"))) {
      if (/^(?:https?:|mailto:)/.test(link)) continue;
      checked++;
      const [path = "", anchor] = link.split("#");
      const target = path === "" ? join(root, page) : join(root, dirname(page), decodeURIComponent(path));
      if (!existsSync(target)) broken.push(`${page}: ${link}`);
      else if (anchor !== undefined && target.endsWith(".md") && !anchorsOf(readFileSync(target, "utf8")).has(anchor))
        broken.push(`${page}: ${link} (no such heading)`);
    }
  }
  assert.ok(checked > 50, `${checked} links`);
  assert.deepEqual(broken, []);
});

test("the documentation is a site that opens offline: every link leads to a page or picture of it", () => {
  const folder = mkdtempSync(join(tmpdir(), "gradamp-site-"));
  try {
    const pages = buildSite(folder);
    assert.ok(
      pages.includes("index.html") && pages.includes("docs/gallery.html") && pages.includes("docs/api/index.html"),
    );
    const broken: string[] = [];
    for (const page of pages) {
      const html = readFileSync(join(folder, page), "utf8");
      assert.doesNotMatch(html, /<(?:script|link|img)[^>]*(?:src|href)="https?:/, page);
      for (const [, address] of html.matchAll(/(?:href|src|srcset)="([^"]+)"/g)) {
        if (/^(?:https?:|mailto:|data:)/.test(address!)) continue;
        const [path = "", anchor] = address!.split("#");
        const target = path === "" ? join(folder, page) : join(folder, dirname(page), path);
        if (!existsSync(target) || !statSync(target).isFile()) broken.push(`${page}: ${address}`);
        else if (anchor && !readFileSync(target, "utf8").includes(`id="${anchor}"`)) broken.push(`${page}: ${address}`);
      }
    }
    assert.deepEqual(broken, []);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("the package brings the pages that its notebooks and its README name", () => {
  const packed = execFileSync("npm", ["pack", "--dry-run", "--json", "--ignore-scripts"], {
    cwd: root,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  const [{ files }] = JSON.parse(packed) as [{ files: { path: string }[] }];
  const paths = new Set(files.map(({ path }) => path));
  const notebooks = [...paths].filter((path) => path.endsWith(".ipynb"));
  assert.ok(notebooks.length > 4, `${notebooks.length} notebooks`);
  const named = [...notebooks, "README.md"].flatMap((path) =>
    [...readFileSync(join(root, path), "utf8").matchAll(/\bdocs\/[\w/-]+\.(?:md|svg|png)\b/g)].map(([page]) => page),
  );
  assert.ok(named.length > 10, `${named.length} pages named`);
  assert.deepEqual(
    [...new Set(named)].filter((page) => !paths.has(page)),
    [],
  );
});
