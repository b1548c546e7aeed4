import type { CompleteUpdate } from "./live-page";

interface KernelText {
  msg_type?: string;
  header?: { msg_type?: string };
  content?: { data?: Record<string, unknown>; transient?: { display_id?: string } };
}

/**
 * Follows a kernel of the Jupyter server that served the page: hears what it sends to anybody, and says once that somebody
 * is there, upon which gradamp's kernel sends its dashboards whole.
 *
 * Sent to the page as it stands: it names nothing outside itself.
 *
 * @param onGone called once, when the connection is lost or cannot be made: for good where that kernel is no more
 * @returns what ends the following
 */
export function connect(
  page: Window,
  { id, kernel }: CompleteUpdate,
  onHtml: (html: string) => void,
  onGone: (forGood: boolean) => void,
): () => void {
  const config = page.document.getElementById("jupyter-config-data")?.textContent;
  const nothing = () => undefined;
  if (!config || kernel === null) return nothing;
  const { baseUrl = "/", token = "" } = JSON.parse(config) as { baseUrl?: string; token?: string };
  const query = token ? `token=${encodeURIComponent(token)}` : "";
  const base = new URL(`${baseUrl}api/kernels/${kernel}`, page.location.href);
  let socket: WebSocket | null = null;
  let ended = false;
  const end = () => {
    ended = true;
    socket?.close();
  };
  const open = async () => {
    const found = await page.fetch(`${base.href}?${query}`, { credentials: "same-origin" });
    if (ended) return;
    if (!found.ok) return onGone(found.status === 404);
    const session = `gradamp-${Math.random().toString(16).slice(2)}`;
    const url = `${base.href.replace(/^http/, "ws")}/channels?session_id=${session}${query ? `&${query}` : ""}`;
    const opened = new (page as unknown as typeof globalThis).WebSocket(url);
    socket = opened;
    opened.onopen = () => {
      const header = {
        msg_id: `${session}-1`,
        msg_type: "kernel_info_request",
        session,
        username: "",
        version: "5.3",
        date: new Date().toISOString(),
      };
      opened.send(
        JSON.stringify({ channel: "control", header, parent_header: {}, metadata: {}, content: {}, buffers: [] }),
      );
    };
    opened.onmessage = ({ data }: MessageEvent<unknown>) => {
      if (typeof data !== "string") return;
      const { header, content } = JSON.parse(data) as KernelText;
      if (header?.msg_type !== "update_display_data" || !content?.transient?.display_id?.startsWith(id)) return;
      const html = content.data?.["text/html"];
      if (typeof html === "string") onHtml(html);
    };
    opened.onclose = () => {
      if (!ended) onGone(false);
    };
  };
  open().catch(() => ended || onGone(false));
  return end;
}
