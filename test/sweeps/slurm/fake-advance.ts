/** `gradamp sweep-advance` with the script that stands for `gradamp train`. */
import { advanceOnSlurm, Sweep } from "../../../src/sweeps";
import { fakeRatios } from "../fake-trials";
import { fakeEngine } from "./fake-engine";

void advanceOnSlurm(new Sweep(process.argv[2] ?? "", { ratios: fakeRatios, groupLayers: null }), fakeEngine);
