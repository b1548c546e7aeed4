import { relative } from "node:path";
import type * as typescript from "typescript";
import type { Diagnostic, Place } from "./diagnostic";
import type { TypeScript } from "./typescript";

/** JSX where none is compiled: "Cannot find name 'div'" and the like would not say it. */
const JSX_WORD =
  "Cells hold no JSX: write a string for tslab.display.html, or put the component into a .tsx file beside the notebook";

/**
 * What TypeScript has against a cell and the files beside the notebook that it imports.
 *
 * @param length how long the user's own code is: what is said of behind its end is said of its last character
 * @param declarations whether the cell's types must be written down for later cells
 */
export function diagnosticsOf(
  ts: TypeScript,
  program: typescript.Program,
  files: readonly typescript.SourceFile[],
  options: { cell: typescript.SourceFile; folder: string; length: number; declarations: boolean },
): Diagnostic[] {
  const { cell, folder, length, declarations } = options;
  const syntactic = files.flatMap((file) => [...program.getSyntacticDiagnostics(file)]);
  if (syntactic.some(({ file }) => file === cell) && holdsJsx(ts, cell.text.slice(0, length)))
    return [{ ...spanOf(ts, cell, 0, 1, length), code: 17004, messageText: JSX_WORD }];
  const found: typescript.Diagnostic[] = [...syntactic];
  // Where a file cannot be read, what its types say is noise.
  if (found.length === 0) found.push(...files.flatMap((file) => [...program.getSemanticDiagnostics(file)]));
  const isOfDeclarations = found.length === 0 && declarations;
  if (isOfDeclarations) found.push(...program.getDeclarationDiagnostics(cell));
  return found.flatMap(({ file, start = 0, length: width = 0, messageText, code }): Diagnostic[] => {
    if (!file) return [];
    const isCell = file === cell;
    const place = spanOf(ts, file, start, start + width, isCell ? length : file.text.length);
    const fileName = isCell ? {} : { fileName: relative(folder, file.fileName) };
    const kind = isOfDeclarations ? { isOfDeclarations } : {};
    if (typeof messageText === "string") return [{ ...place, messageText, code, ...fileName, ...kind }];
    return linksOf(messageText).map((link, at) => ({
      ...place,
      messageText: link.messageText,
      code: link.code,
      ...(at === 0 ? fileName : {}),
      ...kind,
    }));
  });
}

function linksOf(chain: typescript.DiagnosticMessageChain): typescript.DiagnosticMessageChain[] {
  return [chain, ...(chain.next ?? []).flatMap(linksOf)];
}

function spanOf(ts: TypeScript, file: typescript.SourceFile, start: number, end: number, length: number) {
  const place = (offset: number): Place => {
    const at = Math.min(offset, Math.max(0, length));
    return { offset: at, ...ts.getLineAndCharacterOfPosition(file, at) };
  };
  return { start: place(start), end: place(end) };
}

/** Whether code is right once it is read as TSX, and has an element. */
function holdsJsx(ts: TypeScript, code: string): boolean {
  const { diagnostics } = ts.transpileModule(code, {
    fileName: "cell.tsx",
    reportDiagnostics: true,
    compilerOptions: { target: ts.ScriptTarget.ESNext, module: ts.ModuleKind.ESNext, jsx: ts.JsxEmit.Preserve },
  });
  if (diagnostics && diagnostics.length > 0) return false;
  const file = ts.createSourceFile("cell.tsx", code, ts.ScriptTarget.Latest, false, ts.ScriptKind.TSX);
  const isJsx = (node: typescript.Node): boolean =>
    ts.isJsxElement(node) || ts.isJsxSelfClosingElement(node) || ts.isJsxFragment(node) || ts.forEachChild(node, (child) => isJsx(child) || undefined) === true; // prettier-ignore
  return isJsx(file);
}
