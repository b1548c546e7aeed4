import assert from "node:assert/strict";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import * as advanced from "../../src/advanced";
import * as ga from "../../src/index";
import { type OptionsParameter, publicOptions } from "./public-options";

/*
 * Every function of `gradamp` and `gradamp/advanced` that takes an object of options, as the compiler knows them: each
 * name misspelt and each value of a wrong kind has to be refused, before the function does anything.  A new function, and
 * a new option of an old one, is tried by itself.
 */

const model = ga.vgg08({ classes: 10, width: 2 });
const data = ga.embedded({ train: 20, validation: 10, test: 10 });
after(() => {
  model.dispose();
  data.dispose();
});
const folder = mkdtempSync(join(tmpdir(), "options-"));

/** What stands before the options where that is looked at first, and options that have to be given. */
const BEFORE: Readonly<Record<string, readonly unknown[]>> = {
  train: [model, data],
  startTraining: [model, data],
  "advanced.planTraining": [model, data],
  modelByName: ["vgg08"],
  amplify: [model],
  imageFolder: [folder],
  "advanced.recordTraining": [model, data],
};

/** What has to stand behind the options. */
const BEHIND: Readonly<Record<string, readonly unknown[]>> = { "advanced.recordTraining": [{ folder }] };

/** An object of each class whose methods take options. */
const INSTANCES: Readonly<Record<string, () => unknown>> = {
  Table: () => Reflect.construct(ga.Table, [{ a: [1] }, ["a"]]) as object,
  Run: () => Object.create(ga.Run.prototype) as object,
  Figure: () => new ga.Figure({ data: [], layout: {} } as never),
};

/** Options that have to be given, with a value that will do. */
const REQUIRED: Readonly<Record<string, object>> = {
  stream: {
    *train() {
      yield { inputs: ga.tf.zeros([2, 1]), targets: ga.tf.zeros([2, 1]) };
    },
  },
  torchUniform: { fanIn: 3 },
  stochasticDepth: { rate: 0.1 },
  groupNormalization: { groups: 2 },
  epochPlan: { seed: 1, epoch: 1, augmentation: null },
  amplify: { group: "bn" },
  intelligentStages: { directionality: "G", sides: "one", threshold: 1 },
  "statistics.bestOfByChance": { trials: 3, deviation: 1 },
  "statistics.chanceOfGain": { trials: 3, deviation: 1 },
  "statistics.selectOnValidation": { validation: () => 1, test: () => 1 },
  "figure.layerHistory": { layer: "a" },
  dataset: { train: { inputs: [[1]], targets: [0] } },
  htmlPage: { title: "a", parts: [] },
  widget: { esm: "export default {}", state: {} },
  Widget: { esm: "export default {}", state: {} },
};

/** An option's name as errors have it, also in words: "learning rate" for learningRate. */
const named = (name: string) =>
  name.replace(/^amp(?=[A-Z])/, "amp(?:lification)?").replaceAll(/[A-Z]/g, (letter) => ` ?${letter}`);

/** Options that take whatever there is. */
const TAKES_ANYTHING: readonly string[] = [];

/** What no option takes. */
const WRONG: readonly unknown[] = [Symbol("s"), Promise.resolve(1), new Map()];

/** What is not refused may wait for ever: for what somebody types, for a download. */
const soon = { timeout: 20_000 };

/** A name with two letters exchanged, as a hand in a hurry writes it. */
function misspelt(name: string): string {
  const at = Math.max(1, Math.floor(name.length / 2));
  const swapped = name.slice(0, at - 1) + name.charAt(at) + name.charAt(at - 1) + name.slice(at + 1);
  return swapped === name ? `x${name}` : swapped;
}

async function call({ path, index, isConstructor }: OptionsParameter, options: object): Promise<unknown> {
  const [scope, ...names] = path.startsWith("advanced.") ? [advanced, ...path.split(".").slice(1)] : [ga, ...path.split(".")]; // prettier-ignore
  const last = names.at(-1)!;
  const [owner, method] = last.includes("#") ? last.split("#") : [null, last];
  let holder: unknown = scope;
  for (const name of names.slice(0, -1)) holder = (holder as Record<string, unknown>)[name];
  if (owner !== null) {
    assert.ok(owner in INSTANCES, `${path}: give an object of it in INSTANCES`);
    holder = INSTANCES[owner]!();
  }
  const work = (holder as Record<string, (...values: unknown[]) => unknown>)[method!]!;
  assert.equal(typeof work, "function", path);
  const values = [...Array.from({ length: index }, (_, at) => BEFORE[path]?.[at]), options, ...(BEHIND[path] ?? [])];
  return isConstructor ? Reflect.construct(work, values) : await work.call(holder, ...values);
}

const found = publicOptions();

test("there are many functions with options", () => {
  assert.ok(found.length >= 75, `${found.length}: ${found.map(({ path }) => path).join(", ")}`);
  assert.ok(found.reduce((sum, { options }) => sum + options.length, 0) > 280);
});

for (const parameter of found) {
  describe(parameter.path, () => {
    const needed = REQUIRED[parameter.path] ?? {};
    for (const { name, nested } of parameter.options) {
      test(`${name}: misspelt, it is refused with the right name`, soon, async () => {
        const wrong = misspelt(name);
        const { [name as never]: _, ...others } = needed as Record<string, unknown>;
        await assert.rejects(call(parameter, { ...others, [wrong]: 1 }), {
          name: "TypeError",
          message: new RegExp(`^Expected known options .*but found \\S*\\b${wrong}: did you mean ${name}\\?$`),
        });
      });
      if (!TAKES_ANYTHING.includes(`${parameter.path}.${name}`))
        test(`${name}: what it cannot be is refused`, soon, async () => {
          for (const value of WRONG)
            await assert.rejects(call(parameter, { ...needed, [name]: value }), (error: Error) => {
              assert.ok(error instanceof TypeError || error instanceof RangeError, `${error.name}: ${error.message}`);
              assert.match(error.message, new RegExp(`^Expected .*\\b${named(name)}\\b.* but found .+`, "i"));
              return true;
            });
        });
      for (const inner of nested)
        test(`${name}.${inner}: misspelt, it is refused with the right name`, soon, async () => {
          const wrong = misspelt(inner);
          await assert.rejects(call(parameter, { ...needed, [name]: { [wrong]: 1 } }), {
            name: "TypeError",
            message: new RegExp(`^Expected known options .*but found \\S*\\b${wrong}: did you mean ${inner}\\?$`),
          });
        });
    }
    test("what is no object of options is refused", soon, async () => {
      for (const value of [null, 5, "text", [1], Promise.resolve({})])
        await assert.rejects(call(parameter, value as object), {
          name: "TypeError",
          message: /^Expected .+ but found/,
        });
    });
  });
}
