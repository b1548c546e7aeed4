import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type Fields, type Kind, nearest, readFields, TRAINING, readTraining, SGD, ADAM, ADAMW, LION, RMSPROP, MEASURE, AMPLIFY, SAVE } from "../../src/spec"; // prettier-ignore
import { CIFAR10, CIFAR100, CONSTANT_WIDTH_VGG, EMBEDDED, IMAGE_CLASSIFIER, IMAGE_FOLDER, VGG19 } from "../../src/spec";

/** Every table of options, with what has to be given. */
const TABLES: Readonly<Record<string, { readonly fields: Fields; readonly given?: object }>> = {
  TRAINING: { fields: TRAINING },
  SGD: { fields: SGD },
  ADAM: { fields: ADAM },
  ADAMW: { fields: ADAMW },
  RMSPROP: { fields: RMSPROP },
  LION: { fields: LION },
  MEASURE: { fields: MEASURE },
  AMPLIFY: { fields: AMPLIFY, given: { group: "bn" } },
  SAVE: { fields: SAVE, given: { folder: "a" } },
  EMBEDDED: { fields: EMBEDDED },
  CIFAR10: { fields: CIFAR10 },
  CIFAR100: { fields: CIFAR100 },
  IMAGE_FOLDER: { fields: IMAGE_FOLDER, given: { size: [8, 8] } },
  CONSTANT_WIDTH_VGG: { fields: CONSTANT_WIDTH_VGG },
  VGG19: { fields: VGG19 },
  IMAGE_CLASSIFIER: { fields: IMAGE_CLASSIFIER },
};

/** What no option takes, but those that are kept as they are. */
const WRONG: readonly unknown[] = [Number.NaN, -1.5, "no such word", [Number.NaN], { never: "known" }, Symbol("s"), new Map(), Promise.resolve(1)]; // prettier-ignore

/** A name with two letters exchanged, as a hand in a hurry writes it. */
const misspelt = (name: string) => {
  const at = Math.max(1, Math.floor(name.length / 2));
  return name.slice(0, at - 1) + name.charAt(at) + name.charAt(at - 1) + name.slice(at + 1);
};

const takesAnything = (kind: Kind<unknown>) => kind.expected === "";

for (const [table, { fields, given = {} }] of Object.entries(TABLES)) {
  describe(`${table}: every option`, () => {
    for (const [name, { kind, help, required }] of Object.entries(fields)) {
      test(`${name}: misspelt, it is refused with the right name`, () => {
        const wrong = misspelt(name) === name ? `${name}x` : misspelt(name);
        const own = Object.fromEntries(Object.entries(given).filter(([other]) => other !== name));
        assert.throws(() => readFields(fields, { ...own, [wrong]: 1 }), {
          name: "TypeError",
          message: new RegExp(`^Expected known options but found ${wrong}: did you mean ${name}\\?$`),
        });
      });

      if (!takesAnything(kind))
        test(`${name}: a wrong value is refused in its own words`, () => {
          let refused = 0;
          for (const value of WRONG) {
            try {
              readFields(fields, { ...given, [name]: value });
              // A text is a good name, and any number a threshold.
              assert.ok(typeof value === "string" || value === -1.5, `${name} took ${String(value)}`);
            } catch (error) {
              refused++;
              assert.ok(error instanceof TypeError || error instanceof RangeError, String(error));
              assert.match(error.message, /^Expected .+ but found .+/);
              assert.match(error.message, new RegExp(`${name}|a statistic|amplification|learning rate|weight decay|known options`)); // prettier-ignore
            }
          }
          assert.ok(refused >= WRONG.length - 2);
        });

      test(`${name}: its default is one of its values, and help says what it is`, () => {
        assert.ok(help.length > 5 && !help.endsWith("."), help);
        const fallback: unknown = fields[name]!.default;
        if (fallback !== undefined) assert.doesNotThrow(() => kind.read(fallback, name));
        else if (required) assert.throws(() => readFields(fields, {}), /but found none$/);
      });
    }
  });
}

describe("what cannot be together is refused", () => {
  const plan = { stages: [[1, 0.1, 0, 1]] };
  for (const [given, message] of [
    [{ stages: plan, epochs: 1 }, /stages or epochs but found both/],
    [{ stages: plan, amplify: { group: "bn" } }, /stages or amplify but found both/],
    [
      { measure: { reduce: "epoch-mean", every: 5 } },
      /measure\.every to be "epoch" with reduce "epoch-mean" but found 5/,
    ],
    [{ measure: { histogram: { low: 1, high: 1 } } }, /histogram\.low to lie below measure\.histogram\.high/],
    [{ amplify: { group: "bn", seed: 3 } }, /amplify\.seed: the run's own seed selects the layers/],
    [{ learningRate: 5 }, /found learningRate: it is the optimizer's, ga\.sgd\(\{ learningRate \}\)/],
    [{ optimizer: "adm" }, /found "adm": did you mean "adam", ga\.adam\(…\)\?/],
    [{ optimizer: { name: "sgd", momentm: 0.1 } }, /found optimizer\.momentm: did you mean momentum\?/],
    [{ stages: { stages: [[1, 0.1, 0, 1]], intelligent: { directionality: "G", sides: "both", threshold: -1, reselect: "stage", analyse: "continue" } } }, /threshold to be at least 0 with sides "both"/], // prettier-ignore
    [{ loss: async () => 1 }, /loss to return a tensor but found a Promise/],
    [{ amplify: { group: async () => true } }, /group to be a predicate that answers true or false/],
  ] as const)
    test(JSON.stringify(given), () => assert.throws(() => readTraining(given), { message }));
});

test("the nearest name is found whatever its case, and none where none is near", () => {
  assert.equal(nearest("batchsize", Object.keys(TRAINING)), "batchSize");
  assert.equal(nearest("weight_decay", Object.keys(SGD)), "weightDecay");
  assert.equal(nearest("callbacks", Object.keys(SGD)), null);
});
