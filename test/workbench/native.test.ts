import { mkdtempSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { cacheFolder, libraryFolder, readSpecification } from '../../scripts/lib/places.mjs';
import { remove } from '../../scripts/lib/scratch.mjs';
import { writeSettings, writeVectors } from './data';
import { newestRun } from './runs';
import { type Lab, useLab, withoutWorkbench } from './support';
import type { Window } from './window';

/** A machine on which nothing was ever set up. */
const cache = mkdtempSync(path.join(tmpdir(), 'infonce-empty-'));
afterAll(() => remove(cache));
const env = { XDG_CACHE_HOME: cache };

const question = /has to be set up once/;

async function beginTraining(
  lab: Lab,
  name: string,
  like?: Window,
): Promise<{ workspace: string; window: Window }> {
  const workspace = await lab.workspace(name);
  await writeVectors(path.join(workspace, 'vectors'));
  await writeSettings(path.join(workspace, 'vectors'), { epochs: 20 });
  const window = await lab.open(workspace, like);
  await window.fromContextMenu(['vectors'], 'Train Embedding Model');
  return { workspace, window };
}

describe.skipIf(withoutWorkbench)('without native TensorFlow', () => {
  const lab = useLab({ env });

  it('is asked once; who refuses trains on JavaScript, and is told', async () => {
    const { workspace, window } = await beginTraining(lab(), 'refused');
    await window.answer(question, 'Use JavaScript (slow)');
    await window.status.filter({ hasText: 'JavaScript backend (slow)' }).waitFor();
    const panel = await window.panel();
    await panel.frame.getByTestId('backend-note').waitFor();
    await panel.untilState('completed', 110_000);
    expect((await newestRun(workspace)).record.environment.backend).toBe('javascript');

    const again = await beginTraining(lab(), 'asked-once', window);
    await (await again.window.panel()).untilState('completed');
    expect(await again.window.notification(question).count()).toBe(0);
  });
});

describe.skipIf(withoutWorkbench)('a library of the user', () => {
  const lab = useLab({ env });

  it('is taken from where the setting points, and a wrong folder is named', async () => {
    const wrong = path.join(lab().folder, 'wrong');
    await mkdir(wrong);
    await writeFile(path.join(wrong, 'libtensorflow_cc.so.2'), 'no library');
    await lab().machineSettings({ 'infonce.libtensorflowFolder': wrong });
    const { window } = await beginTraining(lab(), 'wrong');
    await window.notification('libtensorflow_framework.so.2 is not in').waitFor();
    await (await window.panel()).untilState('completed');

    await lab().machineSettings({
      'infonce.libtensorflowFolder': libraryFolder(readSpecification(), cacheFolder()),
    });
    const { workspace, window: right } = await beginTraining(lab(), 'right');
    await (await right.panel()).untilState('completed');
    expect((await newestRun(workspace)).record.environment.backend).toBe('tensorflow');
  });
});

// 270 MB each time.
const mayDownload = process.env.INFONCE_TEST_DOWNLOAD !== undefined;

describe.skipIf(withoutWorkbench || !mayDownload)('the set-up at first use', () => {
  const lab = useLab({ env });

  it('fetches the library, which then serves', { timeout: 900_000 }, async () => {
    const { workspace, window } = await beginTraining(lab(), 'fetched');
    await window.answer(question, 'Set up (about 270 MB)');
    await (await window.panel()).untilState('completed', 800_000);
    expect((await newestRun(workspace)).record.environment.backend).toBe('tensorflow');
  });
});
