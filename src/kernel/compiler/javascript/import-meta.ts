import type * as typescript from "typescript";
import type { TypeScript } from "../typescript";

/** `import.meta`, which CommonJS lacks, becomes `__gradamp__.meta(__filename, require)`. */
export function importMeta(ts: TypeScript): typescript.TransformerFactory<typescript.SourceFile> {
  const { factory } = ts;
  return (context) => (file) => {
    if (!file.text.includes("import.meta")) return file;
    const visit = (node: typescript.Node): typescript.Node => {
      if (!ts.isMetaProperty(node) || node.keywordToken !== ts.SyntaxKind.ImportKeyword)
        return ts.visitEachChild(node, visit, context);
      const meta = factory.createPropertyAccessExpression(factory.createIdentifier("__gradamp__"), "meta");
      const names = ["__filename", "require"].map((name) => factory.createIdentifier(name));
      return factory.createCallExpression(meta, undefined, names);
    };
    return ts.visitNode(file, visit) as typescript.SourceFile;
  };
}
