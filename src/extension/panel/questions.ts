import { type CancellationToken, ErrorCodes, ResponseError } from 'vscode-jsonrpc/node';
import { cutText } from '../../protocol/cut-text';
import { UserError } from '../../protocol/errors';
import type { ItemView, NeighbourQuery } from '../../protocol/explore';
import type { PanelRequests } from '../../protocol/panel';
import { requestFailed } from '../../rpc/codes';
import type { Explorer } from './explorer';
import { answerLimit, fit, inNeighbours, inPairs } from './fit';
import type { Images } from './images';
import { Newest } from './newest';
import { checked, requestSchemas } from './schemas';
import type { Page } from './session';
import { sizeOf } from './size';

/** What the answers to a page need of its panel. */
export interface Answering {
  /** @throws UserError where the panel does not show the run, or it has no folder yet. */
  explorerOf(run: string): Explorer;
  imagesOf(run: string): Images;
  /** The folder of any run. @throws UserError where it is not known. */
  folderOf(run: string): string;
  /** Absolute; undefined where the user thinks better of it. */
  pickImage(run: string): Promise<string | undefined>;
  saveNeighbours(params: PanelRequests['saveNeighbours']['params']): Promise<{ saved: boolean }>;
  /** Something failed that the user cannot mend. */
  onFault(error: unknown): void;
}

type Answers = {
  readonly [K in keyof PanelRequests]: (
    params: PanelRequests[K]['params'],
    token: CancellationToken,
  ) => Promise<PanelRequests[K]['result']>;
};

/** Answers a page's questions: about a run by its explorer, with addresses for the images, else with the user's help. */
export function answerQuestions(page: Page, panel: Answering): void {
  const newest = new Newest();
  const explorerOf = (run: string): Explorer => panel.explorerOf(run);
  const imagesOf = (run: string): Images => panel.imagesOf(run);

  const answers: Answers = {
    alive: async () => null,
    explore: ({ run }, token) => explorerOf(run).items(token),
    neighbours: ({ run, ...query }, token) =>
      newest.ask(`neighbours ${run}`, token, async (newer) => {
        const found = await explorerOf(run).ask('neighbours', withFolder(query, panel), newer);
        const answer = inNeighbours(found, imagesOf(run).show);
        const items = 1 + answer.rows.length + (answer.left?.length ?? 0);
        return fit(answer, items, (change) => inNeighbours(answer, change));
      }),
    pairs: ({ run, ...query }, token) =>
      newest.ask(`pairs ${run}`, token, async (newer) => {
        const found = await explorerOf(run).ask('pairs', query, newer);
        const answer = inPairs(found, imagesOf(run).show);
        return fit(answer, 2 * answer.rows.length, (change) => inPairs(answer, change));
      }),
    map: ({ run, ...query }, token) =>
      newest.ask(`map ${run}`, token, (newer) => explorerOf(run).ask('map', query, newer)),
    async mapPoints({ run, ...query }, token) {
      const { xy, row, label } = await explorerOf(run).ask('mapPoints', query, token);
      // Copied: they are windows on the whole message that they came in, all of which would go to the page.
      return { xy: xy.slice(), row: row.slice(), label: label.slice() };
    },
    async items({ run, rows }, token) {
      const found = await explorerOf(run).ask('items', { rows }, token);
      return listed(found, imagesOf(run));
    },
    find: ({ run, ...query }, token) =>
      newest.ask(`find ${run}`, token, async (newer) => {
        const { items, found } = await explorerOf(run).ask('find', query, newer);
        return { items: listed(items, imagesOf(run)), found };
      }),
    labels: ({ run, ...query }, token) =>
      newest.ask(`labels ${run}`, token, (newer) => explorerOf(run).ask('labels', query, newer)),
    mark: ({ run, ...mark }, token) => explorerOf(run).ask('mark', mark, token),
    async pickImage({ run }) {
      const path = await panel.pickImage(run);
      if (path === undefined) return null;
      const image = await imagesOf(run).chosen(path);
      return { path, ...(image !== undefined && { image }) };
    },
    saveNeighbours: (params) => panel.saveNeighbours(params),
  };

  const names = Object.keys(answers) as (keyof PanelRequests)[];
  for (const name of names) answerChecked(page, name, answers[name], (error) => panel.onFault(error));
}

function answerChecked<K extends keyof PanelRequests>(
  page: Page,
  name: K,
  answer: Answers[K],
  onFault: (error: unknown) => void,
): void {
  page.answer(name, async (received: unknown, token: CancellationToken) => {
    try {
      const params = checked<PanelRequests[K]['params']>(name, requestSchemas[name], received);
      return small(name, await answer(params, token));
    } catch (error) {
      throw sentenceOf(error, onFault);
    }
  });
}

function listed(items: readonly ItemView[], images: Images): readonly ItemView[] {
  const shown = items.map(images.show);
  return fit(shown, shown.length, (change) => shown.map(change));
}

/** @throws UserError for what no cutting of texts could make small enough. */
function small<R>(name: string, result: R): R {
  const bytes = sizeOf(result);
  if (bytes <= answerLimit) return result;
  throw new UserError(
    'answer-too-large',
    `The answer to "${name}" has ${bytes.toLocaleString('en')} bytes, and the panel takes ${answerLimit.toLocaleString('en')} at once: ask for less.`,
  );
}

/** The explorer knows runs by their folders. */
function withFolder(query: NeighbourQuery, panel: Answering): NeighbourQuery {
  const { since } = query;
  return since !== undefined && 'run' in since
    ? { ...query, since: { run: panel.folderOf(since.run) } }
    : query;
}

/** What is shown of a sentence that names something from the data. */
const sentenceLimit = 1_000;

/** A failure as it goes to the page, which shows its message as it is. */
function sentenceOf(error: unknown, onFault: (error: unknown) => void): ResponseError<unknown> {
  if (error instanceof ResponseError) {
    const { code, message } = error as ResponseError<unknown>;
    return new ResponseError(code, cutText(message, sentenceLimit));
  }
  if (error instanceof UserError) {
    return new ResponseError(requestFailed, cutText(error.message, sentenceLimit), { code: error.code });
  }
  onFault(error);
  const message = error instanceof Error ? error.message : String(error);
  return new ResponseError(ErrorCodes.InternalError, `${cutText(message, sentenceLimit)}: look into the log`);
}
