import { parseArgs } from "node:util";

/**
 * What a benchmark without options was told on the command line; prints the help and ends where that is asked for.
 *
 * @throws {TypeError} for an option other than --help
 */
export function words(help: string): string[] {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { help: { type: "boolean", short: "h", default: false } },
  });
  if (!values.help) return positionals;
  process.stdout.write(help);
  process.exit();
}
