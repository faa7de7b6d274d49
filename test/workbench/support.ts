import { cp, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, afterEach, beforeAll, inject } from 'vitest';
import { chromiumOptions } from '../../scripts/lib/chromium.mjs';
import {
  makeProfile,
  type Profile,
  type Server,
  startWorkbench,
  writeSettings,
} from '../../scripts/lib/workbench-server.mjs';
import { Window } from './window';

const prepared = inject('prepared');
const pictures = path.join(import.meta.dirname, '../../build/workbench-failures');

export interface LabOptions {
  /** Over the clean settings of a test. */
  readonly settings?: Record<string, unknown>;
  readonly env?: NodeJS.ProcessEnv;
  /** Writes another extension beside ours, into a folder of extensions. */
  readonly addExtension?: (extensions: string) => Promise<void>;
}

/** A server with the packaged extension, a browser, and a folder for the tests' workspaces. */
export class Lab {
  readonly #windows: Window[] = [];

  constructor(
    readonly server: Server,
    readonly profile: Profile,
    readonly folder: string,
    readonly browser: Browser,
  ) {}

  /** A folder to be opened; its name has a blank, as users' folders do. */
  async workspace(name: string): Promise<string> {
    const workspace = path.join(this.folder, 'work spaces', name);
    await mkdir(workspace, { recursive: true });
    return workspace;
  }

  /**
   * A browser page with the workbench, ready for use. What the editor remembers of a user it keeps in the browser: it
   * knows nothing of other windows, unless it is opened in the browser of one.
   */
  async open(workspace: string, like?: Window): Promise<Window> {
    const window = await this.#window({ folder: workspace }, like);
    await window.load();
    return window;
  }

  /** A window in which no folder is open. */
  async openEmpty(): Promise<Window> {
    const window = await this.#window({ ew: 'true' });
    await window.load();
    return window;
  }

  /** A window of a `.code-workspace` file. Where the extension is switched off there is nothing of it to wait for. */
  async openWorkspaceFile(file: string): Promise<Window> {
    const window = await this.#window({ workspace: file });
    await window.page.goto(window.address);
    return window;
  }

  async #window(query: Record<string, string>, like?: Window): Promise<Window> {
    const context =
      like?.page.context() ?? (await this.browser.newContext({ viewport: { width: 1280, height: 800 } }));
    const address = `${this.server.address}/?${new URLSearchParams(query).toString()}`;
    const window = new Window(await context.newPage(), address);
    this.#windows.push(window);
    return window;
  }

  /** The settings that only the machine decides on; in a browser they are the server's. */
  async machineSettings(settings: Record<string, unknown>): Promise<void> {
    const folder = path.join(this.profile.userData, 'Machine');
    await mkdir(folder, { recursive: true });
    await writeFile(path.join(folder, 'settings.json'), JSON.stringify(settings));
  }

  settings(settings: Record<string, unknown>): void {
    writeSettings(this.profile, settings);
  }

  /** Closes all pages; of a test that failed, a picture of each is kept. */
  async closeWindows(failedTest?: string): Promise<void> {
    for (const [index, window] of this.#windows.entries()) {
      if (failedTest !== undefined && !window.page.isClosed()) {
        const name = `${failedTest.replaceAll(/\W+/g, '-')}-${index}.png`;
        await window.page.screenshot({ path: path.join(pictures, name) }).catch(() => undefined);
      }
      await window.page.context().close();
    }
    this.#windows.length = 0;
  }
}

/** Why there can be no tests in a real VS Code here, if so; the set-up has said it. */
export const withoutWorkbench = 'missing' in prepared;

/** Ours and another, in a folder without a list of what was installed: the editor takes all that it finds. */
async function withAnother(
  installed: string,
  extensions: string,
  addExtension: NonNullable<LabOptions['addExtension']>,
): Promise<string> {
  const names = await readdir(installed);
  for (const name of names.filter((entry) => entry.startsWith('infonce-lab.'))) {
    await cp(path.join(installed, name), path.join(extensions, name), { recursive: true });
  }
  await addExtension(extensions);
  return extensions;
}

/** A lab for the tests of a file or a group. */
export function useLab({ settings, env, addExtension }: LabOptions = {}): () => Lab {
  let lab: Lab | undefined;
  beforeAll(async () => {
    if ('missing' in prepared) return;
    const { workbench, extensions } = prepared;
    const folder = await mkdtemp(path.join(tmpdir(), 'infonce-wb-'));
    const own = makeProfile(folder, settings);
    const profile = {
      ...own,
      extensions:
        addExtension === undefined ? extensions : await withAnother(extensions, own.extensions, addExtension),
    };
    const server = await startWorkbench(workbench, profile, env === undefined ? {} : { env });
    const browser = await chromium.launch(chromiumOptions);
    lab = new Lab(server, profile, folder, browser);
  });
  afterEach(async ({ task }) => {
    await lab?.closeWindows(task.result?.state === 'fail' ? task.name : undefined);
  });
  afterAll(async () => {
    await lab?.browser.close();
    await lab?.server.stop();
    if (lab !== undefined) await rm(lab.folder, { recursive: true, force: true });
  });
  return () => {
    if (lab === undefined) throw new Error('there is no workbench');
    return lab;
  };
}
