/**
 * Whether a page is dark: one of ours, JupyterLab or a notebook in VS Code. Others are taken as light.
 *
 * Sent to pages as it stands: it names nothing outside itself.
 */
export function pageIsDark(page: Window): boolean {
  const { body, documentElement } = page.document;
  const own = documentElement?.getAttribute("data-theme");
  if (own === "auto") return page.matchMedia("(prefers-color-scheme: dark)").matches;
  if (own === "light" || own === "dark") return own === "dark";
  const lab = body.getAttribute("data-jp-theme-light");
  if (lab !== null) return lab === "false";
  const kind = body.getAttribute("data-vscode-theme-kind");
  return kind !== null && /dark|high-contrast$/.test(kind);
}
