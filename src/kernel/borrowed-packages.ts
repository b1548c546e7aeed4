/** The name of the package that an import asks for; null where it asks for a file or a module of Node's. */
export function packageOf(specifier: string): string | null {
  if (/^[./]|^node:/.test(specifier)) return null;
  const parts = specifier.split("/");
  return specifier.startsWith("@") ? parts.slice(0, 2).join("/") : (parts[0] ?? null);
}
