import { randomBytes } from 'node:crypto';

export interface PageParts {
  /** What the page may load from, as the webview says. */
  readonly cspSource: string;
  readonly script: string;
  readonly style: string;
  /** BCP 47. */
  readonly language: string;
  readonly title: string;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

function html(policy: string, { style, language, title }: PageParts, rest: string, body: string): string {
  return `<!DOCTYPE html>
<html lang="${escaped(language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escaped(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<link rel="stylesheet" href="${escaped(style)}">
${rest}</head>
<body>${body}</body>
</html>
`;
}

/**
 * The panel's page. One script runs, which carries the nonce of this page; nothing is written into the page as script or
 * style, nothing is evaluated, and nothing is fetched from elsewhere.
 */
export function pageHtml(parts: PageParts): string {
  const nonce = randomBytes(16).toString('base64url');
  const { cspSource, script } = parts;
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${cspSource}`,
    `font-src ${cspSource}`,
    `img-src ${cspSource} blob: data:`,
  ].join('; ');
  return html(policy, parts, `<script nonce="${nonce}" src="${escaped(script)}" defer></script>\n`, '');
}

/** A page of a few sentences, where there is nothing to show. */
export function plainHtml(parts: Omit<PageParts, 'script'>, sentences: readonly string[]): string {
  const policy = `default-src 'none'; style-src ${parts.cspSource}`;
  const body = sentences.map((sentence) => `<p>${escaped(sentence)}</p>`).join('\n');
  return html(policy, { ...parts, script: '' }, '', `<main>\n${body}\n</main>`);
}
