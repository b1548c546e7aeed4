import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { field, needed, objectOf, oneOf, orNull, whole, yesNo } from "../../src/options";
import { flagsOf, TRAINING, TRIAL, valueOfWord } from "../../src/spec";

const shown = (flags: ReturnType<typeof flagsOf>) =>
  flags.map(({ long, placeholder, places }) => [
    [long, placeholder].filter(Boolean).join(" "),
    places.map(({ path }) => path.join(".")).join(" "),
  ]);

describe("a table of options makes its flags", () => {
  const inner = { momentum: field(whole(0), 1, "of it") } as const;
  for (const [title, fields, expected] of [
    ["a number", { newOption: field(whole(1), 3, "help") }, [["--new-option <number>", "newOption"]]],
    ["names", { newOption: field(oneOf("a", "b"), "a", "help") }, [["--new-option <name>", "newOption"]]],
    ["yes or no", { newOption: field(yesNo, false, "help") }, [["--new-option", "newOption"], ["--no-new-option", "newOption"]]], // prettier-ignore
    ["what null turns off", { newOption: field(orNull(whole(1)), 3, "help") }, [["--new-option <number>", "newOption"], ["--no-new-option", "newOption"]]], // prettier-ignore
    ["an object", { outer: field(objectOf(inner), undefined, "help") }, [["--outer-momentum <number>", "outer.momentum"]]], // prettier-ignore
    ["a name of its own", { a: field(whole(1), 3, "help", { flag: "--b <epochs>" }) }, [["--b <epochs>", "a"]]],
    ["none", { a: field(whole(1), 3, "help", { flag: null }), b: field(whole(1), 3, "help", { onlyJavaScript: true }) }, []], // prettier-ignore
  ] as const)
    test(title, () => assert.deepEqual(shown(flagsOf(fields)), expected));

  test("several objects told apart by their name share what they have alike", () => {
    const one = { expected: "", read: (value: unknown) => value, variants: { x: inner, y: { ...inner, other: field(yesNo, false, "help") } } }; // prettier-ignore
    assert.deepEqual(
      shown(flagsOf({ thing: needed(one, "help") })).map(([flag]) => flag),
      ["--thing <name>", "--momentum <number>", "--other", "--no-other"],
    );
  });

  test("two options that are not alike do not share a flag", () => {
    const fields = { a: field(objectOf({ bC: field(whole(1), 1, "help") }), undefined, "help"), aB: field(objectOf({ c: field(whole(1), 1, "help") }), undefined, "help") }; // prettier-ignore
    assert.throws(() => flagsOf(fields), /one option called --a-b-c but found a\.bC and aB\.c/);
  });
});

test("every option of ga.train that can be written down has a flag", () => {
  const told = new Set(flagsOf(TRIAL).flatMap(({ places }) => places.map(({ path }) => path[0]!)));
  const options = Object.entries(TRAINING).filter(([, field]) => !("onlyJavaScript" in field));
  assert.deepEqual(options.map(([name]) => name).filter((name) => !told.has(name)), []); // prettier-ignore
});

test("a word is read by its kind, or as JSON", () => {
  assert.deepEqual(
    [
      valueOfWord(whole(1), "3"),
      valueOfWord(yesNo, "false"),
      valueOfWord(objectOf({}), '{"a":1}'),
      valueOfWord(objectOf({}), "a"),
    ],
    [3, false, { a: 1 }, "a"],
  );
});
