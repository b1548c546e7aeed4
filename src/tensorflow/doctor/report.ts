/** A processor that TensorFlow could use. */
export interface Device {
  readonly type: "CPU" | "GPU";
  readonly name: string;
  /** Bytes of memory: the machine's for a CPU; null if unknown. */
  readonly memory: number | null;
  /** Logical cores; null for a GPU. */
  readonly cores: number | null;
  /** Whether training runs on it. */
  readonly used: boolean;
}

export interface Problem {
  readonly problem: string;
  readonly remedy: string;
  /** Whether training cannot run natively (or not on a GPU, where one is required) because of it. */
  readonly blocking: boolean;
}

/** What `examine` found on this machine. */
export interface DoctorReport {
  /** Whether training runs natively; on a GPU, where one was required. */
  readonly ok: boolean;
  readonly gradamp: string;
  /** Version of Node, as 20.20.2. */
  readonly node: string;
  /** As linux-x64, and whether set-up there is tested. */
  readonly platform: { readonly name: string; readonly tested: boolean };
  readonly tfjs: string | null;
  /** The TensorFlow that was loaded; null where none was. */
  readonly libtensorflow: { readonly version: string; readonly path: string | null } | null;
  /** What tfjs runs on. */
  readonly engine: "native" | "javascript" | null;
  /**
   * How models are trained: whole epochs as one TensorFlow graph, or op by op, and then why; null where it could not be
   * found out.
   */
  readonly training: { readonly engine: "graph" | "eager"; readonly reason: string | null } | null;
  /** Operations that are gradamp's own here, the others being TensorFlow's; null where it could not be found out. */
  readonly ownOperations: readonly string[] | null;
  /** How many tfjs engines a process has that loads gradamp and danfojs-node: 1. */
  readonly engines: number | null;
  readonly devices: readonly Device[];
  /** What TensorFlow says of the CUDA libraries it can open; null for a TensorFlow without CUDA. */
  readonly cuda: { readonly accepted: boolean; readonly missing: readonly string[] } | null;
  /** The Jupyter kernel: the folder of its kernelspec. */
  readonly kernel: { readonly installed: boolean; readonly name: string | null; readonly path: string | null };
  readonly cache: string;
  readonly problems: readonly Problem[];
}
