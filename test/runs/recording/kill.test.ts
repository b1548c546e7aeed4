import { test } from "node:test";
import { nativeBackend } from "../../../src/tensorflow";
import { checkKills } from "./killed-run";

const skip = nativeBackend() === null;

test("runs that are killed again and again end with the very numbers of one that was not", { skip }, (t) =>
  checkKills(t, { kills: 4, perRun: 4 }),
);
