import assert from "node:assert/strict";
import { test } from "node:test";
import { engineNames } from "../../bench/measure/engines";
import { networkNames } from "../../bench/measure/networks";
import { HELP, parseOptions } from "../../bench/measure/parse-options";

test("without words everything is measured", () => {
  const { networks, engines, sections, repeats, pairs, json } = parseOptions([]);
  assert.deepEqual(
    { networks, engines, sections, repeats, pairs, json },
    { networks: networkNames, engines: engineNames, sections: ["peak", "costs"], repeats: 5, pairs: 30, json: null },
  );
});

const CASES = [
  ["vgg08,resnet50", { networks: ["vgg08", "resnet50"], engines: engineNames, sections: ["peak", "costs"] }],
  ["torch,graph", { networks: networkNames, engines: ["graph", "torch"], sections: [] }],
  ["vgg19,graph,peak", { networks: ["vgg19"], engines: ["graph"], sections: ["peak"] }],
  ["costs", { networks: networkNames, engines: [], sections: ["costs"] }],
] as const;

for (const [only, expected] of CASES) {
  test(`--only ${only}`, () => {
    const { networks, engines, sections } = parseOptions(["--only", only]);
    assert.deepEqual({ networks, engines, sections }, expected);
  });
}

test("--only may be repeated, and names precisions too", () => {
  const { networks, precisions } = parseOptions(["--only", "vgg08", "--only", "bfloat16"]);
  assert.deepEqual({ networks, precisions }, { networks: ["vgg08"], precisions: ["bfloat16"] });
});

const WRONG = [
  [["--only", "vgg16"], /--only to name some of vgg08, .*peak, costs but found "vgg16"/],
  [["--repeats", "4"], /--repeats to be a whole number of at least 5 but found 4/],
  [["--pairs", "2.5"], /--pairs to be a whole number of at least 30 but found 2.5/],
  [["--seconds", "0"], /--seconds to be above 0 but found 0/],
  [["--fast"], /Unknown option '--fast'/],
] as const;

for (const [words, message] of WRONG) {
  test(`${words.join(" ")} is refused`, () => assert.throws(() => parseOptions(words), message));
}

test("the help names every option, network and engine", () => {
  for (const word of [
    "--only",
    "--json",
    "--repeats",
    "--seconds",
    "--pairs",
    "--tiny",
    ...networkNames,
    ...engineNames,
  ])
    assert.ok(HELP.includes(word), word);
});
