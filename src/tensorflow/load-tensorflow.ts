import type * as tfjs from "@tensorflow/tfjs";
import { existsSync, lstatSync, realpathSync } from "node:fs";
import Module, { createRequire } from "node:module";
import { dirname } from "node:path";
import { prepareGpu } from "./prepare-gpu";
import { readAddonRecord } from "./setup/installation";
import { addonLink } from "./setup/link-addon";

export type TensorFlow = typeof tfjs;

export interface Loaded {
  readonly tf: TensorFlow;
  /** Why tfjs runs in plain JavaScript; null where TensorFlow itself runs. */
  readonly fallback: string | null;
}

/**
 * Loads tfjs on TensorFlow where `gradamp setup` has been run, else tfjs's plain JavaScript backend, and then says so,
 * with the reason and the remedy, in one line on stderr.
 *
 * Call it once in a process; everybody else takes its result.
 */
export function loadTensorFlow(say: (line: string) => void = (line) => process.stderr.write(`${line}\n`)): Loaded {
  // Errors only: TensorFlow's greetings on its processor and its libraries would end up in every notebook.
  process.env["TF_CPP_MIN_LOG_LEVEL"] ??= "2";
  const link = addonLink();
  let fallback = whyNoAddon(link);
  if (fallback === null) {
    const note = prepareGpu(readAddonRecord(dirname(realpathSync(link))));
    if (note) say(note);
    try {
      return { tf: loadNative(link), fallback: null };
    } catch (error) {
      fallback = `native TensorFlow does not load (${(error as Error).message.split("\n")[0]})`;
    }
  }
  say(
    `gradamp: SLOW, tfjs runs on its plain JavaScript backend, a thousand times slower for convolutional networks, because ${fallback}. Remedy: gradamp setup`,
  );
  return { tf: loadJavaScript(), fallback };
}

/**
 * Loads tfjs-node-gpu without the package that it asks where its addon is: eighty files, for a path that is known here.
 */
function loadNative(link: string): TensorFlow {
  const entry = require.resolve("@tensorflow/tfjs-node-gpu");
  const finder = createRequire(entry).resolve("@mapbox/node-pre-gyp");
  const before = require.cache[finder];
  const found = new Module(finder);
  found.exports = { find: () => link };
  found.loaded = true;
  require.cache[finder] = found;
  try {
    return require(entry) as TensorFlow;
  } finally {
    // Other packages of the program get the real one.
    if (before) require.cache[finder] = before;
    else delete require.cache[finder];
  }
}

function whyNoAddon(link: string): string | null {
  if (!lstatSync(link, { throwIfNoEntry: false })) return "TensorFlow is not set up for this copy of node_modules";
  return existsSync(link) ? null : `the addon that ${link} leads to is gone`;
}

function loadJavaScript(): TensorFlow {
  const tf = require("@tensorflow/tfjs") as TensorFlow;
  // tfjs would advise, in six lines, to install the package whose absence was just explained.
  (tf.backend() as unknown as { firstUse: boolean }).firstUse = false;
  const { nodeFileSystemRouter } = require("@tensorflow/tfjs-node-gpu/dist/io/file_system") as {
    nodeFileSystemRouter: (url: string | string[]) => tfjs.io.IOHandler;
  };
  // Models are saved to and loaded from file:// as on the native backend; twice registered would be an error.
  if (tf.io.getSaveHandlers("file://model").length > 0) return tf;
  tf.io.registerLoadRouter(nodeFileSystemRouter);
  tf.io.registerSaveRouter(nodeFileSystemRouter);
  return tf;
}
