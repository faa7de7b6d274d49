import type { Disposable } from 'vscode';
import { UserError } from '../../protocol/errors';
import { Explorer } from '../panel/explorer';
import { startExplorer } from '../panel/start-explorer';
import type { PanelContext } from '../types';

/** A model asks several times in a row, and then of another run: so long a process waits for the next question. */
const idleMs = 20_000;

/** The processes that answer questions of models about runs, one a run. */
export class ToolExplorers implements Disposable {
  readonly #context: Pick<PanelContext, 'extension' | 'native' | 'log'>;
  /** By run folder. */
  readonly #explorers = new Map<string, Explorer>();

  constructor(context: Pick<PanelContext, 'extension' | 'native' | 'log'>) {
    this.#context = context;
  }

  /** @param folder the run's, absolute */
  async ask<T>(folder: string, question: (explorer: Explorer) => Promise<T>): Promise<T> {
    const explorer = this.#explorers.get(folder) ?? this.#open(folder);
    try {
      return await question(explorer);
    } catch (error) {
      // One whose process died is left: the next question begins with another.
      if (error instanceof UserError && error.code === 'explorer-ended') this.#close(folder);
      throw error;
    }
  }

  dispose(): void {
    for (const folder of this.#explorers.keys()) this.#close(folder);
  }

  #open(run: string): Explorer {
    const explorer = new Explorer({
      run,
      fork: () => startExplorer(this.#context),
      onProgress: () => undefined,
      idleMs,
    });
    this.#explorers.set(run, explorer);
    return explorer;
  }

  #close(folder: string): void {
    this.#explorers.get(folder)?.dispose();
    this.#explorers.delete(folder);
  }
}
