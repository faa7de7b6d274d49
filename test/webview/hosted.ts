import path from 'node:path';
import { onTestFinished } from 'vitest';
import { forkProgram } from '../../src/extension/fork';
import { Explorer } from '../../src/extension/panel/explorer';
import type { RunFeed } from '../../src/extension/panel/feed';
import { Images } from '../../src/extension/panel/images';
import { answerQuestions } from '../../src/extension/panel/questions';
import { beginsSession, Session } from '../../src/extension/panel/session';
import { sizeOf } from '../../src/extension/panel/size';
import type { PanelSnapshot } from '../../src/protocol/panel';
import { cli } from '../cli/support';
import type { Bench } from './browser';
import { openTab, type Tab, type TabOptions } from './tab';

export interface HostedOptions extends TabOptions {
  readonly others?: PanelSnapshot['others'];
}

export interface HostedPage extends Tab {
  readonly session: () => Session;
  /** Bytes of every message that went to the page. */
  readonly sizes: readonly number[];
  /** From now on nobody answers, as when the extension host has ended; or again. */
  leave(gone: boolean): void;
}

/** A page with the real host behind it, all but the editor: feed, outbox, and the explorer's process. */
export async function openHosted(
  bench: Bench,
  feed: RunFeed,
  { others = [], ...options }: HostedOptions = {},
): Promise<HostedPage> {
  const { folder = '' } = feed;
  const sizes: number[] = [];
  let session: Session | undefined;
  let left = false;
  const explorer = new Explorer({
    run: folder,
    fork: async () =>
      forkProgram({
        module: path.join(path.dirname(cli), 'trainer.js'),
        args: ['explore'],
        cwd: path.dirname(cli),
        environment: {},
        onLine: () => undefined,
      }),
    onProgress: (fact) => session?.aside('busy', fact),
  });
  const tab = await openTab(bench, options);
  onTestFinished(() => {
    session?.dispose();
    explorer.dispose();
  });

  const begin = (): void => {
    session?.dispose();
    session = new Session({
      feeds: [feed],
      surroundings: () => ({ mode: 'run', others }),
      async send(batch) {
        sizes.push(sizeOf(batch));
        tab.carry(batch);
        return true;
      },
      onLost: () => undefined,
    });
    answerQuestions(session.page, {
      explorerOf: () => explorer,
      imagesOf: () => new Images(undefined, (file) => file),
      folderOf: () => folder,
      pickImage: async () => undefined,
      saveNeighbours: async () => ({ saved: false }),
      onFault: (error) => tab.complaints.push(String(error)),
    });
  };
  tab.onMessage((message) => {
    if (left) return;
    if (beginsSession(message)) begin();
    session?.receive(message);
  });
  await tab.go();
  await tab.painted();
  return Object.assign(tab, {
    session: () => session as Session,
    sizes,
    leave(gone: boolean) {
      left = gone;
    },
  });
}
