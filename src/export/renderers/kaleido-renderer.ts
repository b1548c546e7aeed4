import { spawn } from "node:child_process";
import { join } from "node:path";
import { heldOnlyWhileBusy } from "./held-process";
import { plotlyFile } from "../html/plotly-inline";
import { splitMessages } from "./split-messages";
import type { Renderer } from "./renderer";

interface Answer {
  code: number;
  message: string | null;
  result: string | null;
}

/** Kaleido starts by telling its version. */
const flags = ["--disable-gpu", "--no-sandbox", "--disable-breakpad", "--disable-dev-shm-usage"];

/**
 * A running kaleido: a line of JSON in for each picture, a line of JSON out.
 *
 * @param folder Where its executable lies.
 */
export async function openKaleido(folder: string): Promise<Renderer> {
  const child = spawn(
    join(folder, "kaleido"),
    ["plotly", `--plotlyjs=${plotlyFile()}`, "--allow-file-access-from-files", ...flags],
    { stdio: ["pipe", "pipe", "pipe"] },
  );
  const kill = () => child.kill("SIGKILL");
  process.once("exit", kill);
  const waiting: { resolve: (answer: Answer) => void; reject: (error: Error) => void }[] = [];
  let log = "";
  let dead: Error | null = null;
  const gone = new Promise<void>((resolve) => {
    const end = (why: string) => {
      dead ??= new Error(`kaleido ${why}${log === "" ? "" : `: ${log.trim().split("\n").at(-1)}`}`);
      for (const { reject } of waiting.splice(0)) reject(dead);
      resolve();
    };
    child.once("error", (error) => end(`cannot be started (${error.message})`));
    child.once("exit", (code) => end(`ended with status ${code}`));
  });
  child.stderr.on("data", (chunk: Buffer) => (log = (log + chunk.toString()).slice(-4000)));
  child.stdin.on("error", () => undefined); // the exit above says more than "broken pipe"
  child.stdout.on(
    "data",
    splitMessages("\n", (line) => {
      if (line.startsWith("{")) waiting.shift()?.resolve(JSON.parse(line) as Answer);
    }),
  );
  const answer = () =>
    new Promise<Answer>((resolve, reject) => {
      if (dead) reject(dead);
      else waiting.push({ resolve, reject });
    });
  const whileHeld = heldOnlyWhileBusy(child);
  const close = async () => {
    if (!dead) {
      child.ref();
      child.stdin.end();
      const timer = setTimeout(kill, 2000);
      await gone;
      clearTimeout(timer);
    }
    process.off("exit", kill);
  };
  const greeting = await whileHeld(answer);
  if (greeting.code !== 0) {
    await close();
    throw new Error(`kaleido does not start: ${greeting.message}`);
  }
  return {
    name: "kaleido",
    render: (spec, format, size) =>
      whileHeld(async () => {
        const request = JSON.stringify({ format, ...size, data: { data: spec.data, layout: spec.layout } });
        const reply = answer();
        child.stdin.write(`${request}\n`);
        const { code, message, result } = await reply;
        if (code !== 0 || result === null) throw new Error(`Plotly cannot draw this: ${message}`);
        return Buffer.from(result, format === "svg" ? "utf8" : "base64");
      }),
    close,
  };
}
