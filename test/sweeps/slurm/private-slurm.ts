import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { hostname, tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const PROGRAMS = ["munged", "slurmctld", "slurmd", "sbatch", "squeue", "scontrol", "scancel", "sinfo"];
const PATH = `${process.env["PATH"] ?? ""}:/usr/sbin:/sbin`;

/** What of Slurm is not installed here; empty where all is. */
export function missingPrograms(): string[] {
  return PROGRAMS.filter((name) => spawnSync("sh", ["-c", `command -v ${name}`], { env: { ...process.env, PATH } }).status !== 0); // prettier-ignore
}

/** A Slurm of the test's own on this host, without systemd: munge, a controller and two nodes with four cores each. */
export class PrivateSlurm {
  readonly folder = mkdtempSync(join(tmpdir(), "slurm-"));
  readonly nodes = ["n1", "n2"];
  readonly #daemons = new Map<string, ChildProcess>();

  static async start(): Promise<PrivateSlurm> {
    const slurm = new PrivateSlurm();
    try {
      await slurm.#configure();
      slurm.#run("munged", ["--foreground", `--key-file=${slurm.folder}/munge.key`, `--socket=${slurm.folder}/munge.sock`, `--pid-file=${slurm.folder}/munged.pid`, `--log-file=${slurm.folder}/log/munged.log`, `--seed-file=${slurm.folder}/munge.seed`]); // prettier-ignore
      for (let tries = 0; tries < 50 && !existsSync(join(slurm.folder, "munge.sock")); tries++) await sleep(100);
      slurm.#run("slurmctld", ["-D", "-f", slurm.conf]);
      for (const node of slurm.nodes) slurm.startNode(node);
      await slurm.untilIdle();
      return slurm;
    } catch (error) {
      await slurm.stop();
      throw error;
    }
  }

  get conf(): string {
    return join(this.folder, "slurm.conf");
  }

  get environment(): NodeJS.ProcessEnv {
    return { ...process.env, PATH, SLURM_CONF: this.conf };
  }

  /** Runs one of Slurm's commands; returns what it says. */
  command(program: string, ...words: string[]): string {
    const { status, stdout, stderr } = spawnSync(program, words, { env: this.environment, encoding: "utf8" });
    if (status !== 0) throw new Error(`${program} ${words.join(" ")}: ${stderr}`);
    return stdout;
  }

  startNode(node: string): void {
    this.#run(`slurmd-${node}`, ["-D", "-N", node, "-f", this.conf]);
  }

  /** Pulls a node's plug: its daemon and all processes of its jobs die at once. */
  async crashNode(node: string): Promise<void> {
    await this.#end(`slurmd-${node}`, "SIGKILL");
    for (let round = 0; round < 10; round++) {
      const pids = this.#jobProcesses(node);
      if (pids.length === 0) return;
      for (const pid of pids) {
        try {
          process.kill(pid, "SIGKILL");
        } catch {
          // It was gone already.
        }
      }
      await sleep(100);
    }
  }

  async untilIdle(): Promise<void> {
    for (let tries = 0; tries < 120; tries++) {
      const { status, stdout } = spawnSync("sinfo", ["-h", "-N", "-o", "%T"], {
        env: this.environment,
        encoding: "utf8",
      });
      const states = stdout?.trim().split("\n") ?? [];
      if (status === 0 && states.length > 1 && states.every((state) => state === "idle")) return;
      await sleep(500);
    }
    const logs = readdirSync(join(this.folder, "log")).map((file) => readFileSync(join(this.folder, "log", file), "utf8").slice(-2000)); // prettier-ignore
    throw new Error(`Expected the nodes to become idle but found them not:\n${logs.join("\n")}`);
  }

  async stop(): Promise<void> {
    if (this.#daemons.has("slurmctld")) spawnSync("scancel", ["--me"], { env: this.environment });
    await this.#end("slurmctld", "SIGTERM");
    for (const node of this.nodes) await this.crashNode(node);
    await this.#end("munged", "SIGTERM");
    rmSync(this.folder, { recursive: true, force: true });
  }

  #run(name: string, words: readonly string[]): void {
    const log = openSync(join(this.folder, "log", `${name}.log`), "a");
    const program = name.replace(/-.*/, "");
    this.#daemons.set(name, spawn(program, [...words], { env: this.environment, stdio: ["ignore", log, log] }));
  }

  async #end(name: string, signal: NodeJS.Signals): Promise<void> {
    const daemon = this.#daemons.get(name);
    this.#daemons.delete(name);
    if (!daemon || daemon.exitCode !== null || daemon.signalCode !== null) return;
    const gone = new Promise((resolve) => daemon.once("exit", resolve));
    daemon.kill(signal);
    await Promise.race([gone, sleep(10_000).then(() => daemon.kill("SIGKILL"))]);
  }

  /** Processes of a node's jobs, known by their environment, and the daemons above them. */
  #jobProcesses(node: string): number[] {
    const found = new Set<number>();
    for (const name of readdirSync("/proc").filter((entry) => /^\d+$/.test(entry))) {
      try {
        const environment = readFileSync(`/proc/${name}/environ`, "utf8").split("\0");
        if (!environment.includes(`SLURM_CONF=${this.conf}`) || !environment.includes(`SLURMD_NODENAME=${node}`))
          continue;
        found.add(Number(name));
        const parent = /\nPPid:\s*(\d+)/.exec(readFileSync(`/proc/${name}/status`, "utf8"))?.[1] ?? "0";
        if (readlinkSync(`/proc/${parent}/exe`).includes("slurmstepd")) found.add(Number(parent));
      } catch {
        // It ended while it was looked at.
      }
    }
    found.delete(process.pid);
    return [...found];
  }

  async #configure(): Promise<void> {
    const { folder } = this;
    // munged wants its socket to be within everybody's reach.
    chmodSync(folder, 0o755);
    for (const name of ["state", "log", "spool", "gpu"]) mkdirSync(join(folder, name));
    writeFileSync(join(folder, "munge.key"), randomBytes(128), { mode: 0o600 });
    // slurmd loads a cgroup plugin even where nothing uses one, and dies where it finds no cgroups.
    writeFileSync(join(folder, "cgroup.conf"), "CgroupPlugin=cgroup/v1\n");
    // Any character device passes for a GPU.
    for (const gpu of [0, 1]) spawnSync("ln", ["-s", "/dev/null", join(folder, "gpu", `nvidia${gpu}`)]);
    writeFileSync(join(folder, "gres.conf"), `Name=gpu File=${folder}/gpu/nvidia[0-1]\n`);
    const [controller, first, second] = await freePorts(3);
    const me = userInfo().username;
    const host = hostname().split(".")[0] ?? "localhost";
    writeFileSync(
      this.conf,
      `ClusterName=gradamp
SlurmctldHost=${host}(127.0.0.1)
SlurmctldPort=${controller}
SlurmUser=${me}
SlurmdUser=${me}
AuthType=auth/munge
# cred_expire is also how long a requeued job waits.
AuthInfo=socket=${folder}/munge.sock,cred_expire=5
StateSaveLocation=${folder}/state
SlurmdSpoolDir=${folder}/spool/%n
SlurmctldPidFile=${folder}/slurmctld.pid
SlurmdPidFile=${folder}/slurmd-%n.pid
# Nothing that needs cgroups or more hardware than there is.
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
SlurmdParameters=config_overrides
MailProg=/bin/true
MinJobAge=3600
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SchedulerParameters=batch_sched_delay=1,sched_interval=5,bf_interval=5
# Node loss, requeue, preemption.
SlurmdTimeout=10
ReturnToService=2
JobRequeue=1
KillWait=5
PreemptType=preempt/partition_prio
PreemptMode=REQUEUE
SlurmctldParameters=preempt_send_user_signal
GresTypes=gpu
NodeName=n1 NodeHostname=${host} NodeAddr=127.0.0.1 Port=${first} CPUs=4 RealMemory=65536 Gres=gpu:2
NodeName=n2 NodeHostname=${host} NodeAddr=127.0.0.1 Port=${second} CPUs=4 RealMemory=65536 Gres=gpu:2
PartitionName=main Nodes=ALL Default=YES PriorityTier=1 GraceTime=10
PartitionName=high Nodes=ALL PriorityTier=10 PreemptMode=OFF
`,
    );
  }
}

/** Ports in a row that nobody listens at, below those that the system gives to outgoing connections. */
async function freePorts(count: number): Promise<number[]> {
  for (;;) {
    const first = 16_000 + Math.floor(Math.random() * 14_000);
    const ports = Array.from({ length: count }, (_, at) => first + at);
    if ((await Promise.all(ports.map(isFree))).every(Boolean)) return ports;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.on("error", () => resolve(false));
    server.listen(port, () => server.close(() => resolve(true)));
  });
}
