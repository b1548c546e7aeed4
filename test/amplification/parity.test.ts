/** Amplified gradients against PyTorch's full backward pre-hooks, and full backward hooks for scope "input". */
import assert from "node:assert/strict";
import { test } from "node:test";
import { amplifyLayers, group } from "../../src/amplification";
import {
  type AmplificationFixture,
  assertParity,
  fixtureModel,
  measureGradients,
  readFixture,
  type Summary,
} from "../support/pytorch-fixture";

for (const network of ["vgg19", "resnet18"]) {
  const fixture = readFixture<AmplificationFixture>(`amplification/${network}.json`);
  for (const [name, expected] of Object.entries(fixture.cases)) {
    test(`${network}, ${name}: gradients are those of PyTorch's hooks`, () => {
      const model = fixtureModel(fixture);
      const members = group(model, expected.group);
      const chosen = expected.layers.map((layer) => members.find((member) => member.name === layer)!);
      assert.ok(
        chosen.every((layer) => layer !== undefined),
        "every layer is in its group",
      );
      const raw = measureGradients(model, 0, fixture.batch).gradients;
      const amplification = amplifyLayers(model, chosen, { ampFactor: expected.factor, scope: expected.scope });
      const found = measureGradients(model, 0, fixture.batch).gradients;
      amplification.remove();
      assert.deepEqual(measureGradients(model, 0, fixture.batch).gradients, raw, "nothing is left of it");
      model.dispose();
      assertParity(raw, fixture.raw);
      assertParity(found, expected.gradients);
      const norm = (gradients: Record<string, Summary>) => Object.values(gradients)[0]![1];
      const ratio = norm(found) / norm(raw);
      assert.ok(Math.abs(ratio / expected.ratioAtInput - 1) < 1e-3, `${ratio} against ${expected.ratioAtInput}`);
      // In a plain chain k amplified layers multiply the gradient at the input by factorᵏ, exactly for powers of two.
      if (network === "vgg19" && expected.scope !== "parameters" && Number.isInteger(Math.log2(expected.factor)))
        assert.equal(ratio, expected.factor ** chosen.length);
    });
  }
}
