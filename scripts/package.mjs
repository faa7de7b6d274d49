#!/usr/bin/env node
/** `npm run package`: an installable package of the extension for this platform, in `build/`. */
import { copyFileSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { runScript } from './lib/entry.mjs';
import { copyNativePackages, nativePackages, readManifest } from './lib/native-packages.mjs';
import { thirdPartyNotices } from './lib/notices.mjs';
import { root } from './lib/places.mjs';
import { createScratch, remove } from './lib/scratch.mjs';
import { setUp } from './setup.mjs';

const target = `${process.platform}-${process.arch}`;

/** What only a clone needs; npm's dependencies are in the bundles, or beside them. */
const ofTheClone = new Set(['scripts', 'dependencies', 'devDependencies', 'private', 'bin']);

/**
 * Sets up, builds and packs.
 * @returns {Promise<string>} path of the package
 */
export async function packageExtension() {
  return await pack(await setUp());
}

/**
 * Packs what has been built. `.vscodeignore` says which files of the clone go in; the packages with compiled code and the
 * notices of everybody's licences are added.
 * @param {readonly string[]} bundled the folders of the packages in the bundles, relative to the clone
 * @returns {Promise<string>} path of the package
 */
export async function pack(bundled) {
  const { default: vsce } = await import('@vscode/vsce');
  const stage = createScratch(join(root, 'build'));
  try {
    const files = await vsce.listFiles({ cwd: root, packageManager: vsce.PackageManager.None });
    for (const file of files) {
      mkdirSync(dirname(join(stage, file)), { recursive: true });
      copyFileSync(join(root, file), join(stage, file));
    }
    const manifest = stripped(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));
    writeFileSync(join(stage, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
    writeFileSync(join(stage, 'README.md'), pageOfExtension());
    copyNativePackages(root, join(stage, 'dist/node_modules'));
    const packages = [...bundled.map((folder) => join(root, folder)), ...nativePackages(root)];
    writeFileSync(join(stage, 'THIRD_PARTY_NOTICES.txt'), thirdPartyNotices(packages));
    // All that lies here goes in.
    writeFileSync(join(stage, '.vscodeignore'), '');
    const packed = join(stage, 'packed.vsix');
    await vsce.createVSIX({ cwd: stage, packagePath: packed, target, ...leaveLinksAlone });
    const vsix = join(root, 'build', `infonce-lab-${target}-${readManifest(root).version}.vsix`);
    renameSync(packed, vsix);
    return vsix;
  } finally {
    remove(stage);
  }
}

/** The editor shows this page of an installed extension, but no pictures that lie beside it: they go into the text. */
function pageOfExtension() {
  const page = join(root, 'docs/extension.md');
  return readFileSync(page, 'utf8').replace(/\]\((\S+\.png)\)/g, (_, picture) => {
    const content = readFileSync(join(dirname(page), picture)).toString('base64');
    return `](data:image/png;base64,${content})`;
  });
}

/** It is not published from here. */
const leaveLinksAlone = { dependencies: false, allowMissingRepository: true, rewriteRelativeLinks: false };

/** @param {Record<string, unknown>} manifest */
function stripped(manifest) {
  return Object.fromEntries(Object.entries(manifest).filter(([key]) => !ofTheClone.has(key)));
}

await runScript(import.meta.url, async () => {
  const vsix = await packageExtension();
  const megabytes = (statSync(vsix).size / 1e6).toFixed(1);
  process.stdout.write(`\n${relative(process.cwd(), vsix)} (${megabytes} MB)\n`);
  process.stdout.write(
    'Install it with "Extensions: Install from VSIX…", or try it with `npm run workbench`.\n',
  );
});
