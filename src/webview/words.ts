/**
 * Every sentence of the page goes through `t`. The English text is its own key, as in `vscode.l10n`, whose bundle can be
 * handed in as it is.
 */
let bundle: ReadonlyMap<string, string> = new Map();

/** Translations by English text, with the same places `{0}`, `{1}` …; what is missing stays English. */
export function useWords(words: Readonly<Record<string, string>>): void {
  bundle = new Map(Object.entries(words));
}

export function t(message: string, ...values: readonly (string | number)[]): string {
  return (bundle.get(message) ?? message).replace(/\{(\d+)\}/g, (place, index: string) =>
    String(values[Number(index)] ?? place),
  );
}
