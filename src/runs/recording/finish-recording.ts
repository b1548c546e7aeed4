import type { TrainingData } from "../../datasets";
import type { LayersModel } from "../../tensorflow";
import { evaluate, type Run, type TrainOptions } from "../../training";
import { metricColumns } from "../../training/evaluation/split-evaluations";
import { modelTensors } from "../../training/program/model-tensors";
import { listCheckpoints } from "../checkpoints/checkpoint";
import { restoreModel } from "../checkpoints/restore-model";
import { LeaseLostError } from "../lease";
import type { BestScores, RunSession } from "../run-info";
import { bestEpoch } from "../../rows";
import { selectionScore } from "../../spec";
import type { Recorder } from "./recorder";

/**
 * Waits for the end of a run and brings the rest onto the disk: status, scores of the best weights, one file of rows.
 */
export async function finishRecording(
  recorder: Recorder,
  model: LayersModel,
  dataset: TrainingData,
  options: TrainOptions,
  session: RunSession,
): Promise<Run> {
  const { run, lease } = recorder;
  const { finished } = run;
  const sessions = (epoch: Record<string, unknown> = {}) => ({
    ...session,
    ended: new Date().toISOString(),
    // Of kilobytes, as Linux and macOS count them.
    peakMemory: process.resourceUsage().maxRSS * 1024,
    ...epoch,
  });
  try {
    await finished;
    if (lease.lost) lease.confirm();
    if (run.status === "diverged") recorder.flushRows();
    const isDone = run.status === "finished" || run.status === "stopped early";
    const best = isDone
      ? await testBest(recorder, model, dataset, options)
      : bestEpoch(run.epochs, selectionScore(run.options));
    recorder.end({ status: run.status, best, nonFinite: run.nonFinite }, sessions());
    if (isDone || run.status === "diverged") {
      recorder.compact();
      if (recorder.save.keepLast === false) recorder.deleteCheckpoints();
    }
    return run;
  } catch (error) {
    run.status = "failed";
    if (!(error instanceof LeaseLostError)) {
      try {
        // Who takes a run over clears away what another process had half written: the failed write matters less than
        // that.
        lease.confirm();
        recorder.end({ status: "failed", error: (error as Error).message }, sessions());
      } catch (second) {
        if (second instanceof LeaseLostError) throw second;
        // Where not even this can be written, the lease's dead process tells the same.
      }
    }
    throw error;
  } finally {
    recorder.close();
    lease.release();
  }
}

/** The best epoch with the test split's scores under its weights; the model keeps its own. */
async function testBest(
  { folder, run, save }: Recorder,
  model: LayersModel,
  dataset: TrainingData,
  options: TrainOptions,
): Promise<BestScores | null> {
  const best = bestEpoch(run.epochs, selectionScore(run.options));
  if (!best || !dataset.test || run.options["test"] === "never") return best;
  const last = run.epochs.at(-1);
  if (last?.epoch === best.epoch && last.testLoss !== null)
    return { ...best, ...Object.fromEntries(Object.entries(last).filter(([column]) => column.startsWith("test"))) };
  try {
    const checkpoint = listCheckpoints(folder).find(({ epoch }) => epoch === best.epoch);
    if (!checkpoint) throw new Error(`Expected a checkpoint of epoch ${best.epoch} in ${folder} but found none`);
    const own = [...modelTensors(model).values()].map((tensor) => ({ tensor, value: tensor.tensor.clone() }));
    try {
      restoreModel(model, checkpoint);
      const scores = await evaluate(model, dataset, dataset.test, {
        loss: options.loss ?? "crossEntropy",
        lossWeights: options.lossWeights ?? null,
        metrics: options.metrics ?? [],
      });
      return { ...best, testLoss: scores.loss, testAccuracy: scores.accuracy, ...metricColumns("test", scores) };
    } finally {
      for (const { tensor, value } of own) {
        tensor.assign(value);
        value.dispose();
      }
    }
  } catch (error) {
    save.onNote?.(`The best epoch's weights were not tested: ${(error as Error).message}`);
    return best;
  }
}
