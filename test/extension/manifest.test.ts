import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

const root = path.join(import.meta.dirname, '../..');
const text = readFileSync(path.join(root, 'package.json'), 'utf8');
const manifest = JSON.parse(text);
const words: Record<string, string> = JSON.parse(readFileSync(path.join(root, 'package.nls.json'), 'utf8'));
const commands: string[] = manifest.contributes.commands.map(({ command }: { command: string }) => command);

function placed(value: unknown, key: string): string[] {
  if (Array.isArray(value)) return value.flatMap((one) => placed(one, key));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, one]) =>
    name === key && typeof one === 'string' ? [one] : placed(one, key),
  );
}

test('the commands that other programs rely on are there', () => {
  const relied =
    'train trainWithOptions stop resume openPanel compareMethods compareRuns lookUp exportModel exportEmbeddings newConfig openSample deleteRun showLog doctor';
  expect(commands).toEqual(expect.arrayContaining(relied.split(' ').map((name) => `infonce.${name}`)));
});

test('menus and walkthrough name only commands that there are', () => {
  const used = placed(manifest.contributes.menus, 'command');
  const events = [
    ...text.matchAll(/onCommand:([\w.]+)/g),
    ...JSON.stringify(words).matchAll(/command:(infonce[\w.]+)/g),
  ];
  expect(commands).toEqual(expect.arrayContaining([...used, ...events.map(([, name]) => name)]));
});

test('every string for people is in the table of strings, and none is left over', () => {
  const used = new Set([...text.matchAll(/"%([\w.]+)%"/g)].map(([, key]) => key as string));
  expect([...used].sort()).toEqual(Object.keys(words).sort());
});

test('every file that is named is there', () => {
  const icons = [
    manifest.icon,
    ...placed(manifest.contributes, 'icon').filter((icon) => !icon.startsWith('$(')),
  ];
  const files = [...icons, ...placed(manifest.contributes, 'svg'), ...placed(manifest.contributes, 'url')];
  expect(files.filter((file) => !existsSync(path.join(root, file)))).toEqual([]);
  expect(files.length).toBeGreaterThan(7);
});

test('nothing runs before it is asked for, and nothing is read before trust', () => {
  expect(manifest.activationEvents).toEqual([
    'onWebviewPanel:infonce.panel',
    'workspaceContains:.infonce/open',
    'workspaceContains:.infonce/runs',
  ]);
  expect(manifest.capabilities.untrustedWorkspaces.supported).toBe('limited');
  expect(manifest.capabilities.virtualWorkspaces.supported).toBe(false);
  const settings = Object.keys(manifest.contributes.configuration.properties);
  expect(manifest.capabilities.untrustedWorkspaces.restrictedConfigurations).toEqual(settings);
});
