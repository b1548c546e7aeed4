import { join } from "node:path";
import { packageRoot } from "../files/package-root";
import { protocolVersion, type Content } from "./protocol/message";

/** What the kernel tells of itself. */
export function kernelInfo(): Content {
  const gradamp = require(join(packageRoot(), "package.json")) as { version: string };
  const typescript = require("typescript/package.json") as { version: string };
  return {
    status: "ok",
    protocol_version: protocolVersion,
    implementation: "gradamp",
    implementation_version: gradamp.version,
    banner: `TypeScript ${typescript.version} on Node ${process.version}, gradamp ${gradamp.version}`,
    debugger: true,
    // Cells run in one thread: there are no subshells (JEP 91).
    supported_features: ["debugger"],
    help_links: [],
    language_info: {
      name: "typescript",
      version: typescript.version,
      mimetype: "text/typescript",
      file_extension: ".ts",
      pygments_lexer: "typescript",
      nbconvert_exporter: "script",
      // JupyterLab goes by `mode`; the classic notebook by `name` and `typescript`.
      codemirror_mode: { mode: "typescript", name: "javascript", typescript: true },
    },
  };
}
