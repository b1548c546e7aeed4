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

/** A paragraph, list or table, after a heading if it begins with one. */
function block(markdown: string): string {
  const lines = markdown.replace(/^\n+|\s+$/g, "").split("\n");
  const heading = /^(#{1,6})\s+(.*)$/.exec(lines[0] ?? "");
  if (heading) {
    const level = heading[1]?.length ?? 1;
    const rest = block(lines.slice(1).join("\n"));
    return `<h${level}>${inline(heading[2] ?? "")}</h${level}>${rest === "" ? "" : `\n${rest}`}`;
  }
  if (lines.join("").trim() === "") return "";
  if (lines.length > 1 && /^\s*\|?[\s:|-]+\|[\s:|-]*$/.test(lines[1] ?? "")) return table(lines);
  if (/^\s*(?:[-*]|\d+\.)\s/.test(lines[0] ?? "")) {
    const tag = /^\s*\d/.test(lines[0] ?? "") ? "ol" : "ul";
    const items = lines
      .join("\n")
      .split(/\n?^\s*(?:[-*]|\d+\.)\s+/m)
      .slice(1);
    return `<${tag}>${items.map((item) => `<li>${inline(item.trim())}</li>`).join("")}</${tag}>`;
  }
  return `<p>${inline(lines.join("\n"))}</p>`;
}

/** HTML of the Markdown that notebooks of this project use: headings, paragraphs, lists, tables, code, emphasis, links. */
export function markdownHtml(markdown: string): string {
  return markdown
    .replace(/\r/g, "")
    .split(/^(```[^\n]*\n[\s\S]*?^```[ \t]*$)/m)
    .flatMap((part, at) =>
      at % 2 === 1
        ? [`<pre><code>${escapeHtml(part.replace(/^```.*\n/, "").replace(/\n?```\s*$/, ""))}</code></pre>`]
        : part.split(/\n\s*\n/).map(block),
    )
    .filter((html) => html !== "")
    .join("\n");
}
