import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { trainableParameters } from "../../src/models";
import { buildModel } from "../support/build-network";
import { flopsPerStep, matrixProducts } from "./matrix-products";
import { type BenchNetwork, type NetworkName, NETWORKS } from "./networks";

/** A network as all engines are to run it. */
export interface NetworkDescription extends BenchNetwork {
  readonly network: NetworkName;
  readonly width: number | null;
  /** Trainable; every engine's network must have as many. */
  readonly parameters: number;
  /** Floating-point operations of a step's convolutions and matrix products. */
  readonly flops: number;
  /** A file that holds the topology, for what knows tfjs only. */
  readonly topology: string;
}

/** Builds a network once, writes its topology into a folder and counts what there is to count. */
export function describeNetwork(network: NetworkName, folder: string, tiny: boolean): NetworkDescription {
  const settings = { ...NETWORKS[network], ...(tiny && { batch: 8 }) };
  const width = tiny ? 4 : null;
  const model = buildModel({ ...settings, network, width });
  const topology = join(folder, `${network}.json`);
  writeFileSync(topology, JSON.stringify({ modelTopology: model.toJSON(null, false) }));
  const flops = flopsPerStep(matrixProducts(model, settings.batch));
  const parameters = trainableParameters(model);
  model.dispose();
  return { ...settings, network, width, parameters, flops, topology };
}
