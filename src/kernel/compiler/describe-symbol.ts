import type * as typescript from "typescript";

/** What a name is and what its documentation says. */
export interface SymbolDescription {
  text: string;
  markdown: string;
}

const textOf = (parts: readonly typescript.SymbolDisplayPart[] | undefined) =>
  (parts ?? []).map(({ text }) => text).join("");

/** Tags in the order in which a reader wants them. */
const order = ["param", "returns", "throws", "see", "example"];

/** The signature of a symbol with its TSDoc: parameters, errors, example. */
export function describeSymbol(info: typescript.QuickInfo): SymbolDescription {
  // An imported name is first of all what it stands for.
  const signature = textOf(info.displayParts)
    .replace(/^\(alias\) /, "")
    .replace(/\n(import|export) [\s\S]*$/, "");
  const documentation = textOf(info.documentation);
  const tags = [...(info.tags ?? [])]
    .map(({ name, text }) => ({ name, text: textOf(text) }))
    .filter(({ name }) => order.includes(name))
    .sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name));
  const markdown = tags.map(({ name, text }) =>
    name === "example"
      ? `**Example**\n\n\`\`\`typescript\n${text.replace(/^```\w*\n|\n```$/g, "")}\n\`\`\``
      : `**@${name}** ${name === "param" ? text.replace(/^(\S+)/, "`$1`") : text}`,
  );
  const plain = tags.map(({ name, text }) => (name === "example" ? `Example:\n${text}` : `@${name} ${text}`));
  return {
    text: [signature, documentation, ...plain].filter((part) => part !== "").join("\n\n"),
    markdown: [`\`\`\`typescript\n${signature}\n\`\`\``, documentation, ...markdown]
      .filter((part) => part !== "")
      .join("\n\n"),
  };
}
