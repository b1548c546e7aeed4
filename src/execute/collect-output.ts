import type { KernelMessage } from "./kernel-client";
import type { MimeBundle } from "../cell/running-cell";
import { joinText, type CellOutput, type DisplayOutput } from "./notebook-format";

/** Outputs by display id, over all cells of a notebook, so that a later cell can replace what an earlier one showed. */
export type Displays = Map<string, DisplayOutput>;

/** Adds what a kernel message shows to the outputs of a cell. */
export function collectOutput(message: KernelMessage, outputs: CellOutput[], displays: Displays): void {
  const { type, content } = message;
  if (type === "stream") {
    const last = outputs.at(-1);
    const text = String(content.text);
    if (last?.output_type === "stream" && last.name === content.name) last.text = joinText(last.text) + text;
    else outputs.push({ output_type: "stream", name: content.name as "stdout" | "stderr", text });
  } else if (type === "display_data" || type === "execute_result" || type === "update_display_data") {
    const data = content.data as MimeBundle;
    const metadata = (content.metadata ?? {}) as Record<string, unknown>;
    const id = (content.transient as { display_id?: string } | undefined)?.display_id;
    const known = id === undefined ? undefined : displays.get(id);
    if (known) Object.assign(known, { data, metadata });
    if (type === "update_display_data") return;
    const output: DisplayOutput = { output_type: type, data, metadata };
    if (type === "execute_result") output.execution_count = content.execution_count as number;
    outputs.push(output);
    if (id !== undefined) displays.set(id, output);
  } else if (type === "error") {
    outputs.push({
      output_type: "error",
      ename: String(content.ename),
      evalue: String(content.evalue),
      traceback: (content.traceback as string[] | undefined) ?? [],
    });
  } else if (type === "clear_output") {
    outputs.length = 0;
  }
}
