import type { EventEmitter } from "node:events";
import { readFileSync } from "node:fs";
import Module from "node:module";
import { join } from "node:path";
import type { DeviceMemory, TfjsCore } from "./device-memory";
import type { LayerNames, TfjsLayers } from "./layer-names";
import { stopFit, type FitPrototype } from "./stop-fit";

type Loader = (module: NodeJS.Module & { _compile(code: string, file: string): void }, file: string) => void;

const core = join("@tensorflow", "tfjs-core", "dist", "tf-core.node.js");
const layers = join("@tensorflow", "tfjs-layers", "dist", "tf-layers.node.js");
const hook = Symbol.for("gradamp.layerNames");

/**
 * The function of tfjs-layers that numbers layers cannot be reached from outside. In its file it can be replaced; a
 * version without it is left alone.
 */
const replaceNumbering = `
;(function (names) {
  if (names && typeof getUid === "function") getUid = names.number;
})(globalThis[Symbol.for("gradamp.layerNames")]);`;

/** Lets `memory`, `names` and `interrupts` into tfjs when a cell, or what it imports, loads it; every copy of it. */
export function watchTfjs(memory: DeviceMemory, names: LayerNames, interrupts: EventEmitter): void {
  Object.defineProperty(globalThis, hook, { value: names });
  const extensions = (Module as unknown as { _extensions: Record<string, Loader> })._extensions;
  const load = extensions[".js"] as Loader;
  extensions[".js"] = (module, file) => {
    if (file.endsWith(layers)) {
      module._compile(readFileSync(file, "utf8") + replaceNumbering, file);
      const exported = module.exports as TfjsLayers & { LayersModel: { prototype: FitPrototype } };
      names.attach(exported);
      stopFit(exported.LayersModel.prototype, interrupts);
      return;
    }
    load(module, file);
    if (file.endsWith(core)) memory.attach(module.exports as TfjsCore);
  };
}
