import type { FromCells } from "./messages";

/** What each kind of message must hold, by the type of its fields. */
const FIELDS: Record<FromCells["kind"], Readonly<Record<string, "number" | "string" | "object" | "boolean">>> = {
  ready: {},
  interrupted: {},
  saving: { folder: "string" },
  stream: { id: "number", name: "string", text: "string" },
  display: { id: "number", data: "object", metadata: "object", transient: "object", update: "boolean" },
  result: { id: "number", data: "object" },
  clear: { id: "number", wait: "boolean" },
  ask: { id: "number", request: "number", prompt: "string", password: "boolean", waits: "boolean" },
  comm: { type: "string", content: "object", metadata: "object", buffers: "object" },
  done: { id: "number" },
};

/** Whether something that came over the channel is a message as gradamp's own part of the process sends them. */
export function isFromCells(message: unknown): message is FromCells {
  if (typeof message !== "object" || message === null) return false;
  const { kind, error = null, missing = null } = message as Record<string, unknown>;
  if (typeof kind !== "string" || !Object.hasOwn(FIELDS, kind)) return false;
  const typed = Object.entries(FIELDS[kind as FromCells["kind"]]).every(([name, type]) => {
    const value = (message as Record<string, unknown>)[name];
    return typeof value === type && value !== null;
  });
  return (
    typed && (kind !== "done" || ((missing === null || Array.isArray(missing)) && (error === null || isError(error))))
  );
}

function isError(error: unknown): boolean {
  const { name, message, stack } = error as Record<string, unknown>;
  return typeof name === "string" && typeof message === "string" && Array.isArray(stack);
}
