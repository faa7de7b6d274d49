import type { CancellationToken } from 'vscode';
import { UserError } from '../../protocol/errors';
import type { Position } from '../../protocol/explore';
import { shownName } from '../../protocol/names';
import type { RunHead } from '../../protocol/panel';
import type { Explorer } from '../panel/explorer';
import type { RunList } from '../runs/run-list';

/** Of many runs, so many are named in a message. */
const namedAtMost = 10;

/** The run that a model means. @throws UserError where there is none, or there are several. */
export async function chooseRun(runs: RunList, given: string | undefined): Promise<RunHead> {
  await runs.find();
  if (given !== undefined) return runs.get(given) ?? runOfName(runs.list(), given);
  const newest = runs.list().find(({ record }) => record !== undefined);
  if (newest !== undefined) return newest;
  throw new UserError('no-runs', 'There are no runs in the open folders yet: train one with infonce_train.');
}

function runOfName(heads: readonly RunHead[], name: string): RunHead {
  const [first, ...others] = heads.filter((head) => head.name === name || shownName(head) === name);
  if (first !== undefined && others.length === 0) return first;
  const meant = first === undefined ? heads : [first, ...others];
  const ids = meant.slice(0, namedAtMost).map(({ run }) => run);
  const more = meant.length > ids.length ? `, and ${meant.length - ids.length} older ones` : '';
  const these = ids.length === 0 ? 'there are no runs yet' : `${ids.join(', ')}${more}`;
  throw first === undefined
    ? new UserError('no-run', `There is no run "${name}" (${these}): name one by its id.`)
    : new UserError(
        'several-runs',
        `${meant.length} runs are called "${name}" (${these}): name one by its id.`,
      );
}

/** @throws UserError where there is none yet */
export function folderOf(runs: RunList, { run, state, failure }: RunHead): string {
  const folder = runs.folderOf(run);
  if (folder !== undefined) return folder;
  const why = failure === undefined ? `it is ${state}` : failure.message;
  throw new UserError(
    'no-run-yet',
    `Run ${run} has no folder to look into (${why}): choose another, or ask again later.`,
  );
}

/** The step that is asked for; else the trained model, or the newest evaluation. @throws UserError where there is neither. */
export async function positionIn(
  explorer: Explorer,
  step: number | undefined,
  token: CancellationToken,
): Promise<Position> {
  if (step !== undefined) return step;
  const { final, snapshots } = await explorer.items(token);
  const newest = final ? 'final' : snapshots.at(-1);
  if (newest !== undefined) return newest;
  throw new UserError(
    'no-embeddings',
    'The run has embedded nothing yet: ask again after its first evaluation.',
  );
}
