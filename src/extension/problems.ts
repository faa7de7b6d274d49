import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { Diagnostic, DiagnosticSeverity, type Disposable, languages, Range, Uri } from 'vscode';
import type { Problem } from '../protocol/dataset';

const severities = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  info: DiagnosticSeverity.Information,
} as const;

function diagnosticOf({ severity, code, message, line, count }: Problem): Diagnostic {
  const row = Math.max(0, (line ?? 1) - 1);
  const often = count !== undefined && count > 1 ? ` (${count.toLocaleString('en-US')} times)` : '';
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
  const settings = path.join(dataset, 'infonce.json');
  return folder && existsSync(settings) ? settings : dataset;
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
      const file = fileOf(dataset, problem.file);
      byFile.set(file, [...(byFile.get(file) ?? []), diagnosticOf(problem)]);
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
