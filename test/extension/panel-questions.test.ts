import path from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { CancellationTokenSource, type ResponseError } from 'vscode-jsonrpc/node';
import { type ForkedProgram, forkProgram } from '../../src/extension/fork';
import { Explorer, type ExplorerOptions } from '../../src/extension/panel/explorer';
import { RunFeed } from '../../src/extension/panel/feed';
import { Images } from '../../src/extension/panel/images';
import { answerQuestions } from '../../src/extension/panel/questions';
import { buildProgram, jsonLines, run, sharedFolder } from '../cli/support';
import { openPage, runsWith, type TestPage, trainRun } from './panel-support';

const root = path.join(import.meta.dirname, '../..');
const { token } = new CancellationTokenSource();
let trained = '';

beforeAll(async () => {
  buildProgram();
  trained = await trainRun(await sharedFolder(), 120, '--epochs', '3');
}, 120_000);

interface Started {
  readonly explorer: Explorer;
  readonly programs: ForkedProgram[];
}

function explorerOf(options: Partial<ExplorerOptions> = {}): Started {
  const programs: ForkedProgram[] = [];
  const explorer = new Explorer({
    run: trained,
    async fork() {
      const program = forkProgram({
        module: path.join(root, 'dist/trainer.js'),
        args: ['explore'],
        cwd: root,
        environment: {},
        onLine: () => undefined,
      });
      programs.push(program);
      return program;
    },
    onProgress: () => undefined,
    ...options,
  });
  onTestFinished(() => explorer.dispose());
  return { explorer, programs };
}

function pageOf({ explorer }: Started): TestPage {
  const feed = new RunFeed(path.basename(trained), runsWith(trained));
  return openPage([feed], ({ page }) => {
    answerQuestions(page, {
      explorerOf: () => explorer,
      imagesOf: () => new Images('/data', (file) => file),
      folderOf: () => trained,
      pickImage: async () => undefined,
      saveNeighbours: async () => ({ saved: false }),
      onFault: () => undefined,
    });
  });
}

const neighbours = { query: { row: 0 }, k: 5, at: 'final' } as const;

describe('the questions of a page', () => {
  it('are answered as `infonce neighbours` answers them', async () => {
    const page = pageOf(explorerOf());
    const answer = await page.host.request('neighbours', {
      run: path.basename(trained),
      query: { text: 'who made the lamp for the smith' },
      k: 5,
      at: 'final',
    });
    const args = ['neighbours', trained, '--text', 'who made the lamp for the smith', '-k', '5', '--json'];
    const lines = jsonLines((await run(args, root)).stdout);
    const expected = lines.flatMap((line) =>
      Array.isArray(line['neighbours']) ? line['neighbours'] : line,
    ) as {
      id: string;
      similarity: number;
    }[];
    expect(answer.rows.map(({ id }) => id)).toEqual(expected.map(({ id }) => id));
    answer.rows.forEach(({ similarity }, i) =>
      expect(similarity).toBeCloseTo(expected[i]?.similarity as number, 5),
    );
  });

  it('carry typed arrays that own their memory', async () => {
    const page = pageOf(explorerOf());
    const run = path.basename(trained);
    const map = await page.host.request('map', { run, at: 'final', method: 'pca' });
    const points = await page.host.request('mapPoints', { run, map: map.map, from: 0 });
    expect(points.xy).toHaveLength(2 * map.points);
    expect(points.xy.buffer.byteLength).toBe(points.xy.byteLength);
    expect(points.row.every((row) => row >= 0)).toBe(true);
  });

  it.each([
    ['a number out of its bounds', { ...neighbours, k: 1_000_000 }, /"neighbours" is refused \(k: /],
    ['an unknown position', { ...neighbours, at: 'first' }, /refused \(at: /],
    ['a question without a run', { ...neighbours, run: undefined }, /refused \(run: /],
    ['no question', null, /refused/],
  ])('are refused in a sentence: %s', async (_, question, sentence) => {
    const started = explorerOf();
    const page = pageOf(started);
    const asked = question && { run: path.basename(trained), ...question };
    await expect(page.host.request('neighbours', asked as never)).rejects.toThrow(sentence);
    expect(started.programs).toHaveLength(0);
  });

  it('pass on what the explorer says of them, as it is', async () => {
    const page = pageOf(explorerOf());
    const asked = page.host.request('neighbours', { run: 'x', query: { row: 1_000_000 }, k: 1, at: 'final' });
    const error = await asked.then(
      () => undefined,
      (reason: ResponseError<{ code: string }>) => reason,
    );
    expect(error?.message).toMatch(/1,?000,?000/);
    expect(error?.message).not.toMatch(/failed with message/);
  });

  it('are dropped when a newer one of the same kind comes', async () => {
    const page = pageOf(explorerOf());
    const ask = (row: number): Promise<unknown> =>
      page.host.request('neighbours', { run: 'x', query: { row }, k: 1, at: 'final' });
    const [first, second] = await Promise.allSettled([ask(0), ask(1)]);
    expect(first).toMatchObject({ status: 'rejected', reason: { code: -32_800 } });
    expect(second).toMatchObject({ status: 'fulfilled', value: { query: { row: 1 } } });
  });
});

describe('the explorer process', () => {
  it('starts with the first question and ends after a while without one', async () => {
    const { explorer, programs } = explorerOf({ idleMs: 200 });
    expect(programs).toHaveLength(0);
    const { items } = await explorer.items(token);
    await explorer.ask('neighbours', neighbours, token);
    expect(items).toBeGreaterThan(100);
    expect(programs).toHaveLength(1);
    expect(await programs[0]?.ended).toMatchObject({ code: 0, signal: null });
    await explorer.ask('neighbours', neighbours, token);
    expect(programs).toHaveLength(2);
  });

  it('is started again after it was killed, and every question hears of it', async () => {
    const { explorer, programs } = explorerOf();
    await explorer.items(token);
    const open = [0, 1, 2].map(
      async (row) => await explorer.ask('neighbours', { ...neighbours, query: { row } }, token),
    );
    programs[0]?.kill('SIGKILL');
    for (const { status, reason } of (await Promise.allSettled(open)) as PromiseRejectedResult[]) {
      expect(status).toBe('rejected');
      expect((reason as Error).message).toMatch(/ended by SIGKILL, perhaps because memory ran out/);
    }
    expect((await explorer.ask('neighbours', neighbours, token)).rows).toHaveLength(5);
    expect(programs).toHaveLength(2);
  });

  it('is not started for ever', async () => {
    const { explorer, programs } = explorerOf();
    for (let i = 0; i < 2; i++) {
      const asked = explorer.items(token);
      while (programs.length <= i) await new Promise((resolve) => setTimeout(resolve, 1));
      programs[i]?.kill('SIGKILL');
      await expect(asked).rejects.toThrow('SIGKILL');
    }
    await expect(explorer.items(token)).rejects.toThrow(/ended 2 times .* not started again/);
    expect(programs).toHaveLength(2);
  });

  it('says what it wrote last when it cannot run', async () => {
    const { explorer } = explorerOf({
      fork: async () =>
        forkProgram({
          module: path.join(root, 'dist/trainer.js'),
          args: ['no such role'],
          cwd: root,
          environment: {},
          onLine: () => undefined,
        }),
    });
    await expect(explorer.items(token)).rejects.toThrow(
      /exit code 1.*no such role|no such role.*exit code 1/s,
    );
  });

  it('names a run that is not there', async () => {
    const { explorer } = explorerOf({ run: path.join(trained, 'gone') });
    await expect(explorer.items(token)).rejects.toThrow(/gone is not a run/);
  });

  it('ends with its panel, and what was asked is answered with a sentence', async () => {
    const { explorer, programs } = explorerOf();
    await explorer.items(token);
    const asked = explorer.ask('neighbours', neighbours, token);
    explorer.dispose();
    await expect(asked).rejects.toThrow(/panel was closed/);
    expect(await programs[0]?.ended).toMatchObject({ signal: null });
    await expect(explorer.items(token)).rejects.toThrow(/panel was closed/);
  });
});
