import { Session } from "node:inspector";
import { Socket } from "node:net";
import { Worker, isMainThread, workerData } from "node:worker_threads";

interface BridgeData {
  readonly gradampInspector: true;
  readonly descriptor: number;
}

let begun = false;

/**
 * Lets the kernel speak with Node's inspector of this process: from a thread of its own, for the thread of the cells stands
 * still at a breakpoint.
 *
 * @param descriptor a pipe to the kernel, on which lines of JSON go both ways
 */
export function startInspector(descriptor: number): void {
  if (begun) return;
  begun = true;
  const data: BridgeData = { gradampInspector: true, descriptor };
  new Worker(__filename, { workerData: data, stdout: true, stderr: true, execArgv: [] }).unref();
}

function bridge({ descriptor }: BridgeData): void {
  const pipe = new Socket({ fd: descriptor, readable: true, writable: true });
  const session = new Session();
  session.connectToMainThread();
  const tell = (message: object) => void pipe.write(`${JSON.stringify(message)}\n`);
  session.on("inspectorNotification", (message) => tell(message));
  let rest = "";
  pipe.setEncoding("utf8");
  pipe.on("data", (text: string) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      const { id, method, params } = JSON.parse(line) as { id: number; method: string; params: object };
      session.post(method, params, (error, result) => tell({ id, result, ...(error ? { error: { message: error.message } } : {}) })); // prettier-ignore
    }
  });
}

const data = workerData as BridgeData | null;
if (!isMainThread && data?.gradampInspector) bridge(data);
