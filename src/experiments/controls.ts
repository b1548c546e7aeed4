import type { ResolvedProtocol } from "./protocol-options";
import { sgdTrial, type StudiedModel } from "./sgd-trial";
import type { StageTuple } from "../amplification";
import type { TrialSpec } from "./trial-spec";

/**
 * What amplification is held against in every reproduction of its papers, which these do not have: for each network and
 * data set
 *
 * - "raised rate": nothing amplified, but the learning rate multiplied by Γ where the amplified layers' is, since
 *   "amplifying gradients is equivalent to increasing learning rates" (2023, section 3.1);
 * - "tuned", where there are validation images to choose by: baselines with other learning rates and weight decays, as
 *   many as an amplified method has settings to choose from.
 *
 * @param trials of the protocol, of which the amplified ones are counted
 */
export function controls(trials: readonly TrialSpec[], protocol: ResolvedProtocol): TrialSpec[] {
  const originals = trials.filter(({ part, seed, labels }) => part === "baseline" && seed === 0 && labels.method === "original"); // prettier-ignore
  return originals.flatMap((original) => {
    const alike = trials.filter(
      ({ model, data, labels, part }) =>
        model.name === original.model.name && data.name === original.data.name && labels.method !== "original" && part !== "time", // prettier-ignore
    );
    const counts = [...new Set(alike.map(({ labels }) => labels.method))].map(
      (method) => new Set(alike.filter(({ labels }) => labels.method === method).map(settingKey)).size,
    );
    const tries = Math.max(0, ...counts);
    // The schedule that amplifies in the most stages, as the best ones of both papers do.
    const stagesOf = ({ stages }: TrialSpec) => stages?.stages.filter(({ ampRatio }) => ampRatio > 0).length ?? 0;
    const most = Math.max(0, ...alike.map(stagesOf));
    const amplified = alike.find((trial) => most > 0 && stagesOf(trial) === most);
    if (!amplified?.stages || !original.stages) return [];
    const make = (method: string, params: string, key: string, list: readonly StageTuple[], weightDecay: number) =>
      sgdTrial(
        {
          paper: original.paper!,
          part: "control",
          key,
          model: original.model.name as StudiedModel,
          dataset: original.data.name as "cifar-10" | "cifar-100",
          list,
          labels: { method, params },
          weightDecay,
        },
        protocol,
      );
    const raised = amplified.stages.stages.map(({ end, learningRate: rate, ampRatio, ampFactor }): StageTuple => [end, rate === null ? null : ampRatio > 0 ? rate * ampFactor : rate, 0, 1]); // prettier-ignore
    const factor = amplified.stages.stages.find(({ ampRatio }) => ampRatio > 0)?.ampFactor ?? 2;
    const control = make(
      "raised rate",
      `η × ${factor} where amplified`,
      `raised-${factor}`,
      raised,
      protocol.weightDecay,
    );
    if (protocol.split !== "held-out") return [control];
    const tuned = tuningGrid(tries).map(({ rate, weightDecay }) => {
      const list = original.stages!.stages.map(({ end, learningRate: own, ampRatio, ampFactor }): StageTuple => [
        end,
        own === null ? null : own * rate,
        ampRatio,
        ampFactor,
      ]);
      const params = `η × ${rate}, decay ${weightDecay}`;
      return make("tuned", params, `tuned-rate_${rate}-decay_${weightDecay}`, list, weightDecay);
    });
    return [control, ...tuned];
  });
}

/**
 * So many pairs of a factor on the learning rate and a weight decay: 1, 2, ½, 4, ¼, 8, ⅛ first, then what lies between,
 * each with weight decay 0 and 5e-4.
 */
export function tuningGrid(tries: number): { rate: number; weightDecay: number }[] {
  const exponents = [0, 1, -1, 2, -2, 3, -3];
  for (let step = 0.5; 2 * exponents.length < tries; step /= 2)
    for (let at = -3 + step; at < 3; at += 2 * step) exponents.push(at);
  return exponents
    .flatMap((exponent) =>
      [0, 5e-4].map((weightDecay) => ({ rate: Number((2 ** exponent).toPrecision(4)), weightDecay })),
    )
    .slice(0, tries);
}

const settingKey = ({ stages, optimizer }: TrialSpec) => JSON.stringify([stages, optimizer]);
