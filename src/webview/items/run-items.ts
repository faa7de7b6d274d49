import type { ReactiveControllerHost } from 'lit';
import type { RunItems } from '../../protocol/explore';
import type { Store } from '../store';
import { Question } from './question';

/** What the run holds to look at: asked when it is first looked at, and after each evaluation. */
export class RunItemsQuestion extends Question<
  { run: string; evaluations: number; state: string },
  RunItems
> {
  constructor(
    host: ReactiveControllerHost,
    private readonly store: () => Store,
  ) {
    super(host, ({ run }, token) => store().host.request('explore', { run }, token));
  }

  askAboutNow(): void {
    const { head, evaluated } = this.store();
    this.ask(head && { run: head.run, evaluations: evaluated.length, state: head.state });
  }
}
