import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { Diagnostic, DiagnosticSeverity, type Disposable, l10n, languages, Range, Uri } from 'vscode';
import type { Problem } from '../protocol/dataset';
import { lineOfSetting } from './setting-line';

const settingsName = 'infonce.json';

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

/** The file that a problem is about; what concerns the whole dataset is told at its settings, where there are any. */
function fileOf(dataset: string, file: string | undefined): string {
  const folder = statSync(dataset, { throwIfNoEntry: false })?.isDirectory() === true;
  if (file !== undefined) return path.resolve(folder ? dataset : path.dirname(dataset), file);
  const settings = path.join(dataset, settingsName);
  return folder && existsSync(settings) ? settings : dataset;
}

/** With its line, where it is about a setting. */
function placed(problem: Problem, file: string): Problem {
  if (problem.line !== undefined || path.basename(file) !== settingsName || !existsSync(file)) return problem;
  const line = lineOfSetting(readFileSync(file, 'utf8'), problem.message);
  return line === undefined ? problem : { ...problem, line };
}

/** What the pre-flight found, as entries of the Problems view. */
export class Problems implements Disposable {
  readonly #collection = languages.createDiagnosticCollection('infonce');
  readonly #files = new Map<string, readonly Uri[]>();

  /** Replaces what was told of this dataset before. */
  show(dataset: string, problems: readonly Problem[]): void {
    for (const file of this.#files.get(dataset) ?? []) this.#collection.delete(file);
    const byFile = new Map<string, Diagnostic[]>();
    for (const problem of problems) {
      // What is only told for information has no place to go to and nothing to mend: the panel shows it.
      if (problem.severity === 'info') continue;
      const file = fileOf(dataset, problem.file);
      byFile.set(file, [...(byFile.get(file) ?? []), diagnosticOf(placed(problem, file))]);
    }
    const entries = [...byFile].map(([file, found]): [Uri, Diagnostic[]] => [Uri.file(file), found]);
    for (const [file, found] of entries) this.#collection.set(file, found);
    this.#files.set(
      dataset,
      entries.map(([file]) => file),
    );
  }

  dispose(): void {
    this.#collection.dispose();
  }
}
