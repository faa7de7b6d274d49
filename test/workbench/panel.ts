import type { Frame, FrameLocator, Locator } from 'playwright-core';
import type { ViewName } from '../../src/protocol/panel';
import { until } from './wait';

/** A row of a table of figures: its first cell, and the others in full, NaN where there is no figure. */
export interface FigureRow {
  readonly name: string;
  readonly values: readonly number[];
}

/** The frame itself, for what runs a script in it. */
export async function frameOf(locator: FrameLocator): Promise<Frame> {
  const body = await locator.locator('body').elementHandle();
  const frame = await body?.ownerFrame();
  if (!frame) throw new Error('the page of the panel is gone');
  return frame;
}

/** The page of one run, inside of its panel. */
export class Panel {
  constructor(readonly frame: FrameLocator) {}

  get state(): Locator {
    return this.frame.getByTestId('run-state');
  }

  /** Waits for one of the states: `completed`, `running`, … */
  async untilState(state: string | readonly string[], ms = 120_000): Promise<string> {
    const wanted = [state].flat();
    return await until(
      `the state ${wanted.join(' or ')} in the panel`,
      async () => {
        const shown = await this.state.getAttribute('data-state', { timeout: 1_000 }).catch(() => null);
        return shown !== null && wanted.includes(shown) && shown;
      },
      ms,
    );
  }

  /** The step that the header shows, 0 while there is none. */
  async step(): Promise<number> {
    const text = await this.frame
      .getByTestId('progress')
      .textContent({ timeout: 1_000 })
      .catch(() => '');
    return Number(/step ([\d,]+)/.exec(text ?? '')?.[1]?.replaceAll(',', '') ?? 0);
  }

  async untilStep(least: number): Promise<number> {
    return await until(`step ${least} in the panel`, async () => {
      const step = await this.step();
      return step >= least && step;
    });
  }

  /** Turns to a view by its tab. */
  async show(view: ViewName): Promise<void> {
    await this.frame.getByRole('tab', { name: new RegExp(`^${view}`, 'i') }).click();
  }

  /** The figures of a table, seen or not: those that a screen reader tells. */
  async figures(table: string): Promise<FigureRow[]> {
    // Tables follow their chart.
    const late = '[data-testid=loss-chart][aria-busy=true], infonce-data-tables[aria-busy=true]';
    await this.frame.locator(late).first().waitFor({ state: 'detached' });
    return await this.frame.locator(`[data-table="${table}"] tbody tr`).evaluateAll((rows) =>
      rows.map((row) => ({
        name: row.querySelector('th')?.textContent?.trim().replaceAll(',', '') ?? '',
        values: [...row.querySelectorAll('td')].map((cell) =>
          cell.dataset.value === undefined ? Number.NaN : Number(cell.dataset.value),
        ),
      })),
    );
  }
}
