import type { GroupName, StageTuple } from "../amplification";
import { calibration } from "./calibration";
import type { ResolvedProtocol } from "./protocol-options";
import { PLAIN_STAGES, type SgdTrial, sgdTrial, type StudiedModel } from "./sgd-trial";
import type { TrialSpec } from "./trial-spec";

const MODELS: readonly StudiedModel[] = ["vgg19", "resnet18", "resnet34"];
const RATIOS = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1];

/** Phase 1: which layers; one batch norm of each block where there are blocks. 11 combinations with the models. */
const GROUPS: Record<string, readonly GroupName[]> = {
  vgg19: ["relu", "bn", "bn+relu"],
  resnet18: ["relu", "bn", "bn+relu", "first-bn-of-block"],
  resnet34: ["relu", "bn", "bn+relu", "first-bn-of-block"],
};

/** The best of phases 1 and 2, whose factor phase 3 varies (section 4.2.3). */
export const BEST_OF_2020 = {
  vgg19: { group: "bn", first: 0.1, second: 0.3 },
  resnet18: { group: "first-bn-of-block", first: 0.3, second: 0.5 },
  resnet34: { group: "first-bn-of-block", first: 0.1, second: 0.7 },
} as const satisfies Partial<Record<StudiedModel, { group: GroupName; first: number; second: number }>>;

/** 51–100 with the first ratio, 101–130 with the second, 131–150 with the third. */
export function amplifiedStages(first: number, second: number, factor = 2, third = 0): StageTuple[] {
  const stage = (end: number, rate: number, ratio: number): StageTuple => [end, rate, ratio, ratio > 0 ? factor : 1];
  return [stage(50, 0.1, 0), stage(100, 0.1, first), stage(130, 0.01, second), stage(150, 0.01, third)];
}

/** A group whose layers all own weights, which scope "parameters" needs. */
const allowed = (group: GroupName, { scope }: ResolvedProtocol) => scope !== "parameters" || !group.includes("relu");

type Vary = (trial: Omit<SgdTrial, "paper" | "part" | "dataset">) => TrialSpec;

function part(name: string, protocol: ResolvedProtocol, of: (make: Vary) => TrialSpec[]): TrialSpec[] {
  return of((trial) => sgdTrial({ paper: "ga", part: name, dataset: "cifar-10", ...trial }, protocol));
}

const combinations = (protocol: ResolvedProtocol) =>
  MODELS.flatMap((model) =>
    GROUPS[model]!.filter((group) => allowed(group, protocol)).map((group) => ({ model, group })),
  );

const amplified = (group: GroupName, ampRatio: number, strategy: string, params: string, ampFactor = 2) => ({
  method: "amplified",
  strategy,
  params,
  group,
  ampRatio,
  ampFactor,
});

/** Phase 2, step 1: one ratio in epochs 51–100. */
const s1 = (protocol: ResolvedProtocol) =>
  part("s1", protocol, (trial) =>
    combinations(protocol).flatMap(({ model, group }) =>
      RATIOS.map((ratio) => {
        const params = `S1_${ratio}`;
        const labels = amplified(group, ratio, "S1_xx", params);
        return trial({ model, key: `${group}-${params}`, list: amplifiedStages(ratio, 0), labels });
      }),
    ),
  );

/** Phase 2, step 2: four of these ratios in 51–100, all of them in 101–130. */
const s2 = (protocol: ResolvedProtocol) =>
  part("s2", protocol, (trial) =>
    combinations(protocol).flatMap(({ model, group }) =>
      [0.1, 0.3, 0.5, 0.6].flatMap((first) =>
        RATIOS.map((second) => {
          const params = `S2_${first}_${second}`;
          const labels = amplified(group, second, `S2_${first}_xx`, params);
          return trial({ model, key: `${group}-${params}`, list: amplifiedStages(first, second), labels });
        }),
      ),
    ),
  );

/** Phase 3: Γ = 1, 2, …, 10, and 1.1, 1.2, …, 3. */
const factor = (protocol: ResolvedProtocol) =>
  part("factor", protocol, (trial) =>
    MODELS.flatMap((model) => {
      const { group, first, second } = BEST_OF_2020[model as keyof typeof BEST_OF_2020];
      const coarse = Array.from({ length: 10 }, (_, at) => at + 1);
      const fine = Array.from({ length: 20 }, (_, at) => (11 + at) / 10);
      const make = (strategy: string, name: string) => (ampFactor: number) => {
        const params = `S2_${first}_${second}`;
        const labels = amplified(group, second, strategy, params, ampFactor);
        const list = amplifiedStages(first, second, ampFactor);
        return trial({ model, key: `${name}_${ampFactor}`, list, labels });
      };
      return [...coarse.map(make("Γ 1 – 10", "coarse")), ...fine.map(make("Γ 1 – 3", "fine"))];
    }),
  );

/**
 * "We also perform experiments by applying amplification for epochs 101–150, by considering all or some of the epochs."
 */
const late = (protocol: ResolvedProtocol) =>
  part("late", protocol, (trial) =>
    combinations(protocol).flatMap(({ model, group }) =>
      ([150, 130] as const).flatMap((end) =>
        RATIOS.map((ratio) => {
          const params = `101–${end}_${ratio}`;
          const labels = amplified(group, ratio, `101–${end}_xx`, params);
          const list = amplifiedStages(0, ratio, 2, end === 150 ? ratio : 0);
          return trial({ model, key: `${group}-to_${end}_${ratio}`, list, labels });
        }),
      ),
    ),
  );

const originals = (name: string, list: readonly StageTuple[]) => (protocol: ResolvedProtocol) =>
  part(name, protocol, (trial) =>
    MODELS.flatMap((model) =>
      [0, 1, 2, 3, 4].map((seed) => trial({ model, key: "original", list, labels: { method: "original" }, seed })),
    ),
  );

/** Everything that the 2020 paper reports; sizes are in docs/method.md. */
export const GA_PARTS: Readonly<Record<string, (protocol: ResolvedProtocol) => TrialSpec[]>> = {
  baseline: originals("baseline", PLAIN_STAGES),
  s1,
  s2,
  factor,
  late,
  /** "We ran all the original models for 50 more epochs (151–200, η = 0.01)." */
  longer: originals("longer", [...PLAIN_STAGES, [200, 0.01, 0, 1]]),
  calibration: (protocol) => calibration("ga", MODELS, ["cifar-10"], protocol),
};
