import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Writable } from "node:stream";
import type { PlotlySpec } from "../../figures";
import { heldOnlyWhileBusy } from "./held-process";
import { plotlyFile } from "../html/plotly-inline";
import { splitMessages } from "./split-messages";
import type { Renderer } from "./renderer";

interface Answer {
  id?: number;
  result?: Record<string, unknown>;
  error?: { message: string };
}
interface Evaluation {
  result: { value?: unknown };
  exceptionDetails?: { text: string; exception?: { description?: string } };
}

const flags = [
  "--headless",
  "--remote-debugging-pipe",
  // In containers and as root Chromium's sandbox refuses to start; nothing but our own figure is ever loaded.
  "--no-sandbox",
  "--disable-gpu",
  "--disable-dev-shm-usage",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-extensions",
  "--disable-sync",
  "--no-first-run",
  "--hide-scrollbars",
  "--font-render-hinting=none",
];

/**
 * A headless Chromium that draws figures: it is spoken to in the DevTools protocol over a pair of pipes, so no port is
 * opened, and it ends with us.
 *
 * @param program Path of a Chromium or Chrome.
 */
export async function openChromium(program: string): Promise<Renderer> {
  const profile = mkdtempSync(join(tmpdir(), "gradamp-chromium-"));
  const child = spawn(program, [...flags, `--user-data-dir=${profile}`, "about:blank"], {
    stdio: ["ignore", "ignore", "pipe", "pipe", "pipe"],
    detached: true,
  });
  // A browser is a family of processes; the group goes as one, and what it still writes must not fail our exit.
  const killAll = () => {
    try {
      if (child.pid) process.kill(-child.pid, "SIGKILL");
    } catch {
      // It is gone already.
    }
  };
  const removeProfile = () => {
    for (let left = 20; left > 0; left--)
      try {
        return rmSync(profile, { recursive: true, force: true });
      } catch {
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
      }
  };
  const kill = () => {
    killAll();
    removeProfile();
  };
  process.once("exit", kill);

  const waiting = new Map<
    number,
    { resolve: (result: Record<string, unknown>) => void; reject: (error: Error) => void }
  >();
  let log = "";
  let dead: Error | null = null;
  const gone = new Promise<void>((resolve) => {
    const end = (why: string) => {
      dead ??= new Error(`${program} ${why}${log === "" ? "" : `: ${log.trim().split("\n").slice(-3).join(" | ")}`}`);
      for (const { reject } of waiting.values()) reject(dead);
      waiting.clear();
      resolve();
    };
    child.once("error", (error) => end(`cannot be started (${error.message})`));
    child.once("exit", (code) => end(`ended with status ${code}`));
  });
  child.stderr?.on("data", (chunk: Buffer) => (log = (log + chunk.toString()).slice(-4000)));
  const [, , , commands, answers] = child.stdio as unknown as [null, null, unknown, Writable, NodeJS.ReadableStream];
  commands.on("error", () => undefined); // the exit above says more than "broken pipe"
  answers.on(
    "data",
    splitMessages("\0", (message) => {
      const answer = JSON.parse(message) as Answer;
      const request = waiting.get(answer.id ?? -1);
      if (!request) return;
      waiting.delete(answer.id ?? -1);
      if (answer.error) request.reject(new Error(`Chromium says ${answer.error.message}`));
      else request.resolve(answer.result ?? {});
    }),
  );
  const whileHeld = heldOnlyWhileBusy(child);
  let lastId = 0;
  const send = (method: string, params: object, sessionId?: string) =>
    new Promise<Record<string, unknown>>((resolve, reject) => {
      if (dead) return reject(dead);
      const id = ++lastId;
      waiting.set(id, { resolve, reject });
      commands.write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    });
  const close = async () => {
    if (!dead) {
      child.ref();
      killAll();
      await gone;
    }
    process.off("exit", kill);
    removeProfile();
  };

  try {
    return await whileHeld(async () => {
      const { targetId } = await send("Target.createTarget", { url: "about:blank" });
      const { sessionId } = await send("Target.attachToTarget", { targetId, flatten: true });
      const evaluate = async (expression: string): Promise<unknown> => {
        const answer = await send(
          "Runtime.evaluate",
          { expression, awaitPromise: true, returnByValue: true },
          String(sessionId),
        );
        const { result, exceptionDetails } = answer as unknown as Evaluation;
        if (exceptionDetails)
          throw new Error(
            `Plotly cannot draw this: ${exceptionDetails.exception?.description ?? exceptionDetails.text}`,
          );
        return result.value;
      };
      await evaluate(`${await readFile(plotlyFile(), "utf8")}\n;0`);
      return {
        name: program,
        render: (spec: PlotlySpec, format, size) =>
          whileHeld(async () => {
            const figure = JSON.stringify({ data: spec.data, layout: spec.layout });
            const url = String(await evaluate(`Plotly.toImage(${figure}, ${JSON.stringify({ format, ...size })})`));
            const comma = url.indexOf(",");
            const body = url.slice(comma + 1);
            return url.slice(0, comma).endsWith("base64")
              ? Buffer.from(body, "base64")
              : Buffer.from(decodeURIComponent(body));
          }),
        close,
      } satisfies Renderer;
    });
  } catch (error) {
    await close();
    throw error;
  }
}
