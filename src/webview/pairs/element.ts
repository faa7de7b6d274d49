import { html, nothing, type TemplateResult } from 'lit';
import type { PairAnswer, PairKind, PairQuery } from '../../protocol/explore';
import { button, checkbox, icon, ring, segmented } from '../controls';
import { integer } from '../format';
import { failure } from '../items/failure';
import { Question } from '../items/question';
import { rowsOf, selectionOf } from '../items/selection';
import { selectionBar } from '../items/selection-bar';
import { givenUp, waiting } from '../items/waiting';
import { View } from '../view';
import { t } from '../words';
import { Marks } from './marks';
import './pairs.css';
import { pairTable } from './table';

const page = 50;

/** The pairs that training finds hardest, and negatives that may be none. */
export class PairsElement extends View {
  readonly #pairs = new Question<PairQuery & { run: string }, PairAnswer>(this, (query, token) => {
    this.store.expect('pairs');
    return this.store.host.request('pairs', query, token);
  });
  readonly #marks = new Marks(this, () => this.store);
  #limit = page;
  /** Whether pairs without a selected item are left out. */
  #selectedOnly = false;

  get #kind(): PairKind {
    return this.store.state.pairs ?? 'hardest-positives';
  }

  protected override willUpdate(): void {
    const { head, position } = this.store;
    this.#pairs.ask(
      head === undefined || position === undefined
        ? undefined
        : { run: head.run, kind: this.#kind, at: position, limit: this.#limit },
    );
  }

  protected override render(): TemplateResult {
    if (this.store.position === undefined) {
      return html`<div class="placeholder">
        ${icon('git-compare')}
        <p>${t('Pairs can be looked at from the first evaluation on.')}</p>
      </div>`;
    }
    return html`<div class="pairs-view" aria-busy=${this.#pairs.busy}>
      <div class="toolbar">
        ${segmented<PairKind>({
          label: t('Pairs'),
          options: [
            { value: 'hardest-positives', label: t('Hardest positives') },
            { value: 'hardest-negatives', label: t('Hardest negatives') },
            { value: 'false-negatives', label: t('Suspected false negatives') },
          ],
          value: this.#kind,
          onChange: (pairs) => {
            this.#limit = page;
            this.store.update({ pairs });
          },
        })}
        ${button({
          label: t('Undo the last mark'),
          icon: 'discard',
          disabled: this.#marks.last === undefined,
          onClick: () => void this.#marks.undo(),
        })}
      </div>
      <p>${meaning(this.#kind)}</p>
      ${this.#keeping()} ${this.#list()}
    </div>`;
  }

  #list(): TemplateResult {
    const { answer, answered, busy, slow, error } = this.#pairs;
    if (this.#pairs.givenUp) {
      return givenUp(t('The search was given up.'), t('Search Again'), () => this.#pairs.again());
    }
    const failed = error === undefined ? nothing : failure(error, () => this.#pairs.again());
    const searching = slow
      ? waiting(this.store, 'pairs', t('Searching pairs …'), () => this.#pairs.giveUp())
      : nothing;
    if (answer === undefined || answered === undefined) {
      const begun =
        busy && !slow ? html`<div class="placeholder">${ring(t('Searching pairs …'))}</div>` : nothing;
      return html`${failed}${searching}${begun}`;
    }
    const { rows, found } = answer;
    const selected = rowsOf(selectionOf(this.store));
    const touching = rows.filter(({ first, second }) => selected.has(first.row) || selected.has(second.row));
    const shown = this.#selectedOnly && selected.size > 0 ? touching : rows;
    return html`${failed}${searching}
      <div class=${busy || error !== undefined ? 'answer-stale' : ''}>
        <p class="caption" role="status">${searchedWords(answer)}</p>
        ${selectionBar(
          this.store,
          t('in {0} of these {1} pairs', touching.length, rows.length),
          () => this.requestUpdate(),
          checkbox({
            label: t('Only these'),
            checked: this.#selectedOnly,
            disabled: touching.length === 0 && !this.#selectedOnly,
            onChange: (checked) => {
              this.#selectedOnly = checked;
              this.requestUpdate();
            },
          }),
        )}
        ${
          rows.length === 0
            ? html`<div class="placeholder">${icon('pass')}<p>${t('No such pairs at this position.')}</p></div>`
            : pairTable({ store: this.store, run: answered.run, rows: shown, marks: this.#marks, selected })
        }
        ${
          found > rows.length && rows.length > 0
            ? html`<div class="toolbar pairs-more">
                ${button({
                  label: t('Show {0} more', Math.min(page, found - rows.length)),
                  disabled: busy,
                  onClick: () => {
                    this.#limit = rows.length + page;
                    this.requestUpdate();
                  },
                })}
                <span class="caption">${t('{0} of {1} shown', integer(rows.length), integer(found))}</span>
              </div>`
            : nothing
        }
      </div>`;
  }

  /** Where the marks go and what comes of them. */
  #keeping(): TemplateResult {
    const { kept, error } = this.#marks;
    return html`${
      error === undefined
        ? nothing
        : html`<div class="notice error answer-failed" role="alert">${icon('error')}<span>${error}</span></div>`
    }
      <p class="caption" role="status">
        ${
          kept === undefined
            ? t('“Same” and “Different” are kept beside the dataset; the next run on it reads them.')
            : kept.marks === 1
              ? t('1 mark is kept in {0}; the next run on this dataset reads it.', kept.file)
              : t(
                  '{0} marks are kept in {1}; the next run on this dataset reads them.',
                  integer(kept.marks),
                  kept.file,
                )
        }
      </p>`;
  }
}
customElements.define('infonce-pairs', PairsElement);

function meaning(kind: PairKind): string {
  switch (kind) {
    case 'hardest-positives':
      return t('Belong together by the data, and lie furthest apart. Look for wrong rows and labels.');
    case 'hardest-negatives':
      return t(
        'Do not belong together by the data, and lie closest. The model learns most from these, if they are right.',
      );
    case 'false-negatives':
      return t(
        'Do not belong together by the data, and lie so close that they may. Those that are the same teach the model something false.',
      );
  }
}

function searchedWords({ source, searched, of, found, positivesMedian }: PairAnswer): string {
  return [
    t('{0} pairs found', integer(found)),
    source,
    t('{0} of {1} queries searched', integer(searched), integer(of)),
    ...(positivesMedian === undefined ? [] : [t('median of the positives {0}', positivesMedian.toFixed(4))]),
  ].join(' · ');
}
