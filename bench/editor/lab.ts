import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Browser, type BrowserContext, chromium, type Frame } from 'playwright-core';
import { chromiumOptions } from '../../scripts/lib/chromium.mjs';
import { ensureWorkbench } from '../../scripts/lib/workbench.mjs';
import {
  installExtension,
  makeProfile,
  type Profile,
  type Server,
  startWorkbench,
} from '../../scripts/lib/workbench-server.mjs';
import { until } from '../../test/workbench/wait';
import { Window } from '../../test/workbench/window';
import { type Seen, watchFrame } from './page-watch';

/** The extension in an editor, and a browser that watches its pages. */
export class Lab {
  private constructor(
    readonly browser: Browser,
    readonly context: BrowserContext,
    readonly profile: Profile,
    readonly folder: string,
    readonly server: Server,
  ) {}

  /** Installs the package into a new profile and starts server and browser. */
  static async start(vsix: string): Promise<Lab> {
    const folder = await mkdtemp(path.join(tmpdir(), 'infonce-bench-'));
    const workbench = await ensureWorkbench();
    const profile = makeProfile(folder);
    await installExtension(workbench, profile, vsix);
    const server = await startWorkbench(workbench, profile);
    const browser = await chromium.launch(chromiumOptions);
    // One for all windows: in it lies what the extension keeps for the user, as that TensorFlow was tried and works.
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    await context.addInitScript(watchFrame);
    return new Lab(browser, context, profile, folder, server);
  }

  async stop(): Promise<void> {
    await this.browser.close();
    await this.server.stop();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** An empty folder to be opened. */
  async workspace(name: string): Promise<string> {
    const workspace = path.join(this.folder, 'workspaces', name);
    await mkdir(workspace, { recursive: true });
    return workspace;
  }

  /**
   * A window of the editor, with an extension host of its own. In a workspace that is opened for the first time it has not
   * activated the extension yet.
   */
  async open(workspace: string): Promise<Window> {
    const payload = JSON.stringify([['logLevel', 'infonce-lab.infonce-lab:trace']]);
    const query = new URLSearchParams({ folder: workspace, payload });
    const window = new Window(await this.context.newPage(), `${this.server.address}/?${query.toString()}`);
    await window.load();
    return window;
  }

  /** The folder that the extension was installed into. */
  async extension(): Promise<string> {
    const names = await readdir(this.profile.extensions);
    const name = names.find((entry) => entry.startsWith('infonce-lab.'));
    if (name === undefined) throw new Error(`the extension is not in ${this.profile.extensions}`);
    return path.join(this.profile.extensions, name);
  }

  /** All that the extension has logged, in all windows, in order of their files' names. */
  async log(): Promise<string> {
    const logs = path.join(this.profile.userData, 'logs');
    const names = await readdir(logs, { recursive: true });
    const files = names.filter((name) => path.basename(name) === 'InfoNCE Lab.log').sort();
    const texts = await Promise.all(files.map((name) => readFile(path.join(logs, name), 'utf8')));
    return texts.join('');
  }
}

/** Closes a window for good: its extension host ends, and the trainers with it. */
export async function close(window: Window): Promise<void> {
  await window.page.close();
}

/** What the top frame of a window has seen: the workbench itself. */
export async function seenByWorkbench(window: Window): Promise<Seen> {
  return await window.page.mainFrame().evaluate(() => globalThis.watched);
}

/** The frame of the panel that has a page, and what it has seen. */
export async function seenByPanel(window: Window): Promise<{ frame: Frame; seen: Seen }> {
  return await until('the page of a panel', async () => {
    for (const frame of window.page.frames()) {
      const seen = await frame.evaluate(() => globalThis.watched).catch(() => undefined);
      if (seen?.ready !== undefined) return { frame, seen };
    }
    return undefined;
  });
}

/** When the loss chart of the panel first showed so many steps. */
export async function whenDrawn(window: Window, steps: number): Promise<{ at: number; seen: Seen }> {
  return await until(
    `${steps} steps in the loss chart`,
    async () => {
      const { seen } = await seenByPanel(window);
      const picture = seen.drawn.find((drawn) => drawn.steps >= steps);
      return picture && { at: picture.at, seen };
    },
    60_000,
  );
}
