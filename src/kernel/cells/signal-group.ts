/** Sends SIGINT to this process, which has a listener and never ends of it, and to its children. */
export function signalGroup(): void {
  try {
    process.kill(-process.pid, "SIGINT");
  } catch {
    // Not the leader of a group: it was not a kernel that started it.
    process.kill(process.pid, "SIGINT");
  }
}
