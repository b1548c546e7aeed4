import { escapeHtml } from "./html-text";

function inline(text: string): string {
  const codes: string[] = [];
  return escapeHtml(text)
    .replace(/`([^`]+)`/g, (_, code: string) => `\u0001${codes.push(code) - 1}\u0001`)
    .replace(/!\[([^\]]*)\]\(([^)\s]+)\)/g, '<img alt="$1" src="$2">')
    .replace(/\[([^\]]+)\]\(((?:https?:|\.|#|[\w-]+\/)[^)\s]*)\)/g, '<a href="$2">$1</a>')
    .replace(/\*\*([^*]+)\*\*/g, "<strong>$1</strong>")
    .replace(/(^|[^\w*])[*_]([^*_]+)[*_](?!\w)/g, "$1<em>$2</em>")
    .replace(/\u0001(\d+)\u0001/g, (_, at: string) => `<code>${codes[Number(at)] ?? ""}</code>`);
}

function table(lines: readonly string[]): string {
  const cells = (line: string) =>
    line
      .trim()
      .replace(/^\||\|$/g, "")
      .split("|")
      .map((cell) => inline(cell.trim()));
  const [head = "", , ...rest] = lines;
  const row = (line: string, tag: string) =>
    `<tr>${cells(line)
      .map((cell) => `<${tag}>${cell}</${tag}>`)
      .join("")}</tr>`;
  return `<table><thead>${row(head, "th")}</thead><tbody>${rest.map((line) => row(line, "td")).join("")}</tbody></table>`;
}

/** HTML of the Markdown that notebooks of this project use: headings, paragraphs, lists, tables, code, emphasis, links. */
export function markdownHtml(markdown: string): string {
  const html: string[] = [];
  const blocks = markdown.replace(/\r/g, "").split(/\n(?=```)|(?<=\n```)\n|\n{2,}/);
  for (let at = 0; at < blocks.length; at++) {
    let block = (blocks[at] ?? "").replace(/^\n+|\n+$/g, "");
    if (block === "") continue;
    if (block.startsWith("```")) {
      while (!/\n```\s*$/.test(block) && at + 1 < blocks.length)
        block += `\n${at + 1 < blocks.length ? blocks[++at] : ""}`;
      html.push(`<pre><code>${escapeHtml(block.replace(/^```.*\n/, "").replace(/\n?```\s*$/, ""))}</code></pre>`);
      continue;
    }
    const lines = block.split("\n");
    const heading = /^(#{1,6})\s+(.*)$/.exec(lines[0] ?? "");
    if (heading) {
      const level = heading[1]?.length ?? 1;
      html.push(`<h${level}>${inline(heading[2] ?? "")}</h${level}>`);
      lines.shift();
      if (lines.length === 0) continue;
    }
    if (lines.length > 1 && /^\s*\|?[\s:|-]+\|[\s:|-]*$/.test(lines[1] ?? "")) html.push(table(lines));
    else if (/^\s*(?:[-*]|\d+\.)\s/.test(lines[0] ?? "")) {
      const tag = /^\s*\d/.test(lines[0] ?? "") ? "ol" : "ul";
      const items = lines
        .join("\n")
        .split(/\n?^\s*(?:[-*]|\d+\.)\s+/m)
        .slice(1);
      html.push(`<${tag}>${items.map((item) => `<li>${inline(item.trim())}</li>`).join("")}</${tag}>`);
    } else html.push(`<p>${inline(lines.join("\n"))}</p>`);
  }
  return html.join("\n");
}
