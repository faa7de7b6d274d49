import {
  provideVSCodeDesignSystem,
  vsCodeButton,
  vsCodeCheckbox,
  vsCodeDropdown,
  vsCodeOption,
  vsCodeProgressRing,
  vsCodeTextField,
} from '@vscode/webview-ui-toolkit';
import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { ref } from 'lit/directives/ref.js';
import { repeat } from 'lit/directives/repeat.js';
import { mayMove } from './may-move';

/**
 * The page's controls. The toolkit behind most of them is archived: nothing else imports it, so that another library
 * takes its place by rewriting these functions.
 */
provideVSCodeDesignSystem().register(
  vsCodeButton(),
  vsCodeCheckbox(),
  vsCodeDropdown(),
  vsCodeOption(),
  vsCodeProgressRing(),
  vsCodeTextField(),
);

export interface ButtonOptions {
  readonly label: string;
  readonly onClick: (event: Event) => void;
  /** Codicon name. */
  readonly icon?: string;
  /** Shows the icon alone; the label is its name. */
  readonly iconOnly?: boolean;
  readonly primary?: boolean;
  readonly disabled?: boolean;
  /** Of a button that stays pressed. */
  readonly pressed?: boolean;
  readonly testId?: string;
}

/** A picture beside words; it says nothing by itself. */
export function icon(name: string): TemplateResult {
  return html`<span class="codicon codicon-${name}" aria-hidden="true"></span>`;
}

export function button(options: ButtonOptions): TemplateResult {
  const { label, onClick, iconOnly = false, primary = false, disabled = false, pressed, testId } = options;
  const picture = options.icon === undefined ? nothing : icon(options.icon);
  if (iconOnly)
    return html`<vscode-button
      appearance="icon"
      aria-label=${label}
      title=${label}
      aria-pressed=${pressed ?? nothing}
      data-testid=${testId ?? nothing}
      ?disabled=${disabled}
      @click=${onClick}
      >${picture}</vscode-button
    >`;
  return html`<vscode-button
    appearance=${primary ? 'primary' : 'secondary'}
    aria-pressed=${pressed ?? nothing}
    data-testid=${testId ?? nothing}
    ?disabled=${disabled}
    @click=${onClick}
    >${picture === nothing ? nothing : html`<span slot="start" class="start-icon">${picture}</span>`}${label}</vscode-button
  >`;
}

export interface CheckboxOptions {
  readonly label: string;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
  readonly disabled?: boolean;
  readonly testId?: string;
}

export function checkbox({
  label,
  checked,
  onChange,
  disabled = false,
  testId,
}: CheckboxOptions): TemplateResult {
  const changed = (event: Event): void => {
    const now = (event.currentTarget as HTMLInputElement).checked;
    if (now !== checked) onChange(now);
  };
  // The toolkit tells of a change also when the page makes it: the listener that knows of it must be there before.
  return html`<vscode-checkbox
    @change=${changed}
    .checked=${live(checked)}
    ?disabled=${disabled}
    aria-label=${label}
    data-testid=${testId ?? nothing}
    >${label}</vscode-checkbox
  >`;
}

export interface Choosable<T extends string> {
  readonly value: T;
  readonly label: string;
}

export interface ChoiceOptions<T extends string> {
  /** What is chosen, for those who do not see what is around it. */
  readonly label: string;
  readonly options: readonly Choosable<T>[];
  readonly value: T;
  readonly onChange: (value: T) => void;
  readonly disabled?: boolean;
  readonly testId?: string;
}

/** The toolkit chooses by place: where options come in front of the chosen one, it would show another. */
function keepChoice(dropdown: Element | undefined): void {
  dropdown?.shadowRoot?.addEventListener('slotchange', () => {
    const chosen = dropdown.querySelector<HTMLOptionElement>('vscode-option[selected]');
    if (chosen !== null) (dropdown as HTMLSelectElement).value = chosen.value;
  });
}

/** One of many, in a list that opens. */
export function dropdown<T extends string>({
  label,
  options,
  value,
  onChange,
  disabled = false,
  testId,
}: ChoiceOptions<T>): TemplateResult {
  const changed = (event: Event): void => {
    const now = (event.currentTarget as HTMLSelectElement).value as T;
    if (now !== value) onChange(now);
  };
  return html`<vscode-dropdown
    ${ref(keepChoice)}
    aria-label=${label}
    title=${label}
    ?disabled=${disabled}
    data-testid=${testId ?? nothing}
    @change=${changed}
    >${repeat(
      options,
      (option) => option.value,
      (option) =>
        html`<vscode-option .value=${option.value} ?selected=${option.value === value}
          >${option.label}</vscode-option
        >`,
    )}</vscode-dropdown
  >`;
}

/** One of few, all in sight. The toolkit has none: plain buttons. */
export function segmented<T extends string>({
  label,
  options,
  value,
  onChange,
  disabled = false,
  testId,
}: ChoiceOptions<T>): TemplateResult {
  return html`<div class="segmented" role="group" aria-label=${label} data-testid=${testId ?? nothing}>
    ${options.map(
      (option) =>
        html`<button
          type="button"
          data-value=${option.value}
          aria-pressed=${option.value === value}
          ?disabled=${disabled}
          @click=${() => onChange(option.value)}
        >
          ${option.label}
        </button>`,
    )}
  </div>`;
}

export interface TextFieldOptions {
  readonly label: string;
  readonly value: string;
  /** After each key. */
  readonly onInput: (value: string) => void;
  readonly placeholder?: string;
  /** On Enter. */
  readonly onEnter?: () => void;
  readonly disabled?: boolean;
  readonly testId?: string;
}

export function textField({
  label,
  value,
  onInput,
  placeholder = '',
  onEnter,
  disabled = false,
  testId,
}: TextFieldOptions): TemplateResult {
  return html`<vscode-text-field
    .value=${live(value)}
    placeholder=${placeholder}
    ?disabled=${disabled}
    data-testid=${testId ?? nothing}
    @input=${(event: Event) => onInput((event.currentTarget as HTMLInputElement).value)}
    @keydown=${(event: KeyboardEvent) => {
      if (event.key === 'Enter') onEnter?.();
    }}
    >${label}</vscode-text-field
  >`;
}

export interface RangeOptions {
  readonly label: string;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly value: number;
  /** The value in words. */
  readonly text: string;
  readonly onInput: (value: number) => void;
  readonly disabled?: boolean;
  readonly testId?: string;
}

/** A slider: the browser's own, which keyboards and screen readers know. */
export function range({
  label,
  min,
  max,
  step,
  value,
  text,
  onInput,
  disabled = false,
  testId,
}: RangeOptions): TemplateResult {
  return html`<input
    type="range"
    aria-label=${label}
    aria-valuetext=${text}
    title=${label}
    min=${min}
    max=${max}
    step=${step}
    .value=${live(String(value))}
    ?disabled=${disabled}
    data-testid=${testId ?? nothing}
    @input=${(event: Event) => onInput((event.currentTarget as HTMLInputElement).valueAsNumber)}
  />`;
}

/** Something is being done. The toolkit's ring turns for everybody: no style reaches into it. */
export function ring(label: string): TemplateResult {
  if (!mayMove()) return html`<span class="codicon codicon-watch" role="img" aria-label=${label}></span>`;
  return html`<vscode-progress-ring aria-label=${label}></vscode-progress-ring>`;
}

export interface LinkOptions {
  readonly text: string;
  readonly onClick: () => void;
  readonly title?: string;
  readonly testId?: string;
}

/** Words that lead somewhere: a button, since the page has no addresses. */
export function link({ text, onClick, title, testId }: LinkOptions): TemplateResult {
  return html`<button
    type="button"
    class="link"
    title=${title ?? nothing}
    data-testid=${testId ?? nothing}
    @click=${onClick}
  >
    ${text}
  </button>`;
}
