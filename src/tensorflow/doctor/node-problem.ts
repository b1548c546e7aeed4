/** The versions of Node that training needs, as package.json's `engines` has them: zlib.crc32 came with 20.15 and 22.2. */
export const NODE_VERSIONS = "^20.19.0 || >=22.2.0";

/** Why gradamp cannot train with a version of Node; null where it can. */
export function nodeProblem(version: string = process.versions.node): string | null {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const fits = (major === 20 && minor >= 19) || (major === 22 && minor >= 2) || major > 22;
  return fits ? null : `Expected Node 20.19 or later of the 20s, or 22.2 or later, but found Node ${version}`;
}

/** What to do about it. */
export const NODE_REMEDY =
  "Install a newer Node (https://nodejs.org, or `nvm install 22`), then `npm ci` and `gradamp setup`";
