import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { graphFallback } from "../../src/tensorflow";
import { runNode } from "../support/run-node";

const dist = join(__dirname, "..", "..");

/** Begins a call that would last for hours, with arrays of its own in variables, and says so when it turns. */
const WORKER = `
  const { parentPort } = require("node:worker_threads");
  const support = require(${JSON.stringify(join(dist, "test", "support", "graph-builder.js"))});
  const { graphBinding, tf } = require(${JSON.stringify(join(dist, "src", "tensorflow"))});
  const [count] = ["count", "stop"].map((name) => new support.Int32Variable("endless/" + name, 0));
  support.defineLoop(graphBinding(), "endless");
  const buffer = new ArrayBuffer(1064);
  const held = Array.from({ length: 16 }, (_, at) => tf.tensor1d(new Float32Array(buffer, 4 * at, 250)));
  held.forEach((tensor) => support.idOf(tensor));
  support.callWith("endless", [0, 2 ** 31 - 1]);
  const wait = () => (count.value > 0 ? parentPort.postMessage(count.value) : setTimeout(wait, 5));
  wait();`;

const PROGRAM = `
  const { Worker } = require("node:worker_threads");
  const { tf } = require(${JSON.stringify(join(dist, "src", "tensorflow"))});
  (async () => {
    for (let i = 0; i < 3; i++) {
      const worker = new Worker(${JSON.stringify(WORKER)}, { eval: true });
      const turns = await new Promise((resolve, reject) => worker.on("message", resolve).on("error", reject));
      console.log(turns > 0, await worker.terminate(), tf.square(3).dataSync()[0]);
    }
  })();`;

test(
  "workers that are terminated during a call end it, and leave the others alone",
  { skip: graphFallback() ?? false },
  () => {
    const { status, stdout, stderr } = runNode(["-e", PROGRAM]);
    assert.deepEqual({ status, stdout, stderr }, { status: 0, stdout: "true 1 9\n".repeat(3), stderr: "" });
  },
);
