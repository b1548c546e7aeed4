import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { packageRoot } from "../../src/files/package-root";
import { testLab } from "./test-lab";

/** How long JupyterLab may take to answer, in milliseconds. */
const startTimeout = 120_000;

/**
 * A running `gradamp lab`, on a free port, in a folder of its own, with settings, data and signatures of its own: two of
 * them are two users, who do not trust each other's notebooks.
 */
export class JupyterServer {
  readonly #token = randomUUID();
  readonly #state = mkdtempSync(join(tmpdir(), "gradamp-jupyter-"));
  readonly #port: number;
  readonly #process: ChildProcess;
  #log = "";

  private constructor(
    /** The folder that is served. */
    readonly folder: string,
    port: number,
  ) {
    this.#port = port;
    const state = (name: string) => join(this.#state, name);
    const settings = join(state("settings"), "@jupyterlab", "apputils-extension", "notification.jupyterlab-settings");
    mkdirSync(dirname(settings), { recursive: true });
    writeFileSync(settings, JSON.stringify({ fetchNews: "false", checkForUpdates: false }));
    const words = [
      `--IdentityProvider.token=${this.#token}`,
      "--ServerApp.port_retries=0",
      "--LabApp.expose_app_in_browser=True",
      "--JupyterNotebookApp.expose_app_in_browser=True",
    ];
    const program = join(packageRoot(), "bin", "gradamp.cjs");
    this.#process = spawn(
      process.execPath,
      [program, "lab", folder, "--no-browser", "--port", String(port), "--", ...words],
      {
        stdio: ["ignore", "pipe", "pipe"],
        env: {
          ...process.env,
          JUPYTER_CONFIG_DIR: state("config"),
          JUPYTER_DATA_DIR: state("data"),
          JUPYTER_RUNTIME_DIR: state("runtime"),
          JUPYTERLAB_SETTINGS_DIR: state("settings"),
          JUPYTERLAB_WORKSPACES_DIR: state("workspaces"),
        },
      },
    );
    for (const stream of [this.#process.stdout, this.#process.stderr])
      stream?.on("data", (chunk: Buffer) => (this.#log = (this.#log + chunk.toString()).slice(-8000)));
  }

  /**
   * Starts one; the first ever sets JupyterLab up, which fetches about 100 MB.
   *
   * @param folder what it serves; default a new one, beside the JupyterLab that all tests share
   */
  static async start(folder = mkdtempSync(join(testLab(), "served-"))): Promise<JupyterServer> {
    const server = new JupyterServer(folder, await freePort());
    try {
      await server.#answers();
      return server;
    } catch (error) {
      await server.stop();
      throw error;
    }
  }

  /** The address of a page: `lab/tree/a.ipynb`, `api/kernels`. */
  url(page: string): string {
    return `http://127.0.0.1:${this.#port}/${page}${page.includes("?") ? "&" : "?"}token=${this.#token}`;
  }

  /** What JupyterLab has printed; the last 8,000 characters. */
  get log(): string {
    return this.#log;
  }

  /** Ends JupyterLab, and its kernels with it. */
  async stop(): Promise<void> {
    const { exitCode, signalCode } = this.#process;
    if (exitCode === null && signalCode === null) {
      const ended = new Promise((resolve) => this.#process.once("exit", resolve));
      this.#process.kill("SIGTERM");
      await ended;
    }
    rmSync(this.#state, { recursive: true, force: true });
  }

  /** Takes the served folder away as well. */
  async remove(): Promise<void> {
    await this.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  async #answers(): Promise<void> {
    for (const until = Date.now() + startTimeout; Date.now() < until; await delay(200)) {
      if (this.#process.exitCode !== null) break;
      const answer = await fetch(this.url("api/status")).catch(() => null);
      if (answer?.ok) return;
    }
    throw new Error(`JupyterLab does not answer:\n${this.#log}`);
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
