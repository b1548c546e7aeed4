import { AMPLIFY } from "./amplification";
import { CIFAR10, CIFAR100, EMBEDDED, IMAGE_FOLDER } from "./datasets";
import type { Field, Fields } from "../options";
import { flagsOf } from "./flags";
import { MEASURE } from "./measure";
import { CONSTANT_WIDTH_VGG, IMAGE_CLASSIFIER } from "./models";
import { ADAM, ADAMW, LION, RMSPROP, SGD } from "./optimizers";
import { SAVE } from "./save";
import { RULE } from "./stages/directionality-rule";
import { SCHEDULE } from "./stages/schedule";
import { TRAINING } from "./training";
import { RUN_SETTINGS, TRIAL } from "./trial";
import { VERSION } from "./version";
import { EXIT, EXIT_MEANINGS, type ExitName } from "./exit-codes";

const TABLES: readonly (readonly [title: string, where: string, fields: Fields])[] = [
  ["Training", "`ga.train(model, data, { … })`", TRAINING],
  ["Amplification in all epochs", "`amplify: { … }`", AMPLIFY],
  ["Schedules", "`stages: { … }`", SCHEDULE],
  ["Schedules by the gradients", "`ga.intelligentStages({ … })`, `intelligent` of `stages`", RULE],
  ["Measuring", "`measure: { … }`", MEASURE],
  ["SGD", '`ga.sgd({ … })`, `optimizer: { name: "sgd", … }`', SGD],
  ["Adam", '`ga.adam({ … })`, `optimizer: { name: "adam", … }`', ADAM],
  ["AdamW", '`ga.adamw({ … })`, `optimizer: { name: "adamw", … }`', ADAMW],
  ["RMSprop", '`ga.rmsprop({ … })`, `optimizer: { name: "rmsprop", … }`', RMSPROP],
  ["Lion", '`ga.lion({ … })`, `optimizer: { name: "lion", … }`', LION],
  ["Recording a run", "`save: { … }`", SAVE],
  ["VGG08 and VGG38", "`ga.vgg08({ … })`, `model.options`", CONSTANT_WIDTH_VGG],
  ["VGG-19 and residual networks", "`ga.resnet18({ … })`, `model.options`", IMAGE_CLASSIFIER],
  ["Embedded data", '`ga.embedded({ … })`, `data: { name: "embedded", … }`', EMBEDDED],
  ["CIFAR-10", '`ga.cifar10({ … })`, `data: { name: "cifar-10", … }`', CIFAR10],
  ["CIFAR-100", '`ga.cifar100({ … })`, `data: { name: "cifar-100", … }`', CIFAR100],
  ["Folders of images", "`ga.imageFolder(folder, { … })`", IMAGE_FOLDER],
  ["Configurations and trials", "`gradamp train --config FILE`, a sweep file's `trials` and `base`", TRIAL],
  ["How a configuration is run", "`run` of a configuration", RUN_SETTINGS],
];

/** The flags of each option; that of `overwrite` is the command's own. */
function flagsByField(): Map<Field<unknown, unknown>, string[]> {
  const found = new Map<Field<unknown, unknown>, string[]>([[SAVE.overwrite, ["--overwrite"]]]);
  for (const { long, placeholder, places, hidden } of flagsOf(TRIAL))
    for (const { field } of hidden ? [] : places)
      found.set(field, [...(found.get(field) ?? []), [long, placeholder].filter(Boolean).join(" ")]);
  found.set(TRAINING.optimizer, found.get(TRIAL.optimizer)!);
  return found;
}

/** docs/options.md, written from the description itself. */
export function optionsPage(): string {
  const flags = flagsByField();
  const parts = TABLES.map(
    ([title, where, fields]) =>
    [`## ${title}`, "", where, "", "| option | | default | flag |", "|---|---|---|---|", ...Object.entries(fields).map((entry) => row(entry, flags.get(entry[1]) ?? []))].join("\n"), // prettier-ignore
  );
  return `# Options

Every option of a training, written from \`src/spec/\`: one entry there is an option of \`ga.train\`, a key of configurations and sweep files, a line here and part of what makes two runs the same. A name that is not here is refused with the nearest that is; so is a value that is not expected. \`GRADAMP_UPDATE=1 node dist/test/run.js spec/\` writes this page.

The description is checked by a small table of kinds of its own and not by zod or valibot: every entry also says its default and its help, has a flag of \`gradamp train\` by itself, errors name the option, the value and the nearest name, and types stay plain enough for a notebook's TypeScript.

Files that hold a description (\`run.json\`, \`sweep.json\`, a sweep's task files, configurations) say their \`version\`, ${VERSION} now: a newer one is refused, older ones are read. What JavaScript alone can say is a function: its identity is its key, \`ga.keyed("…", f)\` (docs/runs.md).

${parts.join("\n\n")}

## Exit codes

What \`gradamp\` ends with; \`--help\` of a command says which of them it has.

| code | |
|---|---|
${(Object.keys(EXIT) as ExitName[]).map((name) => `| ${EXIT[name]} | ${EXIT_MEANINGS[name]} |`).join("\n")}
`;
}

function row(
  [name, { kind, default: fallback, help, required, onlyJavaScript }]: [string, Fields[string]],
  flags: readonly string[],
): string {
  const cell = (text: string) => text.replaceAll("|", "\\|").replaceAll("\n", " ");
  const expected = kind.expected.replace(/^to be (one of )?/, "").replace(/^to /, "");
  const told = [help, ...(expected === "" || expected === "anything" || kind.fields ? [] : [expected]), ...(onlyJavaScript ? ["JavaScript only"] : [])]; // prettier-ignore
  const shown = required ? "needed" : fallback === undefined ? "" : `\`${JSON.stringify(fallback)}\``;
  return `| \`${name}\` | ${cell(told.join("; "))} | ${cell(shown)} | ${[...new Set(flags)].map((flag) => `\`${cell(flag)}\``).join(", ")} |`;
}
