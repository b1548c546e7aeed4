import { addressOf, channels, type Channel, type Connection } from "./connection";
import { decodeMessage, encodeMessage, newHeader, type Message } from "./message";
import { zeromq, type ZeroSocket } from "./zeromq";

/** What comes in is handed to these. */
export interface Receivers {
  shell(message: Message): void;
  control(message: Message): void;
  /** An answer of the user's. */
  stdin(message: Message): void;
  /** A message that cannot be read, or a socket that fails. */
  failure(error: Error): void;
}

/** The kernel's ends of the five channels. */
export interface KernelSockets {
  send(channel: "shell" | "control" | "iopub" | "stdin", message: Message): void;
  close(): void;
}

/**
 * Binds the five channels of a kernel; what arrives is handed on from the moment when all of them are bound.
 *
 * No message is lost, however fast they come: zeromq's `send` turns asynchronous after 512 messages and refuses the next
 * one with EBUSY, unless it may not wait (`sendTimeout: 0`), and queues without bound where the mark is 0. tslab with
 * its default sockets loses the rest of 500 lines printed by one cell, the idle status among them.
 */
export async function bindSockets(connection: Connection, receivers: Receivers): Promise<KernelSockets> {
  const { XPublisher, Reply, Router } = zeromq();
  const lossless = { sendTimeout: 0, sendHighWaterMark: 0, linger: 1000 };
  const sockets: Record<Channel, ZeroSocket> = {
    shell: new Router(lossless),
    control: new Router(lossless),
    stdin: new Router(lossless),
    iopub: new XPublisher({ ...lossless, verbosity: "allSubs" }),
    hb: new Reply(lossless),
  };
  await Promise.all(channels.map((channel) => sockets[channel].bind(addressOf(connection, channel))));

  const receive = async (socket: ZeroSocket, take: (frames: Buffer[]) => void | Promise<void>) => {
    for await (const frames of socket)
      try {
        await take(frames);
      } catch (error) {
        receivers.failure(error as Error);
      }
  };
  const listening = [
    receive(sockets.shell, (frames) => receivers.shell(decodeMessage(connection.key, frames))),
    receive(sockets.control, (frames) => receivers.control(decodeMessage(connection.key, frames))),
    receive(sockets.stdin, (frames) => receivers.stdin(decodeMessage(connection.key, frames))),
    // A byte 1 before a topic is a subscription; who subscribes is told that nothing is lost from here on (JEP 65).
    receive(sockets.iopub, async ([frame]) => {
      if (frame?.[0] !== 1) return;
      const topic = frame.subarray(1);
      const header = newHeader("iopub_welcome", "");
      const content = { subscription: topic.toString("utf8") };
      await sockets.iopub.send(
        encodeMessage(connection.key, { identities: [topic], header, parent: {}, metadata: {}, content }),
      );
    }),
    receive(sockets.hb, (frames) => sockets.hb.send(frames)),
  ];
  for (const loop of listening) loop.catch(receivers.failure);

  return {
    send: (channel, message) => {
      sockets[channel].send(encodeMessage(connection.key, message)).catch(receivers.failure);
    },
    close: () => {
      for (const socket of Object.values(sockets)) socket.close();
    },
  };
}
