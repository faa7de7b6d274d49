import { type CancellationToken, ErrorCodes, ResponseError } from 'vscode-jsonrpc/node';
import { UserError } from '../../protocol/errors';
import type { NeighbourQuery } from '../../protocol/explore';
import type { PanelRequests } from '../../protocol/panel';
import { requestFailed } from '../../rpc/codes';
import type { Explorer } from './explorer';
import type { Images } from './images';
import { Newest } from './newest';
import { checked, requestSchemas } from './schemas';
import type { Page } from './session';

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
    explore: ({ run }, token) => explorerOf(run).items(token),
    neighbours: ({ run, ...query }, token) =>
      newest.ask(`neighbours ${run}`, token, async (newer) => {
        const answer = await explorerOf(run).ask('neighbours', withFolder(query, panel), newer);
        return imagesOf(run).neighbours(answer);
      }),
    pairs: ({ run, ...query }, token) =>
      newest.ask(`pairs ${run}`, token, async (newer) =>
        imagesOf(run).pairs(await explorerOf(run).ask('pairs', query, newer)),
      ),
    map: ({ run, ...query }, token) =>
      newest.ask(`map ${run}`, token, (newer) => explorerOf(run).ask('map', query, newer)),
    async mapPoints({ run, ...query }, token) {
      const { xy, row, label } = await explorerOf(run).ask('mapPoints', query, token);
      // Copied: they are windows on the whole message that they came in, all of which would go to the page.
      return { xy: xy.slice(), row: row.slice(), label: label.slice() };
    },
    items: async ({ run, rows }, token) =>
      imagesOf(run).items(await explorerOf(run).ask('items', { rows }, token)),
    find: ({ run, ...query }, token) =>
      newest.ask(`find ${run}`, token, async (newer) => {
        const { items, found } = await explorerOf(run).ask('find', query, newer);
        return { items: imagesOf(run).items(items), found };
      }),
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
      return await answer(checked<PanelRequests[K]['params']>(name, requestSchemas[name], received), token);
    } catch (error) {
      throw sentenceOf(error, onFault);
    }
  });
}

/** The explorer knows runs by their folders. */
function withFolder(query: NeighbourQuery, panel: Answering): NeighbourQuery {
  const { since } = query;
  return since !== undefined && 'run' in since
    ? { ...query, since: { run: panel.folderOf(since.run) } }
    : query;
}

/** A failure as it goes to the page, which shows its message as it is. */
function sentenceOf(error: unknown, onFault: (error: unknown) => void): ResponseError<unknown> {
  if (error instanceof ResponseError) return error;
  if (error instanceof UserError) {
    return new ResponseError(requestFailed, error.message, { code: error.code });
  }
  onFault(error);
  const message = error instanceof Error ? error.message : String(error);
  return new ResponseError(ErrorCodes.InternalError, `${message}: look into the log`);
}
