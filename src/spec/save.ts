import {
  field,
  type Given,
  type Kind,
  listOf,
  needed,
  objectOf,
  orNull,
  readFields,
  text,
  value,
  whole,
  yesNo,
} from "../options";
import { isFunctionValue } from "./functions";

const from = objectOf({
  run: needed(text, "the folder of a run"),
  epoch: needed(whole(0), "an epoch of which it has a checkpoint"),
} as const);

const epoch = whole(0, "to list epochs");

/** Where a run is kept, and how. */
export const SAVE = {
  /**
   * The run's folder. Where it holds an unfinished run with the same model, data and options, that run goes on from its
   * last checkpoint.
   */
  folder: needed(text, "where the run is kept; goes on where that holds the same run unfinished"),
  /**
   * A checkpoint every so many epochs. Default: 1. The best epoch by validation and the last one have theirs always.
   */
  checkpointEvery: field(whole(1), 1, "a checkpoint every so many epochs", { flag: "--checkpoint-every <epochs>" }),
  /** Epochs whose checkpoints are never deleted, to fork from them later. Default: none. */
  keep: field(
    listOf({ ...epoch, read: (found) => epoch.read(found, "keep") }, "a list of epochs"),
    [],
    "epochs whose checkpoints are never deleted",
    {
      flag: "--keep <epochs>",
    },
  ),
  /** Whether the checkpoints of the last and the best epoch stay when the run has ended. Default: true. */
  keepLast: field(yesNo, true, "whether the checkpoints of the last and the best epoch stay when the run has ended", {
    flag: "--checkpoints",
  }),
  /** Ends after this epoch with everything saved, status `"interrupted"`; null for the last. Default: null. */
  until: field(orNull(whole(1, "to be an epoch from 1")), null, "end after this epoch with everything saved", {
    flag: "--until <epoch>",
  }),
  /**
   * Begins as a copy of another run up to one of its epochs that has a checkpoint; null at the beginning. Default:
   * null.
   */
  from: field(orNull(from), null, "begin as a copy of another run up to an epoch that has a checkpoint"),
  /** Whether event files for TensorBoard are written beside. Default: false. */
  tensorBoard: field(yesNo, false, "write event files for TensorBoard, too", { flag: "--tensorboard" }),
  /** Makes this process compute the same bits each time, or throws; see {@link enableOpDeterminism}. Default: false. */
  deterministic: field(yesNo, false, "refuse to run unless the numbers can be reproduced exactly; slower on a GPU", {
    flag: "--deterministic",
  }),
  /**
   * Whether a run that the folder holds, of whatever kind, is deleted and training begins anew. Default: false. Files
   * that gradamp did not write stay.
   */
  overwrite: field(yesNo, false, "delete the run that the folder holds, and begin anew; other files there stay"),
  /** Kept in `run.json` as it is: what the run was asked for by a command line or a sweep. */
  config: field(
    value<unknown>("", () => true),
    undefined,
    "kept in run.json as it is",
    { onlyJavaScript: true },
  ),
  /** Called with what was repaired at the beginning, and with why it has to wait for another process. */
  onNote: field(value<(text: string) => void>("to be a function", isFunctionValue), undefined, "called with what was repaired, and why it waits", { onlyJavaScript: true }), // prettier-ignore
} as const;

/** Where a run is kept, and how. */
export type SaveOptions = Given<typeof SAVE>;

/** As an option of training: the folder alone, or more. */
export const save: Kind<SaveOptions> = {
  ...objectOf(SAVE),
  expected: "to be a folder, or an object with one",
  read(given, name) {
    if (typeof given === "string") return { folder: text.read(given, name) };
    readFields(SAVE, given, { name });
    return given as SaveOptions;
  },
};
