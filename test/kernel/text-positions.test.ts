import assert from "node:assert/strict";
import { test } from "node:test";
import { fromCharacters, toCharacters } from "../../src/kernel/text-positions";

test("positions are the same in plain text, and differ behind an emoji", () => {
  const cases: [text: string, characters: number, halves: number][] = [
    ["abc", 2, 2],
    ["a🦔b", 1, 1],
    ["a🦔b", 2, 3],
    ["a🦔b", 3, 4],
    ["üé", 2, 2],
  ];
  for (const [text, characters, halves] of cases) {
    assert.equal(fromCharacters(text, characters), halves);
    assert.equal(toCharacters(text, halves), characters);
  }
});
