import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { describe, expect, inject, it } from 'vitest';

const prepared = inject('prepared');

describe.skipIf('missing' in prepared)('the package', () => {
  const vsix = 'vsix' in prepared ? prepared.vsix : '';
  const python = (script: string): string =>
    execFileSync(
      'python3',
      ['-c', `import sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); ${script}`, vsix],
      {
        encoding: 'utf8',
        maxBuffer: 1 << 24,
      },
    );
  const names = (): string[] => python("print('\\n'.join(z.namelist()))").trim().split('\n');
  const read = (name: string): string => python(`print(z.read('${name}').decode())`);

  it('stays below 25 MB', () => {
    expect(statSync(vsix).size).toBeLessThan(25e6);
  });

  it('holds the program, its pictures and the compiled parts of this platform, and nothing else', () => {
    const files = names().map((name) => name.replace(/^extension\//, ''));
    const allowed = [
      /^(\[Content_Types\]\.xml|extension\.vsixmanifest)$/,
      /^(package(\.nls)?\.json|readme\.md|changelog\.md|LICENSE\.txt|THIRD_PARTY_NOTICES\.txt)$/,
      /^dist\/[\w-]+\.(js|css|ttf|py|json)$/,
      /^dist\/native\/(tfjs_binding\.node|stderr\.node|manifest\.json)$/,
      /^dist\/node_modules\/(sharp|tokenizers|detect-libc|semver|@img\/(colour|sharp-linux-x64|sharp-libvips-linux-x64))\//,
      /^(media|l10n)\//,
    ];
    expect(files.filter((file) => !allowed.some((pattern) => pattern.test(file)))).toEqual([]);
    for (const file of ['cli', 'extension', 'set-up', 'trainer', 'webview']) {
      expect(files).toContain(`dist/${file}.js`);
    }
    expect(files.filter((file) => /\.(map|ts|mts|cts)$/.test(file))).toEqual([]);
    const compiled = files.filter((file) => file.startsWith('dist/node_modules') && file.endsWith('.node'));
    expect(
      compiled.map((file) =>
        file
          .split('/')
          .at(-1)
          ?.replace(/-[\d.]+\.node$/, '.node'),
      ),
    ).toEqual(expect.arrayContaining(['sharp-linux-x64.node', 'tokenizers.linux-x64-gnu.node']));
    expect(compiled).toHaveLength(2);
  });

  it('names the licence of everything that is not ours', () => {
    const notices = read('extension/THIRD_PARTY_NOTICES.txt');
    const named = new Set([...notices.matchAll(/^(\S+) \d\S*\nLicence: /gm)].map(([, name]) => name));
    const packages = names().flatMap(
      (name) => /dist\/node_modules\/((@[\w-]+\/)?[\w-]+)\//.exec(name)?.[1] ?? [],
    );
    const bundled = ['lit-html', 'uplot', 'zod', '@tensorflow/tfjs-core', '@vscode/codicons'];
    expect([...packages, ...bundled].filter((name) => !named.has(name))).toEqual([]);
    expect(notices.match(/^Licence: /gm)?.length).toBe(notices.match(/^-{79}$/gm)?.length);
  });

  it('has a page for those who have no clone, with its pictures in it', () => {
    const page = read('extension/readme.md');
    expect(page).toContain('](data:image/png;base64,');
    expect(page).not.toMatch(/\]\((?!data:)/);
    expect(page.replaceAll(/data:[^)]*/g, '')).not.toContain('npm');
  });

  it('leaves out what only a clone needs', () => {
    const manifest = JSON.parse(read('extension/package.json')) as Record<string, unknown>;
    expect(Object.keys(manifest)).not.toEqual(expect.arrayContaining(['devDependencies']));
    expect(manifest).not.toHaveProperty('scripts');
    expect(read('extension.vsixmanifest')).toContain('TargetPlatform="linux-x64"');
  });
});
