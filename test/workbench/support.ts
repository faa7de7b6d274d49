import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
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
    const context =
      like?.page.context() ?? (await this.browser.newContext({ viewport: { width: 1280, height: 800 } }));
    const window = new Window(
      await context.newPage(),
      `${this.server.address}/?folder=${encodeURIComponent(workspace)}`,
    );
    this.#windows.push(window);
    await window.load();
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

/** A lab for the tests of a file or a group. */
export function useLab({ settings, env }: LabOptions = {}): () => Lab {
  let lab: Lab | undefined;
  beforeAll(async () => {
    if ('missing' in prepared) return;
    const { workbench, extensions } = prepared;
    const folder = await mkdtemp(path.join(tmpdir(), 'infonce-wb-'));
    const profile = { ...makeProfile(folder, settings), extensions };
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
