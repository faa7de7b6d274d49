import { commands } from 'vscode';
import { type PanelWishes, panelProtocol } from '../../protocol/panel';
import type { PanelContext, RunRef } from '../types';
import { reveal } from './reveal';
import { checked, wishSchemas } from './schemas';
import type { Page } from './session';

/** What the wishes of a page need of its panel. */
export interface Fulfilling {
  /** The dataset's root, absolute. @throws UserError where the panel does not show the run. */
  rootOf(run: string): string;
  open(run: RunRef): Promise<void>;
  compareConfigs(left: string, right: string): Promise<void>;
  onFailure(error: unknown): Promise<void>;
}

type Wishes = { readonly [K in keyof PanelWishes]: (wish: PanelWishes[K]) => void | Promise<void> };

/** Does what a page wishes; what fails is told to the user by the editor, as the page does not wait for it. */
export function fulfilWishes(page: Page, { runs, native, log }: PanelContext, panel: Fulfilling): void {
  const wishes: Wishes = {
    ready({ protocol }) {
      // The snapshot carries our version: the page says what is to be done.
      if (protocol !== panelProtocol) log.warn(`panel: the page speaks version ${protocol}`);
    },
    reveal: ({ run, item }) => reveal(panel.rootOf(run), item),
    async revealProblem({ run, problem }) {
      if (problem.file === undefined) await commands.executeCommand('workbench.actions.view.problems');
      else await reveal(panel.rootOf(run), problem);
    },
    stop: ({ run }) => runs.stop(run),
    async resume({ run }) {
      await runs.resume(run);
    },
    again: async ({ run }) => panel.open(await runs.again(run)),
    compareConfigs: ({ left, right }) => panel.compareConfigs(left, right),
    setUpNative: () => native.setUp(),
    showLog: () => log.show(),
  };

  const names = Object.keys(wishes) as (keyof PanelWishes)[];
  for (const name of names) hearChecked(page, name, wishes[name], (error) => panel.onFailure(error));
}

function hearChecked<K extends keyof PanelWishes>(
  page: Page,
  name: K,
  fulfil: Wishes[K],
  onFailure: (error: unknown) => Promise<void>,
): void {
  const hear = async (received: unknown): Promise<void> =>
    fulfil(checked<PanelWishes[K]>(name, wishSchemas[name], received));
  page.hear(name, (received: unknown) => {
    hear(received).catch(onFailure);
  });
}
