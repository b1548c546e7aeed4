import { randomUUID } from "node:crypto";
import type { Comm, CommMessage } from "../../cell/comm";
import { displayBundle } from "../../cell/display-bundle";
import { kernelHost } from "../../cell/kernel-cell";
import type { MimeBundle } from "../../cell/running-cell";
import { anObject, anyText, checkOptions, required, value, type Kind } from "../../options";

/** What a widget looks like and what it holds. */
export interface WidgetDefinition<State extends Record<string, unknown>> {
  /** An ES module, as text, whose default export is `{ render({ model, el }) {} }`: anywidget's protocol. */
  esm: string;
  /** A style sheet, as text; none where it is left out. */
  css?: string;
  /** What page and notebook share: JSON. */
  state: State;
}

const MODULE = value<string>(
  'to be the text of an ES module, such as "export default { render({ model, el }) { … } }",',
  (found) => typeof found === "string" && /\bexport\b/.test(found),
);
const STATE = anObject as Kind<Record<string, unknown>>;

/** The version of the protocol that Jupyter's widgets speak. */
const metadata = { version: "2.1.0" };
const known = new Map<string, Widget<Record<string, unknown>>>();

/**
 * Something in the output of a cell that a person can move, and that code of the notebook hears: its state is the same in
 * the page and here. Jupyter's own protocol for widgets, with the views of anywidget.
 *
 * Made by `ga.widget`.
 */
export class Widget<State extends Record<string, unknown>> {
  /** Jupyter's name for the widget's model. */
  readonly id = randomUUID().replace(/-/g, "");
  readonly #definition: WidgetDefinition<State>;
  readonly #state: State;
  readonly #listeners = new Set<(changed: Partial<State>) => void>();
  #comm: Comm | null = null;

  /**
   * @param definition the view as a module, its style sheet, and the state that it begins with
   * @throws {TypeError} for an unknown key, a view that is no module's text, or a state that is no object
   * @throws {RangeError} for a name in the state that begins with an underscore
   */
  constructor(definition: WidgetDefinition<State>) {
    checkOptions("widget", definition, { esm: required(MODULE), css: anyText, state: required(STATE) });
    const { state } = definition;
    const reserved = Object.keys(state).find((name) => name.startsWith("_"));
    if (reserved !== undefined)
      throw new RangeError(`Expected names without a leading underscore in state but found ${reserved}; Jupyter keeps those`); // prettier-ignore
    this.#definition = definition;
    this.#state = { ...state };
  }

  /** What page and notebook share, now. */
  get state(): Readonly<State> {
    return { ...this.#state };
  }

  /** Changes the state, here and in the page. */
  set(changed: Partial<State>): void {
    Object.assign(this.#state, changed);
    this.#comm?.send({ data: { method: "update", state: changed, buffer_paths: [] } });
  }

  /** Calls the listener when the state is changed in the page; returns what ends that. */
  onChange(listener: (changed: Partial<State>) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Shows the widget as output of the running cell; outside gradamp's kernel, prints a line about it. */
  show(): void {
    displayBundle(this.#bundle());
  }

  /** What a notebook shows of the widget when it is the last value of a cell. */
  [Symbol.for("Jupyter.display")](): MimeBundle {
    return this.#bundle();
  }

  #bundle(): MimeBundle {
    this.#open();
    const names = Object.keys(this.#state).join(", ");
    return {
      ...(this.#comm ? { "application/vnd.jupyter.widget-view+json": { version_major: 2, version_minor: 1, model_id: this.id } } : {}), // prettier-ignore
      "text/plain": `Widget of ${names}; pages show it where anywidget is installed beside JupyterLab: pip install anywidget`,
    };
  }

  /** What Jupyter keeps of the widget's model. */
  #model(): Record<string, unknown> {
    const part = (kind: "model" | "view", name: string) => ({
      [`_${kind}_module`]: "anywidget",
      [`_${kind}_module_version`]: "*",
      [`_${kind}_name`]: name,
    });
    const { esm, css } = this.#definition;
    const own = { _esm: esm, _anywidget_id: `gradamp.${this.id}`, ...(css === undefined ? {} : { _css: css }) };
    return { ...part("model", "AnyModel"), ...part("view", "AnyView"), _view_count: null, ...own, ...this.#state };
  }

  #open(): void {
    const kernel = kernelHost();
    if (this.#comm || !kernel) return;
    if (known.size === 0) kernel.onComm("jupyter.widget.control", answerForAll);
    known.set(this.id, this as unknown as Widget<Record<string, unknown>>);
    const data = { state: this.#model(), buffer_paths: [] };
    this.#comm = kernel.openComm("jupyter.widget", this.id, { data, metadata });
    this.#comm.onMessage(({ data: told }) => this.#hear(told));
    this.#comm.onClose(() => {
      this.#comm = null;
      known.delete(this.id);
    });
  }

  #hear({ method, state }: Record<string, unknown>): void {
    if (method === "request_state")
      return this.#comm?.send({ data: { method: "update", state: this.#model(), buffer_paths: [] } });
    if (method !== "update" || typeof state !== "object" || state === null) return;
    // A page can only change what it was given.
    const changed = Object.fromEntries(Object.entries(state).filter(([name]) => Object.hasOwn(this.#state, name)));
    Object.assign(this.#state, changed);
    for (const listener of this.#listeners) listener(changed as Partial<State>);
  }

  /** The models of all widgets, for a page that is opened anew. */
  static states(): Record<string, unknown> {
    return Object.fromEntries(
      [...known].map(([id, widget]) => {
        const { _model_name: name, _model_module: module, _model_module_version: version } = widget.#model();
        return [id, { model_name: name, model_module: module, model_module_version: version, state: widget.#model() }];
      }),
    );
  }
}

/** A page that is loaded again asks for all widgets at once. */
function answerForAll(comm: Comm, _: CommMessage): void {
  comm.onMessage(({ data }) => {
    if (data["method"] === "request_states")
      comm.send({ data: { method: "update_states", states: Widget.states(), buffer_paths: [] } });
  });
}

/**
 * Makes a widget of one's own: a piece of a page, written as an ES module, whose state code of the notebook reads, sets and
 * hears. It speaks anywidget's protocol (anywidget.dev), so that its examples can be taken as they are; the page needs
 * anywidget beside its JupyterLab (`pip install anywidget`).
 *
 * @param definition `esm`: the module; `css`; `state`: what page and notebook share.
 * @returns The widget, which a cell shows as its last value or by `.show()`.
 * @throws {TypeError} if `esm` is no module's text, `css` no text or `state` no object
 * @throws {RangeError} for a name in `state` that begins with an underscore
 * @example
 * import * as ga from "gradamp";
 * const counter = ga.widget({
 *   esm: `export default { render({ model, el }) {
 *     const button = document.createElement("button");
 *     const draw = () => (button.textContent = "clicked " + model.get("count"));
 *     button.onclick = () => { model.set("count", model.get("count") + 1); model.save_changes(); };
 *     model.on("change:count", draw);
 *     draw();
 *     el.append(button);
 *   } }`,
 *   state: { count: 0 },
 * });
 * counter.onChange(({ count }) => console.log("now", count));
 * counter.show();
 */
export function widget<State extends Record<string, unknown>>(definition: WidgetDefinition<State>): Widget<State> {
  return new Widget(definition);
}
