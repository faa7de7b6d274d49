import {
  type Disposable,
  l10n,
  type QuickInput,
  QuickInputButtons,
  type QuickPickItem,
  window,
} from 'vscode';

/** What one step of several asks for. */
export type Step =
  | {
      readonly kind: 'choice';
      readonly prompt: string;
      readonly items: readonly (QuickPickItem & { readonly value: string })[];
    }
  | {
      readonly kind: 'text';
      readonly prompt: string;
      readonly placeholder: string;
      /** @returns what is wrong with it, for the user */
      readonly check: (text: string) => string | undefined;
    };

const back = Symbol('back');

/**
 * Asks one step after the other; the Back button goes to the one before, where the earlier answer stands.
 * @returns an answer each, or undefined when the user leaves
 */
export async function askSteps(title: string, steps: readonly Step[]): Promise<string[] | undefined> {
  const answers: string[] = [];
  for (let at = 0; at < steps.length; ) {
    const step = steps[at] as Step;
    const frame = { title, step: at + 1, totalSteps: steps.length };
    const answer =
      step.kind === 'choice' ? await pick(step, frame, answers[at]) : await type(step, frame, answers[at]);
    if (answer === undefined) return undefined;
    if (answer === back) at -= 1;
    else {
      answers[at] = answer;
      at += 1;
    }
  }
  return answers;
}

interface Frame {
  readonly title: string;
  readonly step: number;
  readonly totalSteps: number;
}
type Answer = string | typeof back | undefined;

async function pick(
  { prompt, items }: Extract<Step, { kind: 'choice' }>,
  frame: Frame,
  before: string | undefined,
): Promise<Answer> {
  const input = window.createQuickPick<(typeof items)[number]>();
  Object.assign(input, frame, { placeholder: prompt });
  input.items = items;
  const chosen = items.filter(({ value }) => value === before);
  if (chosen.length > 0) input.activeItems = chosen;
  return await shown(input, (answer) => [
    input.onDidTriggerButton(() => answer(back)),
    input.onDidAccept(() => {
      const [item] = input.selectedItems;
      if (item !== undefined) answer(item.value);
    }),
  ]);
}

async function type(
  { prompt, placeholder, check }: Extract<Step, { kind: 'text' }>,
  frame: Frame,
  before: string | undefined,
): Promise<Answer> {
  const input = window.createInputBox();
  Object.assign(input, frame, { prompt, placeholder, value: before ?? '' });
  const wrong = (): string | undefined => (input.value.trim() === '' ? undefined : check(input.value.trim()));
  return await shown(input, (answer) => [
    input.onDidTriggerButton(() => answer(back)),
    input.onDidChangeValue(() => {
      input.validationMessage = wrong();
    }),
    input.onDidAccept(() => {
      if (wrong() === undefined) answer(input.value.trim());
    }),
  ]);
}

/** Shows an input until it is answered or left. */
async function shown(
  input: QuickInput & { buttons: readonly unknown[] },
  listen: (answer: (answer: Answer) => void) => Disposable[],
): Promise<Answer> {
  if ((input.step ?? 1) > 1) input.buttons = [QuickInputButtons.Back];
  input.ignoreFocusOut = true;
  let listening: Disposable[] = [];
  try {
    return await new Promise<Answer>((resolve) => {
      listening = [...listen(resolve), input.onDidHide(() => resolve(undefined))];
      input.show();
    });
  } finally {
    for (const one of listening) one.dispose();
    input.dispose();
  }
}

/** The words for a step that may be left out. */
export function emptyFor(meaning: string): string {
  return l10n.t('leave empty for {0}', meaning);
}
