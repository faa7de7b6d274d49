import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import { pageOptions } from '../../scripts/build.mjs';
import { chromiumOptions } from '../../scripts/lib/chromium.mjs';

export const themes = ['light', 'dark', 'hc-dark', 'hc-light'] as const;
export type ThemeName = (typeof themes)[number];

const here = import.meta.dirname;
const types: Readonly<Record<string, string>> = {
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.ttf': 'font/ttf',
  '.png': 'image/png',
};

/** What an editor puts around a page: its style sheet, the theme's variables, body classes, and `acquireVsCodeApi`. */
function html(theme: ThemeName, bodyClasses: readonly string[], nonce: string): string {
  const look = readFileSync(path.join(here, 'themes', `${theme}.json`), 'utf8');
  // The same policy as the panel's, with the server in the place of `cspSource`.
  const policy = `default-src 'none'; script-src 'nonce-${nonce}'; style-src 'self'; font-src 'self'; img-src 'self' blob: data:`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>InfoNCE Lab</title>
<link rel="stylesheet" href="/default.css">
<link rel="stylesheet" href="/webview.css">
</head>
<body>
<script nonce="${nonce}">
const theme = ${look};
window.setTheme = ({ variables, bodyClasses, bodyData }) => {
  document.documentElement.removeAttribute('style');
  for (const [name, value] of Object.entries(variables)) document.documentElement.style.setProperty(name, value);
  document.body.className = [...bodyClasses, ...${JSON.stringify(bodyClasses)}].join(' ');
  Object.assign(document.body.dataset, bodyData);
};
setTheme(theme);
window.acquireVsCodeApi = () => Object.freeze({
  postMessage: (message) => { void window.postToHost(message); },
  getState: () => JSON.parse(sessionStorage.getItem('state') ?? 'null') ?? undefined,
  setState: (state) => sessionStorage.setItem('state', JSON.stringify(state)),
});
</script>
<script nonce="${nonce}" src="/webview.js"></script>
</body>
</html>`;
}

/** Serves the page that was just built, and images of a dataset, to this machine alone. */
function serve(folder: string): Server {
  return createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    if (url.pathname === '/') {
      const theme = themes.find((name) => name === url.searchParams.get('theme')) ?? 'dark';
      const classes = url.searchParams.get('classes')?.split(' ') ?? [];
      response.setHeader('content-type', 'text/html; charset=utf-8');
      response.end(html(theme, classes, randomBytes(16).toString('hex')));
      return;
    }
    const name = path.basename(url.pathname);
    if (name === 'favicon.ico') {
      response.statusCode = 204;
      response.end();
      return;
    }
    // `/image?path=…` stands for the addresses that the editor gives to files of the dataset.
    const file =
      name === 'image'
        ? (url.searchParams.get('path') ?? '')
        : name === 'default.css'
          ? path.join(here, 'themes', name)
          : path.join(folder, name);
    if (!existsSync(file)) {
      response.statusCode = 404;
      response.end();
      return;
    }
    response.setHeader('content-type', types[path.extname(file)] ?? 'application/octet-stream');
    response.end(readFileSync(file));
  });
}

export interface Bench {
  readonly browser: Browser;
  /** `http://127.0.0.1:41234` */
  readonly address: string;
}

/** Builds the page and starts server and browser for the tests of a file. */
export function useBrowser(): () => Bench {
  let bench: Bench | undefined;
  let server: Server | undefined;
  let folder: string | undefined;
  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'infonce-page-'));
    await build(pageOptions(folder));
    server = serve(folder).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const browser = await chromium.launch(chromiumOptions);
    bench = { browser, address: `http://127.0.0.1:${port}` };
  });
  afterAll(async () => {
    await bench?.browser.close();
    server?.close();
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  });
  return () => {
    if (bench === undefined)
      throw new Error('the browser is started before the tests, not while they are collected');
    return bench;
  };
}
