import assert from "node:assert/strict";
import {
  attribute,
  enableOpDeterminism,
  graphBinding,
  isDeterministic,
  nativeBackend,
  rawOp,
  tf,
} from "../../src/tensorflow";
import { graphTest as test } from "../support/graph-test";

test("TensorFlow refuses an op that could not give the same bits again", () => {
  // TensorFlow keeps an op that it has made once, so each is another one.
  const draw = (op: string) => {
    const shape = tf.tensor1d([2], "int32");
    const attributes = {
      ...{ seed: attribute.int(0), seed2: attribute.int(0) },
      ...{ dtype: attribute.type("float32"), T: attribute.type("int32") },
    };
    tf.dispose(rawOp(op, attributes, [shape]));
    shape.dispose();
  };
  const before = process.env["TF_DETERMINISTIC_OPS"];
  assert.equal(isDeterministic(), !nativeBackend()?.isUsingGpuDevice);
  draw("RandomStandardNormal");
  try {
    enableOpDeterminism();
    assert.ok(isDeterministic());
    assert.equal(process.env["TF_DETERMINISTIC_OPS"], "1", "for child processes");
    assert.throws(() => draw("RandomUniform"), /determinism is enabled, random ops must have a seed/);
  } finally {
    graphBinding()?.setOpDeterminism(false);
    if (before === undefined) delete process.env["TF_DETERMINISTIC_OPS"];
    else process.env["TF_DETERMINISTIC_OPS"] = before;
  }
  draw("TruncatedNormal");
});
