import {
  type Disposable,
  l10n,
  MarkdownString,
  StatusBarAlignment,
  type StatusBarItem,
  window,
} from 'vscode';
import { shownName } from '../protocol/names';
import type { RunHead } from '../protocol/panel';
import type { RunList } from './runs/run-list';
import { phaseWord, runningWords } from './runs/words';
import { TimeLeft } from './time-left';
import type { Native } from './types';

const redrawMs = 500;

/** One item while something trains: how far, the loss, how long still. Nothing otherwise. */
export class StatusBar implements Disposable {
  readonly #runs: RunList;
  readonly #native: Native;
  readonly #owned: Disposable[];
  #item: StatusBarItem | undefined;
  #timer: NodeJS.Timeout | undefined;
  #timeLeft: { readonly run: string; readonly of: TimeLeft } | undefined;

  constructor(runs: RunList, native: Native) {
    this.#runs = runs;
    this.#native = native;
    const soon = (): void => {
      this.#timer ??= setTimeout(() => {
        this.#timer = undefined;
        this.#draw();
      }, redrawMs);
    };
    this.#owned = [runs.onDidChange(soon), native.onDidChange(soon)];
  }

  dispose(): void {
    clearTimeout(this.#timer);
    for (const owned of this.#owned) owned.dispose();
    this.#item?.dispose();
  }

  #draw(): void {
    const { head, waiting } = this.#runs.work;
    if (head === undefined) {
      this.#item?.dispose();
      this.#item = undefined;
      this.#timeLeft = undefined;
      return;
    }
    this.#item ??= createItem();
    const stopping = this.#runs.isStopping(head.run);
    const words = stopping ? l10n.t('stopping') : this.#words(head);
    const slow =
      this.#native.state?.backend === 'javascript' ? l10n.t('JavaScript backend (slow)') : undefined;
    this.#item.text = `$(pulse) ${[words, slow].filter((part) => part !== undefined).join(' · ')}`;
    this.#item.tooltip = this.#tooltip(head, waiting);
    this.#item.accessibilityInformation = {
      label: l10n.t('Training {0}: {1}', shownName(head), words),
      role: 'button',
    };
    this.#item.show();
  }

  #words(head: RunHead): string {
    if (head.state === 'starting') return phaseWord(head.phase?.phase ?? 'preparing');
    const words = runningWords(head, this.#runs.curveOf(head.run));
    if (head.phase?.phase !== 'training' || head.phase.total === undefined) return words;
    if (this.#timeLeft?.run !== head.run) this.#timeLeft = { run: head.run, of: new TimeLeft() };
    const seconds = this.#timeLeft.of.after(head.phase.done, head.phase.total, performance.now());
    return seconds === undefined ? words : `${words} · ${leftWords(seconds)}`;
  }

  #tooltip(head: RunHead, waiting: number): MarkdownString {
    const text = new MarkdownString('', true);
    text.appendText(`${l10n.t('InfoNCE Lab trains')} ${shownName(head)}`).appendMarkdown('\n\n');
    if (waiting > 0) {
      const sentence = waiting === 1 ? l10n.t('One run waits.') : l10n.t('{0} runs wait.', waiting);
      text.appendText(sentence).appendMarkdown('\n\n');
    }
    const native = this.#native.state;
    if (native?.backend === 'javascript') text.appendText(native.because).appendMarkdown('\n\n');
    return text.appendText(l10n.t('Click to open, stop or see the queue.'));
  }
}

function createItem(): StatusBarItem {
  const item = window.createStatusBarItem('infonce.training', StatusBarAlignment.Left, 10);
  item.name = l10n.t('InfoNCE Lab: training');
  item.command = 'infonce.showWork';
  return item;
}

function leftWords(seconds: number): string {
  if (seconds < 60) return l10n.t('{0} s left', Math.max(1, Math.round(seconds)));
  if (seconds < 5400) return l10n.t('{0} min left', Math.round(seconds / 60));
  return l10n.t('{0} h left', (seconds / 3600).toFixed(1));
}
