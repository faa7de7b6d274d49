import { MarkdownString } from 'vscode';

/** Lines as they are: names in them are no markup, and make no lines of their own. */
export function plain(...lines: readonly string[]): MarkdownString {
  return new MarkdownString().appendText(lines.map((line) => line.replaceAll(/\s+/g, ' ')).join('\n'));
}
