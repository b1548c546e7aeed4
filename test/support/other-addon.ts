/** Loaded before a program (`node --require`): tfjs-node gets the addon that GRADAMP_TEST_ADDON names. */
const open = process.dlopen.bind(process) as (module: object, file: string, ...flags: unknown[]) => void;

(process as { dlopen: typeof open }).dlopen = (module, file, ...flags) =>
  open(module, file.endsWith("tfjs_binding.node") ? process.env["GRADAMP_TEST_ADDON"]! : file, ...flags);
