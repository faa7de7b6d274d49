import { html, nothing, type TemplateResult } from 'lit';
import { ref } from 'lit/directives/ref.js';

export interface Suggestion {
  readonly content: TemplateResult | string;
  readonly choose: () => void;
}

export interface ComboboxState {
  readonly id: string;
  readonly label: string;
  readonly placeholder: string;
  readonly value: string;
  readonly open: boolean;
  readonly suggestions: readonly Suggestion[];
  /** Which suggestion the arrows have reached; -1 for none. */
  readonly active: number;
  /** Stands below the suggestions: how many there are. */
  readonly footer: string | undefined;
  readonly testId: string;
  readonly onInput: (value: string) => void;
  readonly onActive: (active: number) => void;
  readonly onOpen: (open: boolean) => void;
  /** Enter, without a suggestion. */
  readonly onEnter: () => void;
}

/**
 * A field with suggestions, as the ARIA pattern of a combobox has it. A field of the toolkit cannot be one: its input lies
 * in a shadow tree, from where it cannot name the list.
 */
export function combobox(state: ComboboxState): TemplateResult {
  const { id, label, suggestions, onOpen } = state;
  const open = state.open && (suggestions.length > 0 || state.footer !== undefined);
  return html`<div
    class="combobox"
    @focusout=${(event: FocusEvent) => {
      const { currentTarget, relatedTarget } = event;
      if (!(currentTarget as Element).contains(relatedTarget as Node | null)) onOpen(false);
    }}
  >
    <label class="visually-hidden" for=${id}>${label}</label>
    <input
      id=${id}
      type="text"
      role="combobox"
      autocomplete="off"
      spellcheck="false"
      aria-autocomplete="list"
      aria-expanded=${open}
      aria-controls="${id}-list"
      aria-activedescendant=${open && state.active >= 0 ? `${id}-${state.active}` : nothing}
      placeholder=${state.placeholder}
      data-testid=${state.testId}
      .value=${state.value}
      @input=${(event: Event) => state.onInput((event.target as HTMLInputElement).value)}
      @keydown=${(event: KeyboardEvent) => onKey(event, state, open)}
    />
    <div class="combobox-popup" ?hidden=${!open}>
      <ul id="${id}-list" role="listbox" aria-label=${label}>
        ${suggestions.map(
          ({ content, choose }, i) =>
            html`<li
              id="${id}-${i}"
              role="option"
              aria-selected=${i === state.active}
              ${ref((element) => {
                if (i === state.active) element?.scrollIntoView({ block: 'nearest' });
              })}
              @mousedown=${(event: Event) => event.preventDefault()}
              @click=${choose}
            >
              ${content}
            </li>`,
        )}
      </ul>
      ${state.footer === undefined ? nothing : html`<p class="caption">${state.footer}</p>`}
    </div>
  </div>`;
}

function onKey(event: KeyboardEvent, state: ComboboxState, open: boolean): void {
  const { suggestions, active, onActive, onOpen, onEnter } = state;
  switch (event.key) {
    case 'ArrowDown':
    case 'ArrowUp': {
      onOpen(true);
      // One place more than there are suggestions: the field itself.
      const places = suggestions.length + 1;
      const step = event.key === 'ArrowDown' ? 1 : -1;
      onActive(((active + 1 + step + places) % places) - 1);
      break;
    }
    case 'Enter':
      if (open && active >= 0) suggestions[active]?.choose();
      else onEnter();
      break;
    case 'Escape':
      if (!open) return;
      onOpen(false);
      break;
    default:
      return;
  }
  event.preventDefault();
}
