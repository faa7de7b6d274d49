import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { jsonLines, run, writePairs } from '../cli/support';
import { Agent, addAgent } from './agent';
import { writeSettings, writeVectors } from './data';
import { trainers } from './processes';
import { newestRun, runFolders, trainBefore } from './runs';
import { useLab, withoutWorkbench } from './support';
import { until } from './wait';

const question = 'who made the lamp for the weaver';

interface Item {
  readonly id: string;
  readonly row: number;
  readonly text?: string;
  readonly label?: string;
  readonly split?: string;
  readonly source?: string;
}
interface Metrics {
  readonly run: string;
  readonly state: string;
  readonly final: object;
  readonly settings: object;
  readonly health: readonly object[];
  readonly evaluations: readonly { readonly step: number; readonly trainLoss: number }[];
}
interface Listed {
  readonly run: string;
  readonly state: string;
}
interface Confusions {
  readonly labels: readonly object[];
  readonly labelsCountedOver: number;
  readonly pairs: readonly { readonly first: Item; readonly second: Item; readonly similarity: number }[];
}
interface Neighbours {
  readonly neighbours: readonly (Item & { readonly rank: number; readonly similarity: number })[];
}

/** To the digits of the tools' answers. */
function rounded(metrics: object | undefined): object {
  return Object.fromEntries(
    Object.entries(metrics ?? {}).map(([name, value]) => [
      name,
      typeof value === 'number' ? Number(value.toPrecision(6)) : value,
    ]),
  );
}

/** To the digits that the command line shows as well. */
function comparable({ neighbours }: Neighbours): object[] {
  return neighbours.map(({ id, text, similarity, source }) => ({
    id,
    text,
    similarity: Number(similarity.toPrecision(5)),
    source,
  }));
}

let exchange = '';
const lab = useLab({
  async addExtension(extensions) {
    exchange = path.join(path.dirname(extensions), 'exchange');
    await addAgent(extensions, exchange);
  },
});

describe.skipIf(withoutWorkbench)('an agent', () => {
  it('learns of runs what the run folder and the command line say', async () => {
    const workspace = await lab().workspace('tools-read');
    await writePairs(path.join(workspace, 'pairs'));
    await writeSettings(path.join(workspace, 'pairs'), { epochs: 4 });
    await writeFile(path.join(workspace, 'question.txt'), `${question}\n`);
    await Promise.all([trainBefore(workspace, 'pairs', '--name', 'lamps'), lab().open(workspace)]);
    const { folder, record, log } = await newestRun(workspace);
    const agent = new Agent(exchange, workspace);

    const tools = await agent.tools();
    expect(tools.map(({ name }) => name).sort()).toEqual([
      'infonce_confusions',
      'infonce_list_runs',
      'infonce_neighbours',
      'infonce_run_metrics',
      'infonce_train',
    ]);

    const { runs } = await agent.answerOf<{ runs: readonly object[] }>('infonce_list_runs', {});
    expect(runs).toHaveLength(1);
    expect(runs[0]).toMatchObject({
      run: record.id,
      name: 'lamps',
      state: 'completed',
      dataset: 'pairs',
      step: record.steps,
      metrics: rounded(record.metrics),
    });

    const metrics = await agent.answerOf<Metrics>('infonce_run_metrics', { run: 'lamps' });
    expect(metrics.final).toEqual({
      trained: rounded(record.metrics),
      untrained: rounded(record.baselines?.untrained),
      'TF-IDF': rounded(record.baselines?.model_free),
    });
    expect(metrics.settings).toMatchObject({ epochs: 4, temperature: record.config.temperature });
    const evaluated = log.filter(({ event, step }) => event === 'evaluated' && step !== 0);
    expect(metrics.evaluations).toMatchObject(
      evaluated.toReversed().map((row) => rounded({ step: row.step, ...row.metrics })),
    );
    expect(metrics.evaluations.at(-1)?.trainLoss).toBeCloseTo(
      log.find(({ event, step }) => event === 'step' && step === 1)?.loss ?? 0,
      4,
    );
    expect(metrics.health.length).toBeGreaterThan(0);

    const asked = await run(['neighbours', folder, '--text', question, '--json'], workspace);
    const expected = jsonLines(asked.stdout).map(({ id, content, similarity, file, line }) => ({
      id,
      text: content,
      similarity: Number(Number(similarity).toPrecision(5)),
      source: `pairs/${String(file)}:${String(line)}`,
    }));
    expect(expected).toHaveLength(10);
    const byText = await agent.answerOf<Neighbours>('infonce_neighbours', { text: question });
    expect(comparable(byText)).toEqual(expected);
    const byFile = await agent.answerOf<Neighbours>('infonce_neighbours', { file: 'question.txt', k: 10 });
    expect(comparable(byFile)).toEqual(expected);

    const [first] = byText.neighbours;
    const byRow = await agent.answerOf<Neighbours>('infonce_neighbours', { row: first?.row, k: 3 });
    const byId = await agent.answerOf<Neighbours>('infonce_neighbours', { item: first?.text, k: 3 });
    expect(byRow.neighbours).toHaveLength(3);
    expect(byId).toEqual(byRow);
    const inTest = await agent.answerOf<Neighbours>('infonce_neighbours', { text: question, split: 'test' });
    expect(new Set(inTest.neighbours.map(({ split }) => split))).toEqual(new Set(['test']));

    expect(await agent.errorOf('infonce_run_metrics', { run: 'seven' })).toBe(
      `There is no run "seven" (${record.id}): name one by its id.`,
    );
    expect(await agent.errorOf('infonce_neighbours', { text: question, row: 1 })).toContain(
      'give exactly one',
    );
    expect(await agent.errorOf('infonce_neighbours', { item: 'the potter' })).toMatch(
      /\d+ items .*give the row of one/,
    );
    expect(await agent.errorOf('infonce_neighbours', { text: question, k: 0 })).toContain('k: ');
    expect(await agent.errorOf('infonce_neighbours', { file: '../../../etc/hostname' })).toContain(
      'open folders',
    );
    expect(await agent.errorOf('infonce_neighbours', { text: question, label: 'lamp' })).toContain('"lamp"');
  });

  it('trains only what the user has agreed to, and learns which labels are confused', async () => {
    const workspace = await lab().workspace('tools-train');
    await writeVectors(path.join(workspace, 'points'));
    await mkdir(path.join(workspace, 'broken'));
    await writeFile(path.join(workspace, 'broken/data.csv'), 'anchor,positive\n"never closed,b\n');
    const window = await lab().open(workspace);
    const agent = new Agent(exchange, workspace);
    const order = { folder: 'points', name: 'asked *for*', settings: { epochs: 3, seed: 5 } };

    const declined = agent.call('infonce_train', order);
    const question = window.page.locator('.monaco-dialog-box');
    expect((await question.innerText()).split('\n')).toEqual(
      expect.arrayContaining([
        'Train an embedding model on points?',
        `Data, which are only read: ${path.join(workspace, 'points')}`,
        'Objective: InfoNCE: the positive among all candidates of the batch',
        'Settings: epochs 3, seed 5',
        'Name: asked *for*',
        `Writes a new run folder (model, embeddings, checkpoints, log) into ${path.join(workspace, '.infonce/runs')}`,
      ]),
    );
    await window.confirm('Cancel');
    expect(await declined).toMatchObject({ name: 'Canceled' });
    expect(await runFolders(workspace)).toEqual([]);

    const refused = agent.answerOf('infonce_train', { folder: 'broken' });
    await window.confirm('Yes');
    expect(await refused).toEqual({
      started: false,
      dataset: 'broken',
      problems: [
        expect.objectContaining({
          severity: 'error',
          message: expect.stringContaining('not closed'),
          source: 'broken/data.csv:2',
        }),
      ],
    });
    expect(await agent.errorOf('infonce_train', { folder: '/etc' })).toContain('open folders');
    expect(await agent.answerOf('infonce_list_runs', {})).toEqual({ found: 0, runs: [] });

    const takenBack = agent.call('infonce_train', order);
    await window.confirm('Yes');
    await until('the pre-flight', async () => (await trainers(lab().profile.extensions)).length > 0);
    await agent.takeBack();
    expect(await takenBack).toMatchObject({ name: 'Canceled' });
    await until('its end', async () => (await trainers(lab().profile.extensions)).length === 0);
    expect(await agent.answerOf('infonce_list_runs', {})).toEqual({ found: 0, runs: [] });

    const agreed = agent.answerOf<Listed>('infonce_train', order);
    await window.confirm('Yes');
    const started = await agreed;
    expect(started).toMatchObject({ started: true, name: 'asked *for*', dataset: 'points' });
    await until('the end of the run', async () => {
      const { runs } = await agent.answerOf<{ runs: readonly Listed[] }>('infonce_list_runs', {});
      expect(runs.map(({ run }) => run)).toEqual([started.run]);
      return runs[0]?.state === 'completed';
    });
    const { record } = await newestRun(workspace);
    expect(record).toMatchObject({ id: started.run, config: { epochs: 3, seed: 5 } });

    const confusions = await agent.answerOf<Confusions>('infonce_confusions', { limit: 2 });
    const { labels, pairs, labelsCountedOver } = confusions;
    expect(labels).toEqual([expect.objectContaining({ labels: ['down', 'up'], pairs: labelsCountedOver })]);
    expect(pairs).toHaveLength(2);
    const { first, second, similarity } = pairs[0] as (typeof pairs)[number];
    expect(new Set([first.label, second.label])).toEqual(new Set(['down', 'up']));
    const query = { row: first.row, k: 1, label: second.label };
    const { neighbours } = await agent.answerOf<Neighbours>('infonce_neighbours', query);
    expect(neighbours).toMatchObject([{ row: second.row, similarity, source: second.source }]);
  });

  it('queues behind what is being trained, and learns how that goes', async () => {
    const workspace = await lab().workspace('tools-queue');
    await writeVectors(path.join(workspace, 'points'), 400);
    const window = await lab().open(workspace);
    const agent = new Agent(exchange, workspace);
    const train = async (name: string): Promise<Listed> => {
      const settings = { epochs: 100_000, patience: 0 };
      const agreed = agent.answerOf<Listed>('infonce_train', { folder: 'points', name, settings });
      await window.confirm('Yes');
      return await agreed;
    };
    const first = await train('first');
    const second = await train('second');
    expect([first.state, second.state]).toEqual(['running', 'queued']);
    const { runs } = await agent.answerOf<{ runs: readonly Listed[] }>('infonce_list_runs', {});
    expect(runs.map(({ run }) => run)).toEqual([second.run, first.run]);
    await until('an evaluation', async () => {
      const { run, state, evaluations } = await agent.answerOf<Metrics>('infonce_run_metrics', {});
      expect({ run, state }).toEqual({ run: first.run, state: 'running' });
      return evaluations.length > 0;
    });
    expect(await agent.errorOf('infonce_neighbours', { run: second.run, row: 0 })).toContain('it is queued');
  });

  it('is told nothing of a folder that is not trusted', async () => {
    const workspace = await lab().workspace('tools-foreign');
    await writeVectors(path.join(workspace, 'points'));
    lab().settings({
      'security.workspace.trust.enabled': true,
      'security.workspace.trust.startupPrompt': 'never',
      'security.workspace.trust.banner': 'never',
    });
    await lab().open(workspace);
    const agent = new Agent(exchange, workspace);
    const inputs = {
      infonce_list_runs: {},
      infonce_neighbours: { row: 0 },
      infonce_train: { folder: 'points' },
    };
    for (const [tool, input] of Object.entries(inputs)) {
      expect(await agent.errorOf(tool, input)).toContain('only in a workspace that the user trusts');
    }
    expect(await runFolders(workspace)).toEqual([]);
  });
});
