import {
  Diagnostic,
  type DiagnosticCollection,
  DiagnosticSeverity,
  type Disposable,
  l10n,
  languages,
  Range,
  Uri,
} from 'vscode';
import type { Problem } from '../protocol/dataset';
import { problemsByFile } from './problem-places';
import { type Found, foundInDatasets } from './runs/found';
import type { RunList } from './runs/run-list';

/** Runs change ten times a second while they train; what is found in their data does not. */
const redrawMs = 100;

const severities = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  info: DiagnosticSeverity.Information,
} as const;

function diagnosticOf({ severity, code, message, line, count }: Problem): Diagnostic {
  const row = Math.max(0, (line ?? 1) - 1);
  const often =
    count !== undefined && count > 1 ? ` ${l10n.t('({0} times)', count.toLocaleString('en-US'))}` : '';
  // A column past the end means the end of the line.
  const diagnostic = new Diagnostic(new Range(row, 0, row, 10_000), message + often, severities[severity]);
  diagnostic.source = 'InfoNCE Lab';
  diagnostic.code = code;
  return diagnostic;
}

interface Shown {
  readonly source: Found['source'];
  /** One of each dataset: two may tell of the same file, a folder and a file in it. */
  readonly entries: DiagnosticCollection;
}

/**
 * What was found in the datasets of the listed runs, as entries of the Problems view: what the newest run on each said,
 * until a newer one has read the data, or it is deleted.
 */
export class Problems implements Disposable {
  readonly #runs: RunList;
  readonly #shown = new Map<string, Shown>();
  readonly #listening: Disposable;
  #timer: NodeJS.Timeout | undefined;

  constructor(runs: RunList) {
    this.#runs = runs;
    this.#listening = runs.onDidChange(() => {
      this.#timer ??= setTimeout(() => {
        this.#timer = undefined;
        this.#draw();
      }, redrawMs);
    });
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#listening.dispose();
    for (const { entries } of this.#shown.values()) entries.dispose();
  }

  #draw(): void {
    const found = foundInDatasets(this.#runs.list());
    for (const [dataset, shown] of this.#shown) {
      if (found.has(dataset)) continue;
      shown.entries.dispose();
      this.#shown.delete(dataset);
    }
    for (const [dataset, one] of found) this.#show(dataset, one);
  }

  #show(dataset: string, { problems, source, readAt }: Found): void {
    const before = this.#shown.get(dataset);
    if (before?.source === source) return;
    const entries = before?.entries ?? languages.createDiagnosticCollection(`infonce ${dataset}`);
    this.#shown.set(dataset, { source, entries });
    // What is only told for information has no place to go to and nothing to mend: the panel shows it.
    const toMend = problems.filter(({ severity }) => severity !== 'info');
    entries.clear();
    for (const [file, of] of problemsByFile(dataset, toMend, readAt)) {
      entries.set(Uri.file(file), of.map(diagnosticOf));
    }
  }
}
