import { modelNames } from "../../src/models";
import { graphTest } from "../support/graph-test";
import { checkNetwork } from "../support/plan-on-card";

for (const name of modelNames.filter((each) => /resnet(34|50|101)/.test(each)))
  graphTest(`on a card a step of ${name} stays there`, () => checkNetwork(name));
