import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { useLab, withoutWorkbench } from './support';

const manifest = {
  name: 'memory-files',
  publisher: 'test',
  version: '1.0.0',
  engines: { vscode: '^1.100.0' },
  main: './main.js',
  activationEvents: ['onFileSystem:memory'],
  capabilities: { virtualWorkspaces: true },
};

/** One data file that lies on no disk. */
const program = `
const vscode = require('vscode');
const refuse = (uri) => { throw vscode.FileSystemError.NoPermissions(uri); };
exports.activate = ({ subscriptions }) => {
  const stat = (uri) => {
    if (uri.path === '/') return { type: vscode.FileType.Directory, ctime: 0, mtime: 0, size: 0 };
    if (uri.path === '/data.csv') return { type: vscode.FileType.File, ctime: 0, mtime: 0, size: 20 };
    throw vscode.FileSystemError.FileNotFound(uri);
  };
  const files = {
    onDidChangeFile: new vscode.EventEmitter().event,
    watch: () => new vscode.Disposable(() => {}),
    stat,
    readDirectory: () => [['data.csv', vscode.FileType.File]],
    readFile: () => Buffer.from('anchor,positive\\na,b\\n'),
    createDirectory: refuse, writeFile: refuse, delete: refuse, rename: refuse,
  };
  subscriptions.push(vscode.workspace.registerFileSystemProvider('memory', files, { isReadonly: true }));
};
`;

async function addMemoryFiles(extensions: string): Promise<void> {
  const folder = path.join(extensions, 'test.memory-files-1.0.0');
  await mkdir(folder);
  await writeFile(path.join(folder, 'package.json'), JSON.stringify(manifest));
  await writeFile(path.join(folder, 'main.js'), program);
}

describe.skipIf(withoutWorkbench)('a workspace that lies on no disk', () => {
  const lab = useLab({ addExtension: addMemoryFiles });

  it('has no commands of ours, and the extension says why', async () => {
    const file = path.join(lab().folder, 'virtual.code-workspace');
    await writeFile(file, JSON.stringify({ folders: [{ uri: 'memory:/', name: 'virtual' }] }));
    const window = await lab().openWorkspaceFile(file);
    await window.file('data.csv').then((row) => row.waitFor());
    await window.palette('Extensions: Show Installed Extensions');
    await window.page.locator('.extension-list-item', { hasText: 'InfoNCE Lab' }).first().click();
    const page = window.page.locator('.extension-editor');
    await page.getByText('Training needs files on a disk of the machine that it runs on.').waitFor();
    expect(await window.paletteOffers('InfoNCE Lab: ')).not.toContain('InfoNCE Lab: Train Embedding Model');
  });
});
