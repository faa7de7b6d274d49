import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { writePairs } from '../cli/support';
import { trainers } from './processes';
import { useLab, withoutWorkbench } from './support';

const settings = {
  'security.workspace.trust.enabled': true,
  'security.workspace.trust.startupPrompt': 'never',
  'security.workspace.trust.banner': 'never',
};

describe.skipIf(withoutWorkbench)('a folder that is not trusted', () => {
  const lab = useLab({ settings });

  it('is not read, and the way to trust it is shown', async () => {
    const workspace = await lab().workspace('foreign');
    await writePairs(path.join(workspace, 'pairs'));
    const window = await lab().open(workspace);
    await window.showRuns();
    await window.welcome.filter({ hasText: 'only in a workspace that you trust' }).waitFor();
    await window.untilOffered('InfoNCE Lab: Show Log');
    const offers = await window.paletteOffers('InfoNCE Lab:');
    expect(offers.join('\n')).not.toMatch(/Train|Resume|Compare|Export/);
    expect(offers.join('\n')).toMatch(/Show Log/);
    expect(await trainers(lab().profile.extensions)).toEqual([]);
    expect(existsSync(path.join(workspace, '.infonce'))).toBe(false);
  });
});
