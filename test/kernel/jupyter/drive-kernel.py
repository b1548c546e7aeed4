"""Drives gradamp's kernel with jupyter_client, as any Jupyter does, and prints what came as one JSON object.

Run by protocol.long.test.ts, with the Python of the JupyterLab that `gradamp lab` sets up.
"""

import json
import os
import queue
import sys
import time

from jupyter_client.manager import start_new_kernel

TIMEOUT = 120

manager, client = start_new_kernel(kernel_name="gradamp", startup_timeout=TIMEOUT, cwd=sys.argv[1])


def drain(message_id, on_message=lambda message: None):
    """The messages that belong to a request, up to its idle status."""
    found = []
    while True:
        message = client.get_iopub_msg(timeout=TIMEOUT)
        if message["parent_header"].get("msg_id") != message_id:
            continue
        found.append({"type": message["msg_type"], "content": message["content"]})
        on_message(message)
        if message["msg_type"] == "status" and message["content"]["execution_state"] == "idle":
            return found


def reply(message_id):
    while True:
        message = client.get_shell_msg(timeout=TIMEOUT)
        if message["parent_header"].get("msg_id") == message_id:
            return message["content"]


def run(code, on_message=lambda message: None, **options):
    message_id = client.execute(code, **options)
    messages = drain(message_id, on_message)
    return {"messages": messages, "reply": reply(message_id)}


def interrupted(code):
    """Runs a cell and interrupts it at the first word that it prints; tells how long its end took."""
    times = []

    def on_message(message):
        if message["msg_type"] == "stream" and not times:
            times.append(time.monotonic())
            manager.interrupt_kernel()

    ended = run(code, on_message)
    return {**ended["reply"], "seconds": time.monotonic() - times[0]}


def text(messages):
    return "".join(m["content"]["text"] for m in messages if m["type"] == "stream")


facts = {}

facts["info"] = client.kernel_info(reply=True, timeout=TIMEOUT)["content"]

many = run("for (let i = 0; i < 20_000; i++) console.log(`line ${i}`);")
lines = text(many["messages"]).splitlines()
facts["lines"] = {
    "complete": lines == [f"line {i}" for i in range(20_000)],
    "count": len(lines),
    "status": many["reply"]["status"],
}

endless = {
    "await": "console.log('on'); await new Promise(() => {});",
    "loop": "console.log('on'); while (true) {}",
    "training": """import * as ga from "gradamp";
const data = ga.embedded({ train: 40, validation: 20, test: 20 });
setTimeout(() => console.log("on"), 500);
const model = ga.vgg08({ classes: 10, width: 4 });
const run = await ga.train(model, data, { epochs: 100_000, batchSize: 20, progress: false });""",
}
facts["interrupts"] = {
    name: [interrupted(code) for _ in range(2)] for name, code in endless.items()
}
facts["alive"] = run("const alive = 20; alive + 1")

shown = run(
    """const { write } = (globalThis as any)[Symbol.for("gradamp.kernel")] ?? {};
({ [Symbol.for("Jupyter.display")]: () => ({ "text/html": "<b>1</b>", "image/png": "iVBORw0KGgo=", "application/json": { a: 1 }, "text/plain": "1" }) })"""
)
facts["bundle"] = [m for m in shown["messages"] if m["type"] == "execute_result"]

failing = client.execute("const point = 1;\n\nthrow new RangeError('too far');")
queued = [client.execute("console.log('never')"), client.execute("2")]
facts["error"] = {"messages": drain(failing), "reply": reply(failing)}
facts["queued"] = [reply(message_id)["status"] for message_id in queued]

asking = client.execute(
    'await require("node:readline/promises").createInterface({ input: process.stdin }).question("name? ")',
    allow_stdin=True,
)
client.get_stdin_msg(timeout=TIMEOUT)
client.input("Ada")
facts["stdin"] = [m["content"]["data"] for m in drain(asking) if m["type"] == "execute_result"]
reply(asking)

# While a cell computes without a pause: the heart beats, and completion answers before it ends.
busy = client.execute('console.log("on"); const until = Date.now() + 4000; while (Date.now() < until); "done"')
while client.get_iopub_msg(timeout=TIMEOUT)["msg_type"] != "stream":
    pass
time.sleep(1.5)
beating = client.hb_channel.is_beating()
completion = client.complete("aliv", reply=True, timeout=TIMEOUT)["content"]["matches"]
try:
    early = client.get_shell_msg(timeout=0)
except queue.Empty:
    early = None
facts["busy"] = {"beating": beating, "matches": completion, "ended": early is not None, "reply": reply(busy)}

facts["crash"] = run("process.kill(process.pid, 'SIGKILL'); await new Promise(() => {});")["reply"]
facts["after crash"] = run("6")["reply"]

client.stop_channels()
manager.restart_kernel(now=False)
client = manager.client()
client.start_channels()
client.wait_for_ready(timeout=TIMEOUT)
facts["after restart"] = run("alive")["reply"]
client.stop_channels()
pid = manager.provisioner.process.pid
manager.shutdown_kernel(now=False)
facts["gone"] = not os.path.exists(f"/proc/{pid}")

print(json.dumps(facts))
