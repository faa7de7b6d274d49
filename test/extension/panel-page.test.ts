import { mkdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { neighboursAsCsv, neighboursAsJsonLines } from '../../src/extension/panel/csv';
import { inNeighbours } from '../../src/extension/panel/fit';
import { Images } from '../../src/extension/panel/images';
import { pageHtml, plainHtml } from '../../src/extension/panel/page';
import { fileInside, rootOf } from '../../src/extension/panel/places';
import type { ItemView, NeighbourAnswer } from '../../src/protocol/explore';
import { temporaryFolder } from '../cli/support';

const parts = {
  cspSource: 'https://*.vscode-cdn.net',
  script: 'https://file+.vscode-resource.vscode-cdn.net/dist/webview.js',
  style: 'https://file+.vscode-resource.vscode-cdn.net/dist/webview.css',
  language: 'en',
  title: '<img src=x onerror=alert(1)> & "run"',
};

function policyOf(html: string): Map<string, string> {
  const [, content = ''] = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html) ?? [];
  const text = content.replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)));
  return new Map(
    text.split('; ').map((directive) => {
      const [name = '', ...values] = directive.split(' ');
      return [name, values.join(' ')];
    }),
  );
}

describe('the page', () => {
  it('lets one script run, by a nonce of its own', () => {
    const html = pageHtml(parts);
    const policy = policyOf(html);
    expect(policy.get('default-src')).toBe("'none'");
    const [, nonce] = /^'nonce-([\w-]{22})'$/.exec(policy.get('script-src') ?? '') ?? [];
    expect(html.match(/<script/g)).toHaveLength(1);
    expect(html).toContain(`<script nonce="${nonce}" src="${parts.script}"`);
    expect(policyOf(pageHtml(parts)).get('script-src')).not.toBe(policy.get('script-src'));
  });

  it('allows nothing that is written into the page or evaluated, and no other host', () => {
    const policy = policyOf(pageHtml(parts));
    expect([...policy.keys()]).toEqual(['default-src', 'script-src', 'style-src', 'font-src', 'img-src']);
    expect([...policy.values()].join(' ')).not.toMatch(/unsafe|\*(?!\.vscode-cdn)|http:/);
    expect(policy.get('img-src')).toBe(`${parts.cspSource} blob: data:`);
    expect(pageHtml(parts)).not.toMatch(/style=|<style/);
  });

  it('shows names as text', () => {
    for (const html of [pageHtml(parts), plainHtml(parts, [parts.title])]) {
      expect(html).not.toContain('<img');
      expect(html).toContain('&#60;img src=x onerror=alert(1)&#62; &#38; &#34;run&#34;');
    }
  });

  it('runs nothing where there is nothing to show', () => {
    const html = plainHtml(parts, ['It is gone.']);
    expect(html).not.toContain('<script');
    expect(policyOf(html).has('script-src')).toBe(false);
  });
});

describe('files of a dataset', () => {
  it.each(['a.png', 'deep/b.png', './c.csv', 'deep/../d.csv', '..a/e.png'])('opens %s', (name) => {
    expect(fileInside('/data/set', name)).toBe(path.resolve('/data/set', name));
  });

  it.each(['../secret', '/etc/passwd', 'a/../../secret', '..', '.', '', 'a\0.png', '/data/settings'])(
    'refuses %j, which leads out of it',
    (name) => {
      expect(() => fileInside('/data/set', name)).toThrow(/outside the dataset folder \/data\/set/);
    },
  );

  it('begins at the folder of a single file', async () => {
    const folder = await temporaryFolder();
    const file = path.join(folder, 'rows.csv');
    await writeFile(file, 'a,b\n');
    const named = path.join(folder, 'folder.csv');
    await mkdir(named);
    expect([rootOf(file), rootOf(folder), rootOf(named), rootOf('/not/there')]).toEqual([
      folder,
      folder,
      named,
      '/not/there',
    ]);
  });

  it('gives addresses to images inside only', () => {
    const images = new Images('/data/set', (file) => `webview:${file}`);
    const inside: ItemView = { row: 0, id: 'a', path: 'cat/1.png' };
    expect(images.show(inside).image).toBe('webview:/data/set/cat/1.png');
    expect(images.show({ row: 1, id: 'b', path: '../../1.png' })).not.toHaveProperty('image');
    expect(images.show({ row: 2, id: 'c', content: 'text' })).toEqual({ row: 2, id: 'c', content: 'text' });
    const found: NeighbourAnswer = {
      query: { row: 0, id: 'a', path: 'q.png' },
      rows: [{ row: 1, id: 'b', path: 'r.png', rank: 1, similarity: 0.5 }],
      left: [{ row: 2, id: 'c', path: 'l.png', rank: 1, similarity: 0.4 }],
      source: 'the trained model',
      searched: 2,
      of: 2,
    };
    const answer = inNeighbours(found, images.show);
    expect([answer.query, ...answer.rows, ...(answer.left ?? [])].map((item) => item?.image)).toEqual([
      'webview:/data/set/q.png',
      'webview:/data/set/r.png',
      'webview:/data/set/l.png',
    ]);
  });

  it('sends a small image from elsewhere along, a large one or another file not', async () => {
    const folder = await temporaryFolder();
    const images = new Images(path.join(folder, 'set'), (file) => `webview:${file}`);
    await mkdir(path.join(folder, 'set'));
    const bytes = Buffer.from('89504e47', 'hex');
    await writeFile(path.join(folder, 'small.png'), bytes);
    await writeFile(path.join(folder, 'large.png'), Buffer.alloc(1_000_000));
    await writeFile(path.join(folder, 'page.svg'), '<svg/>');
    await symlink(path.join(folder, 'gone.png'), path.join(folder, 'broken.png'));
    const chosen = async (name: string): Promise<string | undefined> =>
      images.chosen(path.join(folder, name));
    expect(await chosen('small.png')).toBe(`data:image/png;base64,${bytes.toString('base64')}`);
    expect(await chosen('set/in.png')).toBe(`webview:${path.join(folder, 'set/in.png')}`);
    for (const name of ['large.png', 'page.svg', 'broken.png']) expect(await chosen(name)).toBeUndefined();
  });
});

describe('saved neighbours', () => {
  const row = { row: 3, id: 'x', rank: 1, similarity: 0.25 };

  it('quotes cells, and keeps a spreadsheet from running them', () => {
    const csv = neighboursAsCsv([
      { ...row, content: '=HYPERLINK("http://a")', label: '-1+1', file: 'a,b.csv', line: 7 },
      { ...row, content: 'two\nlines', label: '@sum', split: 'dev' },
      { ...row, similarity: -0.5, content: '\t=1', path: '+a.png', image: 'webview:x' },
    ]);
    expect(csv).toBe(
      [
        'rank,similarity,id,content,path,label,split,file,line,row',
        `1,0.25,x,"'=HYPERLINK(""http://a"")",,'-1+1,,"a,b.csv",7,3`,
        `1,0.25,x,"two\nlines",,'@sum,dev,,,3`,
        `1,-0.5,x,'\t=1,'+a.png,,,,,3`,
        '',
      ].join('\r\n'),
    );
  });

  it('writes one object a line, without addresses of the page', () => {
    const text = neighboursAsJsonLines([{ ...row, content: 'a\nb', path: 'a.png', image: 'webview:x' }, row]);
    expect(text.split('\n')).toHaveLength(3);
    expect(
      text
        .trim()
        .split('\n')
        .map((line): unknown => JSON.parse(line)),
    ).toEqual([{ ...row, content: 'a\nb', path: 'a.png' }, row]);
  });
});
