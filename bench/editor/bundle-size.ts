import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Bench } from './bench';

/** The panel's script and style sheet as they are in the package. */
export const bundleSize: Bench = async ({ lab }) => {
  const dist = path.join(await lab.extension(), 'dist');
  const files = await Promise.all(
    ['webview.js', 'webview.css'].map((name) => readFile(path.join(dist, name))),
  );
  const bytes = files.reduce((sum, file) => sum + gzipSync(file).length, 0);
  return [{ name: 'webview bundle, gzipped', of: 'worst', samples: [bytes / 1000], unit: 'KB', bound: 500 }];
};
