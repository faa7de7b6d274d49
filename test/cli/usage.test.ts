import { execFileSync } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { buildProgram, cli, jsonLines, run, temporaryFolder, writePairs } from './support';

beforeAll(buildProgram);

test('help and version end well', async () => {
  const folder = await temporaryFolder();
  const help = await run(['--help'], folder);
  expect([help.code, help.stderr]).toEqual([0, '']);
  for (const name of ['inspect', 'train', 'resume', 'evaluate', 'neighbours', 'embed', 'runs', 'doctor']) {
    expect(help.stdout).toContain(`\n  ${name} `);
  }
  const { version } = JSON.parse(
    await readFile(path.join(import.meta.dirname, '../../package.json'), 'utf8'),
  ) as { version: string };
  expect(await run(['--version'], folder)).toMatchObject({ code: 0, stdout: `${version}\n`, stderr: '' });
});

test.each([
  [[], /Usage: infonce/],
  [['tran', 'x'], /^error: unknown command 'tran' \(Did you mean train\?\)\n$/],
  [['train'], /missing required argument 'folder'/],
  [['train', 'x', '--fast'], /unknown option '--fast'/],
  [['train', 'x', '--epochs', '0'], /'--epochs <n>' argument '0' .* whole number from 1 to 100,000\./],
  [['train', 'x', '--epochs', '1.5'], /'--epochs <n>' argument '1.5'/],
  [['train', 'x', '--epochs', 'ten'], /'--epochs <n>' argument 'ten'/],
  [['train', 'x', '--batch-size', '1'], /'--batch-size <n>' argument '1'/],
  [['train', 'x', '--temperature', '-1'], /'--temperature <t>' argument '-1' .* number from 0\.001 to 100\./],
  [['train', 'x', '--temperature', '0x1'], /'--temperature <t>' argument '0x1'/],
  [['train', 'x', '--learning-rate', 'NaN'], /'--learning-rate <l>' argument 'NaN'/],
  [['train', 'x', '--seed', '1e99'], /'--seed <n>' argument '1e99'/],
  [['train', 'x', '--objective', 'triplet'], /'--objective <name>' argument 'triplet'/],
  [['neighbours', 'x', '--text', 'a', '-k', '0'], /'-k <n>' argument '0'/],
  [['evaluate', 'x', '--split', 'all'], /'--split <split>' argument 'all'/],
  [['embed', 'x', 'y'], /'--out <file>' not specified/],
])('%j is refused with exit code 2', async (args, message) => {
  const { code, stdout, stderr } = await run(args, await temporaryFolder());
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(message);
});

async function oneUser(folder: string): Promise<string[]> {
  const rows = Array.from({ length: 40 }, (_, i) => `u1,i${i}\n`);
  await writeFile(path.join(folder, 'a.csv'), `user,item\n${rows.join('')}`);
  return ['train', '.'];
}

describe('what the user can mend is one line, and with --json one event', () => {
  const cases: [string, (folder: string) => Promise<string[]>, string][] = [
    ['a folder that is not there', () => Promise.resolve(['train', 'missing']), 'no folder or file missing'],
    ['a folder of runs that is not there', () => Promise.resolve(['runs', 'missing']), 'no folder missing'],
    ['a single user', oneUser, 'the one user "u1"'],
    [
      'an empty folder',
      async (folder) => {
        await mkdir(path.join(folder, 'empty'));
        return ['train', 'empty'];
      },
      '',
    ],
    [
      'a folder of documents',
      async (folder) => {
        await writeFile(path.join(folder, 'a.pdf'), '%PDF-1.7');
        return ['train', '.'];
      },
      'pdf',
    ],
    [
      'an unclosed quote',
      async (folder) => {
        await writeFile(path.join(folder, 'a.csv'), 'anchor,positive\n"a,b\nc,d\n');
        return ['train', '.'];
      },
      'a.csv',
    ],
    [
      'a wrong setting in infonce.json',
      async (folder) => {
        await writePairs(folder);
        await writeFile(path.join(folder, 'infonce.json'), '{"train": {"temperature": "low"}}');
        return ['train', '.'];
      },
      'train.temperature',
    ],
    [
      'a config file that is not there',
      async (folder) => {
        await writePairs(folder);
        return ['train', '.', '--config', 'other.json'];
      },
      'other.json',
    ],
    [
      'a config file with an unknown key',
      async (folder) => {
        await writePairs(folder);
        await writeFile(path.join(folder, 'other.json'), '{"colums": {}}');
        return ['train', '.', '--config', 'other.json'];
      },
      'colums',
    ],
    [
      'runs where a file is',
      async (folder) => {
        await writePairs(path.join(folder, 'data'));
        await writeFile(path.join(folder, 'file'), '');
        return ['train', 'data', '--runs', 'file/runs'];
      },
      'file/runs',
    ],
    ['no run', () => Promise.resolve(['resume', 'nowhere']), 'nowhere'],
    ['no run to look up', () => Promise.resolve(['neighbours', 'nowhere', '--text', 'a']), 'nowhere'],
    [
      'two queries',
      () => Promise.resolve(['neighbours', 'x', '--text', 'a', '--item', 'b']),
      '--text, --image',
    ],
    [
      'a run of a newer version',
      async (folder) => {
        await writeFile(path.join(folder, 'run.json'), '{"formatVersion": 9}');
        return ['evaluate', '.'];
      },
      'update the program',
    ],
    [
      'a message with line breaks in its data',
      () => Promise.resolve(['train', 'no\nsuch\u001b[31m folder']),
      'no such [31m folder',
    ],
  ];
  test.each(cases)('%s', async (_what, prepare, words) => {
    const folder = await temporaryFolder();
    const args = await prepare(folder);
    const plain = await run(args, folder);
    expect([plain.code, plain.stdout]).toEqual([2, '']);
    expect(plain.stderr).toMatch(/^error: [^\n]+\n$/);
    expect(plain.stderr).toContain(words);
    const json = await run([...args, '--json'], folder);
    expect([json.code, json.stderr]).toEqual([2, plain.stderr]);
    expect(jsonLines(json.stdout)).toEqual([
      expect.objectContaining({ event: 'failed', code: expect.any(String), message: expect.any(String) }),
    ]);
  });
});

test('inspect shows what is there, and is one object with --json', async () => {
  const folder = await temporaryFolder();
  await writePairs(path.join(folder, 'data'));
  const json = await run(['inspect', 'data', '--json'], folder);
  expect(json.code).toBe(0);
  expect(jsonLines(json.stdout)).toEqual([
    expect.objectContaining({
      layout: 'pairs',
      ready: true,
      columns: { anchor: 'anchor', positive: 'positive' },
    }),
  ]);
  const shown = await run(['inspect', 'data'], folder);
  expect([shown.code, shown.stderr]).toEqual([0, '']);
  expect(shown.stdout).toMatch(/^data: text pairs, ready to train\n/);
  expect(shown.stdout).toContain('who made the cup number 0');
});

test('inspect of a folder that cannot be trained on says so, once', async () => {
  const folder = await temporaryFolder();
  const json = await run(['inspect', '.', '--json'], folder);
  expect(json.code).toBe(2);
  expect(json.stderr).toMatch(/^error: [^\n]+\n$/);
  expect(jsonLines(json.stdout)).toEqual([expect.objectContaining({ layout: null, ready: false })]);
});

test('a folder without runs has none', async () => {
  const folder = await temporaryFolder();
  expect(await run(['runs', '--json'], folder)).toMatchObject({ code: 0, stdout: '', stderr: '' });
  expect((await run(['runs'], folder)).stdout).toMatch(/^No runs in /);
});

test('doctor answers with one object, and its exit code is the answer', async () => {
  const { code, stdout } = await run(['doctor', '--json'], await temporaryFolder());
  const [report] = jsonLines(stdout) as [{ ok: boolean; checks: { name: string; ok: boolean }[] }];
  expect(code).toBe(report.ok ? 0 : 2);
  expect(report.checks.map(({ name }) => name)).toContain('Native TensorFlow');
});

test('a reader that leaves ends it quietly', async () => {
  const folder = await temporaryFolder();
  await writePairs(path.join(folder, 'data'));
  const script = `"$1" "$2" inspect data --json 2>err | true; echo "\${PIPESTATUS[0]}"; cat err`;
  const output = execFileSync('bash', ['-c', script, 'bash', process.execPath, cli], {
    cwd: folder,
    encoding: 'utf8',
  });
  expect(output).toBe('0\n');
});
