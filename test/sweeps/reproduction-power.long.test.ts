import assert from "node:assert/strict";
import { test } from "node:test";

import { reproductionPower } from "../../src/sweeps";

for (const paper of ["vgp", "ga", "iga"] as const)
  for (const scale of ["short", "paper"] as const)
    test(`${paper} at ${scale}: at most 5 % of 400 tables have a false verdict, however far runs scatter`, () => {
      for (const row of reproductionPower(paper, { scale, tables: 400, seed: 1 }).objects() as Record<string, number>[])
        assert.ok((row["falseTables"] ?? 1) <= 0.05, JSON.stringify(row));
    });
