import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** A plugin of typedoc's for what its Markdown leaves out or gets wrong. */
export function load(app) {
  // It leaves the type of a `@throws` out of the page: it stands before the condition again.
  app.converter.on("resolveEnd", ({ project }) => {
    for (const { comment } of Object.values(project.reflections))
      for (const tag of comment?.blockTags ?? []) {
        if (tag.tag !== "@throws" || !tag.typeAnnotation) continue;
        const type = tag.typeAnnotation.replace(/^\{|\}$/g, "");
        tag.content.unshift({ kind: "code", text: `\`${type}\`` }, { kind: "text", text: " " });
      }
  });
  // It counts headings of one name across all pages, where a page counts its own.
  app.renderer.on("endRender", ({ outputDirectory }) => correctAnchors(outputDirectory));
}

function correctAnchors(folder) {
  const pages = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".md"));
  for (const page of pages) {
    const path = join(folder, page);
    const text = readFileSync(path, "utf8");
    const corrected = text.replace(/\]\(([^)\s#]*)#([\w-]+?)-(\d+)\)/g, (whole, file, name, count) => {
      const target = file === "" ? path : join(dirname(path), file);
      if (!existsSync(target)) return whole;
      const headings = readFileSync(target, "utf8").match(/^#{1,6} .*$/gm) ?? [];
      const same = headings.filter((line) => line.replace(/^#+ |[^\p{L}\p{N}_ -]/gu, "").toLowerCase() === name);
      return same.length > 0 && same.length <= Number(count) ? `](${file}#${name})` : whole;
    });
    if (corrected !== text) writeFileSync(path, corrected);
  }
}
