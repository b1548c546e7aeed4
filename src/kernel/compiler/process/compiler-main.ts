/** The process of `CompilerProcess`, where there is no snapshot of it. */
import { makeCompilerBase } from "../compiler-base";
import { serveCompiler } from "./serve-compiler";

serveCompiler(makeCompilerBase());
