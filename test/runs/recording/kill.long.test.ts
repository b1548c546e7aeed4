import { test } from "node:test";
import { checkKills } from "./killed-run";

test("after 60 kills at random moments, every run has the very numbers of one that was never stopped", (t) =>
  checkKills(t, { kills: 60, perRun: 10 }));
