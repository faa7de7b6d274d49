import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readManifest } from './native-packages.mjs';

const licenceFile = /^(licen[cs]e|copying|notice|third[-_]?party)/i;

/**
 * The names, versions and licences of packages, in full, as their licences ask for.
 * @param {readonly string[]} folders of the packages
 * @returns {string}
 */
export function thirdPartyNotices(folders) {
  const texts = [...new Set(folders)].map(noticeOf).sort((a, b) => (a < b ? -1 : 1));
  return `InfoNCE Lab contains the following packages, each under its own licence.\n\n${texts.join('\n')}`;
}

/** @param {string} folder */
function noticeOf(folder) {
  const { name, version, license, author, repository } = readManifest(folder);
  const files = readdirSync(folder).filter((file) => licenceFile.test(file));
  // libvips lists the licences of its parts there.
  if (files.length === 0 && existsSync(join(folder, 'README.md'))) files.push('README.md');
  if (files.length === 0 && license === undefined) throw new Error(`${name} comes without a licence`);
  const texts = files.map((file) => readFileSync(join(folder, file), 'utf8').trim());
  const by = typeof author === 'string' ? author : author?.name;
  const from = typeof repository === 'string' ? repository : repository?.url;
  const head = [`${name} ${version}`, `Licence: ${license ?? 'as follows'}`];
  if (by !== undefined) head.push(`Author: ${by}`);
  if (from !== undefined) head.push(`Source: ${from}`);
  const rule = '-'.repeat(79);
  return [rule, ...head, '', ...texts, ''].join('\n');
}
