import { show } from "../options";

/**
 * The version in which trainings are written down: run.json, sweep.json, a sweep's task files and configurations.
 *
 * 1 (files of that version do not say it): a rate as text, a function as its text. Up to 2, trials had a shape of their own:
 * see `upgradeTrial`.
 */
export const VERSION = 3;

/**
 * Refuses what a newer gradamp has written, of which this one cannot know what it means; older versions are read.
 *
 * @throws {RangeError} for a newer version, or what is none
 */
export function checkVersion(found: unknown, file: string): void {
  const version = (found as { version?: unknown } | null | undefined)?.version ?? 1;
  if (!(Number.isInteger(version) && (version as number) >= 1))
    throw new RangeError(`Expected ${file} to be of a version from 1 to ${VERSION} but found ${show(version)}`);
  if ((version as number) > VERSION)
    throw new RangeError(
      `Expected ${file} to be of version ${VERSION} or before but found ${String(version)}: a newer gradamp has written it, update this one`,
    );
}
