import { join } from "node:path";
import type { Browser, BrowserContext, Locator, Page } from "playwright-core";
import type { JupyterServer } from "./jupyter-server";
import { screenshotFolder } from "./screenshot-folder";

/** What is used of JupyterLab's own object in the page, which `--expose-app-in-browser` puts there. */
interface Lab {
  commands: { execute(command: string, values?: object): Promise<unknown> };
  shell: {
    currentWidget: {
      context: {
        model: { dirty: boolean };
        isReady: boolean;
        sessionContext: { session: { kernel: { status: string } | null } | null };
      };
      content: {
        widgets: {
          model: { type: string; executionState?: string; executionCount?: number | null; trusted: boolean };
        }[];
      };
    } | null;
  };
}
type LabWindow = Window & { jupyterapp?: Lab };

export interface NotebookPageOptions {
  /** Default "light". */
  theme?: "light" | "dark";
  /** "notebook" opens it in Notebook 7, which must be installed beside JupyterLab. Default "lab". */
  application?: "lab" | "notebook";
  /** Of the window, in pixels. Default 1100 × 900. */
  size?: { width: number; height: number };
  /** What is waited for: "shown" is the notebook, with a kernel that may be busy. Default "idle": the kernel as well. */
  until?: "idle" | "shown";
  /** Called before the page is loaded. */
  prepare?: (context: BrowserContext) => Promise<void>;
}

/** A notebook open in JupyterLab in a browser that reaches nothing but this machine. */
export class NotebookPage {
  private constructor(
    readonly page: Page,
    /** The addresses elsewhere that the page wanted, in vain. */
    readonly refused: readonly string[],
    /** What scripts of the page have thrown. */
    readonly errors: readonly string[],
  ) {}

  /**
   * Opens a notebook.
   *
   * @param path relative to the folder that is served
   */
  static async open(
    browser: Browser,
    server: JupyterServer,
    path: string,
    options: NotebookPageOptions = {},
  ): Promise<NotebookPage> {
    const { theme = "light", application = "lab", size = { width: 1100, height: 900 }, until = "idle" } = options;
    const context = await browser.newContext({ viewport: size, colorScheme: theme });
    const refused: string[] = [];
    await context.route(
      ({ hostname }) => hostname !== "127.0.0.1",
      (route) => {
        refused.push(route.request().url());
        return route.abort("internetdisconnected");
      },
    );
    await options.prepare?.(context);
    const page = await context.newPage();
    const errors: string[] = [];
    page.on("pageerror", (error) => errors.push(String(error.stack ?? error)));
    const place = application === "lab" ? "lab/tree" : "notebooks";
    await page.goto(server.url(`${place}/${path}?reset`));
    await page.waitForFunction(
      (until) => {
        const { context, content } = (window as LabWindow).jupyterapp?.shell.currentWidget ?? {};
        if (until === "shown")
          return (content?.widgets?.length ?? 0) > 0 && document.querySelector(".jp-Cell") !== null;
        // Cells that are run before the kernel is there are passed over.
        return context?.isReady === true && context.sessionContext.session?.kernel?.status === "idle";
      },
      until,
      { timeout: 120_000 },
    );
    const opened = new NotebookPage(page, refused, errors);
    if (theme === "dark") await opened.command("apputils:change-theme", { theme: "JupyterLab Dark" });
    // The window belongs to the notebook: no list of files beside it.
    if (application === "lab") await opened.command("application:toggle-left-area");
    return opened;
  }

  /** Runs one of JupyterLab's commands. */
  async command(name: string, values: object = {}): Promise<void> {
    await this.page.evaluate(
      async ([command, words]) => {
        await (window as LabWindow).jupyterapp?.commands.execute(command, words);
      },
      [name, values] as const,
    );
  }

  /** Runs all cells by the menu, as a user does, and waits until none runs any more. */
  async runAll(timeout = 600_000): Promise<void> {
    await this.menu("Run", "Run All Cells");
    await this.idle(timeout);
  }

  /** Runs one cell and does not wait for its end. */
  async run(cell: number): Promise<void> {
    await this.page.locator(".jp-Cell").nth(cell).locator(".jp-InputArea-editor").click();
    await this.page.keyboard.press("Control+Enter");
  }

  /** Chooses a line of a menu. */
  async menu(name: string, item: string): Promise<void> {
    await this.page.locator(`.lm-MenuBar-itemLabel:text-is("${name}")`).click();
    await this.page.locator(`.lm-Menu-itemLabel:text-is("${item}")`).click();
  }

  /** Waits until every cell with code has run and none runs. */
  async idle(timeout = 600_000): Promise<void> {
    await this.page.waitForFunction(
      () => {
        const widgets = (window as LabWindow).jupyterapp?.shell.currentWidget?.content.widgets ?? [];
        const code = widgets.map(({ model }) => model).filter(({ type }) => type === "code");
        return (
          code.length > 0 && code.every((model) => model.executionState === "idle" && model.executionCount !== null)
        );
      },
      undefined,
      { timeout, polling: 200 },
    );
  }

  /** Saves with Ctrl-S and waits until that is done. */
  async save(): Promise<void> {
    await this.page.keyboard.press("Control+s");
    await this.page.waitForFunction(
      () => (window as LabWindow).jupyterapp?.shell.currentWidget?.context.model.dirty === false,
    );
  }

  /** Whether Jupyter trusts all cells with code: what is not trusted may run no scripts. */
  async isTrusted(): Promise<boolean> {
    return this.page.evaluate(() =>
      ((window as LabWindow).jupyterapp?.shell.currentWidget?.content.widgets ?? [])
        .filter(({ model }) => model.type === "code")
        .every(({ model }) => model.trusted),
    );
  }

  /** The outputs of a cell with code, which is scrolled into view. */
  async outputs(cell: number): Promise<Locator> {
    const found = this.page.locator(".jp-CodeCell").nth(cell).locator(".jp-OutputArea").first();
    await found.scrollIntoViewIfNeeded();
    return found;
  }

  /** The figures that Plotly has drawn; waits for as many as there must be. */
  async figures(count: number): Promise<Locator> {
    const drawn = ".jp-OutputArea .js-plotly-plot:has(.main-svg)";
    await this.page.waitForFunction(
      ([selector, wanted]) => document.querySelectorAll(selector).length >= wanted,
      [drawn, count] as const,
      { timeout: 60_000 },
    );
    return this.page.locator(drawn);
  }

  /**
   * Takes a picture of the page, or of a part of it, into the folder of screenshots.
   *
   * @returns its path
   */
  async picture(name: string, part: Locator | null = null): Promise<string> {
    const path = join(screenshotFolder(), `${name}.png`);
    if (part) await part.scrollIntoViewIfNeeded();
    await (part ?? this.page).screenshot({ path, animations: "disabled" });
    return path;
  }

  /** Closes the page without a word about what is not saved. */
  async close(): Promise<void> {
    await this.page.context().close();
  }
}
