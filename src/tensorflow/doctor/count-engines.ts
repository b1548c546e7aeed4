/**
 * How many tfjs engines this process has loaded: copies of tfjs-core, each of which brings its own tensors, tapes and
 * kernels (a tensor of one is foreign to another's ops).
 *
 * @param files paths of the loaded modules; those of `require`
 */
export function countEngines(files: readonly string[] = Object.keys(require.cache)): number {
  const copies = new Set<string>();
  for (const file of files) {
    const core = /^(.*[\\/]@tensorflow[\\/]tfjs-core)[\\/]/.exec(file);
    if (core) copies.add(core[1] as string);
    // tfjs's bundles for browsers hold a tfjs-core of their own.
    else if (/[\\/]@tensorflow[\\/]tfjs[\\/]dist[\\/]tf(\.es2017|\.fesm)?(\.min)?\.js$/.test(file)) copies.add(file);
  }
  return copies.size;
}
