import type { ResolvedProtocol } from "./protocol-options";
import type { Paper } from "./published";
import { PLAIN_STAGES, sgdTrial, type StudiedModel } from "./sgd-trial";
import type { TrialSpec } from "./trial-spec";

/**
 * Baselines under every optimizer that the papers may have meant: momentum 0 or 0.9, weight decay 0, 1e-4 or 5e-4,
 * images augmented or not.
 */
export function calibration(
  paper: Paper,
  models: readonly StudiedModel[],
  datasets: readonly ("cifar-10" | "cifar-100")[],
  protocol: ResolvedProtocol,
): TrialSpec[] {
  return models.flatMap((model) =>
    datasets.flatMap((dataset) =>
      [0, 0.9].flatMap((momentum) =>
        [0, 1e-4, 5e-4].flatMap((weightDecay) =>
          [true, false].map((augmented) =>
            sgdTrial(
              {
                paper,
                part: "calibration",
                key: `momentum_${momentum}-decay_${weightDecay}-${augmented ? "augmented" : "plain"}`,
                model,
                dataset,
                list: PLAIN_STAGES,
                labels: { method: "original" },
                momentum,
                weightDecay,
                augmented,
              },
              protocol,
            ),
          ),
        ),
      ),
    ),
  );
}
