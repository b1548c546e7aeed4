import { type Field, type Fields, type Flag, isModulePath, type Kind, nearest, type Place, TRIAL, type TrialGiven, valueOfWord } from "../../spec"; // prettier-ignore
import { resolve } from "node:path";
import { attribute, TRIAL_FLAGS } from "./flags";

type Json = Record<string, unknown>;

/** What chooses a schedule. */
const SCHEDULES = ["--strategy", "--stages", "--directionality", "--schedule"];

/** A name that stands for another one with an option. */
const ALIASES: Readonly<Record<string, Json>> = { "embedded-100": { name: "embedded", classes: 100 } };

/**
 * A configuration as flags change it. Every flag takes effect, or is refused.
 *
 * @param given what was said, by commander's names of the flags
 * @throws {TypeError | RangeError} if a flag would do nothing, or cannot be together with another
 */
export function configOfFlags(given: Readonly<Json>, config: TrialGiven): TrialGiven {
  const changed = structuredClone(config) as Json;
  const said = TRIAL_FLAGS.filter((flag) => isSaid(flag, given));
  const has = (...longs: string[]) => said.filter(({ long }) => longs.includes(long)).map(({ long }) => long);
  const chosen = has("--strategy", "--stages", "--amp-ratio", "--directionality");
  if (chosen.length > 1 && chosen.join() !== "--stages,--directionality")
    throw new TypeError(`Expected one schedule but found ${chosen.join(" and ")}`);
  beginAmplification(changed, chosen);
  for (const flag of said) if (flag.places[0]!.path.at(-1) === "name" && variantsOf(flag)) choose(changed, flag, wordOf(flag, given)); // prettier-ignore
  for (const flag of said) if (!variantsOf(flag)) set(changed, flag, wordOf(flag, given), said);
  for (const flag of said) if (!variantsOf(flag)) checkNeeded(changed, flag, said);
  return changed as TrialGiven;
}

const variantsOf = ({ places }: Flag) => (places[0]!.field.kind as Kind<unknown>).variants;
const wordOf = ({ long }: Flag, given: Readonly<Json>) => given[attribute(long)];

function isSaid(flag: Flag, given: Readonly<Json>): boolean {
  const value = wordOf(flag, given);
  if (flag.sets === undefined) return typeof value === "string";
  return value === (flag.sets === true);
}

/** Takes away what the flags' own amplification replaces. */
function beginAmplification(config: Json, chosen: readonly string[]): void {
  const before = config["stages"] as Json | null | undefined;
  const amplify = config["amplify"] as Json | null | undefined;
  if (chosen.includes("--amp-ratio")) {
    if (before?.["group"] && !amplify) config["amplify"] = { group: before["group"] };
    delete config["stages"];
  } else if (chosen.length > 0) {
    delete config["amplify"];
    if (before) config["stages"] = { ...before };
    const plan = config["stages"] as Json | undefined;
    if (chosen.includes("--strategy") || chosen.includes("--stages")) {
      // A schedule of the flags' own, with the configuration's layers.
      for (const name of ["stages", "strategy", "schedule", "epochScale", "ampFactor", "intelligent"])
        delete plan?.[name];
    }
    // They set both.
    delete config["epochs"];
    const { learningRate: _, ...optimizer } = (config["optimizer"] ?? {}) as Json;
    if (config["optimizer"]) config["optimizer"] = optimizer;
  }
}

/** Names a network, data set or optimizer; what a configuration says of the same one stays. */
function choose(config: Json, flag: Flag, word: unknown): void {
  const [key = ""] = flag.places[0]!.path;
  const names = Object.keys(variantsOf(flag)!);
  if (key !== "optimizer" && typeof word === "string" && isModulePath(word)) {
    const before = config[key] as Json | undefined;
    config[key] = { ...(before?.["module"] === resolve(word) ? before : {}), module: word };
    return;
  }
  const alias = ALIASES[word as string];
  const name = alias?.["name"] ?? word;
  if (typeof name !== "string" || !names.includes(name)) {
    const known = [...names, ...(key === "data" ? Object.keys(ALIASES) : [])];
    const near = nearest(String(word), known);
    const list = `${known.slice(0, -1).join(", ")} or ${known.at(-1)}`;
    throw new RangeError(`Expected ${flag.long} to be ${list} but found ${JSON.stringify(word)}${near === null ? "" : `: did you mean ${near}?`}`); // prettier-ignore
  }
  const before = config[key] as Json | undefined;
  if (before?.["name"] === name) config[key] = { ...before, ...alias };
  // A rate that was chosen holds for whatever optimizer.
  else config[key] = { ...(key === "optimizer" && before?.["learningRate"] !== undefined ? { learningRate: before["learningRate"] } : {}), name, ...alias }; // prettier-ignore
  if (key === "data" && word === "embedded") (config[key] as Json)["classes"] = 10;
}

function set(config: Json, flag: Flag, word: unknown, said: readonly Flag[]): void {
  const place = activePlace(config, flag, said);
  const value = flag.sets === undefined ? valueOfWord(place.field.kind as Kind<unknown>, word as string) : flag.sets;
  let at = config;
  for (const [name, field, path] of above(place)) {
    const nothing = said.find((other) => other.sets === null && other.places[0]!.path.join() === path.join());
    if (nothing || (at[name] === null && field && field.default !== null))
      throw new TypeError(`Expected something of ${name} with ${flag.long} but found ${nothing?.long ?? `${name} null`}: it would do nothing`); // prettier-ignore
    at[name] = { ...((at[name] ?? field?.default) as Json | null | undefined) };
    at = at[name] as Json;
  }
  at[place.path.at(-1)!] = value;
}

/** The objects that lead to a place, outermost first: the name of each, its own entry, and where it is. */
function above({ path, variant }: Place): [name: string, field: Field<unknown, unknown> | undefined, path: string[]][] {
  let fields: Fields | undefined = TRIAL;
  return path.slice(0, -1).map((name, at) => {
    const field: Field<unknown, unknown> | undefined = fields?.[name];
    const kind = field?.kind as Kind<unknown> | undefined;
    // Beside its name or one object further in, a variant's options are its own.
    fields = (kind?.fields ??
      (kind?.variants && variant ? kind.variants[variant.name] : field ? {} : fields)) as Fields;
    return [name, field, path.slice(0, at + 1)];
  });
}

/** Refuses an object of which flags say something where something that it needs is missing. */
function checkNeeded(config: Json, flag: Flag, said: readonly Flag[]): void {
  const place = activePlace(config, flag, said);
  let at = config;
  for (const [name, field] of above(place)) {
    at = at[name] as Json;
    const fields = ((field?.kind as Kind<unknown> | undefined)?.fields ?? {}) as Fields;
    for (const [other, { required, flag: needed }] of Object.entries(fields))
      if (required && at[other] === undefined && needed)
        throw new TypeError(`Expected ${needed.split(" ")[0]} with ${flag.long} but found none`);
  }
}

/** Which of a flag's places it means: that of the network, data or optimizer there is, and of what amplifies. */
function activePlace(config: Json, { long, places }: Flag, said: readonly Flag[]): Place {
  const ofVariant = places.filter(({ variant }) => variant);
  if (ofVariant.length > 0) {
    const [key = ""] = ofVariant[0]!.path;
    const { name: given, module } = (config[key] ?? {}) as { name?: string; module?: string };
    if (module !== undefined)
      throw new TypeError(`Expected --${key}-options with ${module} but found ${long}: its function is told no other options`); // prettier-ignore
    const name = given ?? ((TRIAL as Fields)[key]?.default as { name: string } | undefined)?.name;
    const found = ofVariant.find(({ variant }) => variant?.name === name);
    if (found) return found;
    const names = ofVariant.map(({ variant }) => variant!.name).join(" or ");
    throw new TypeError(`Expected ${long} with ${names} but found it with ${name ?? `no ${key}`}`);
  }
  if (!["stages", "amplify"].includes(places[0]!.path[0]!)) return places[0]!;
  const isScheduled = Boolean(config["stages"]) || said.some((flag) => SCHEDULES.includes(flag.long));
  const isInAll = Boolean(config["amplify"]) || said.some((flag) => flag.long === "--amp-ratio");
  const found = places.find(({ path: [key] }) => (key === "stages" ? isScheduled : isInAll));
  if (found) return found;
  const wanted = places[0]!.path.includes("intelligent") ? "--directionality" : places.length > 1 ? "--amp-ratio, --strategy, --stages or --directionality" : "--strategy, --stages or --directionality"; // prettier-ignore
  throw new TypeError(`Expected ${wanted} with ${long} but found none: it would do nothing`);
}
