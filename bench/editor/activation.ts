import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { root } from '../../scripts/lib/places.mjs';
import { until } from '../../test/workbench/wait';
import type { Window } from '../../test/workbench/window';
import type { Bench } from './bench';
import { close } from './lab';

/** Milliseconds that VS Code itself says of our code: loading the module and calling `activate`. */
async function activationTime(window: Window): Promise<number> {
  // The list holds what is in sight only.
  await window.page.setViewportSize({ width: 1280, height: 2_400 });
  await window.showRuns();
  await window.palette('Developer: Show Running Extensions');
  const row = window.page.locator('.runtime-extensions-editor .extension', { hasText: 'InfoNCE Lab' });
  const text = await until('the time of the activation', async () => {
    const shown = await row.locator('.activation-time').first().textContent();
    return /: (\d+)ms/.exec(shown ?? '')?.[1];
  });
  return Number(text);
}

/** The same without an editor: a new Node each time, and a `vscode` that takes everything and does nothing. */
function standaloneTime(extension: string): number {
  const lib = path.join(root, 'bench/lib');
  const env = { ...process.env, NODE_PATH: path.join(lib, 'no-editor') };
  const script = [path.join(lib, 'activate.cjs'), extension];
  return Number(execFileSync(process.execPath, script, { env, encoding: 'utf8' }));
}

/** Each sample is of an extension host that has just been started. */
export const activation: Bench = async ({ lab, repetitions }) => {
  const extension = await lab.extension();
  const inEditor: number[] = [];
  const standalone: number[] = [];
  for (let i = 0; i < repetitions; i++) {
    const window = await lab.open(await lab.workspace(`activation-${i}`));
    inEditor.push(await activationTime(window));
    await close(window);
    standalone.push(standaloneTime(extension));
  }
  const common = { of: 'median', unit: 'ms', bound: 50 } as const;
  return [
    { ...common, name: 'activation, as VS Code tells it', samples: inEditor },
    { ...common, name: 'activation in a bare Node', samples: standalone },
  ];
};
