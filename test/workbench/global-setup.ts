import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { ensureDebianPackages, isCommand } from '../../scripts/lib/debian.mjs';
import { SetupProblem } from '../../scripts/lib/problem.mjs';
import { ensureWorkbench, type Workbench } from '../../scripts/lib/workbench.mjs';
import { installExtension, makeProfile } from '../../scripts/lib/workbench-server.mjs';
import { packageExtension } from '../../scripts/package.mjs';

/** What every test of the workbench starts from, or why there can be none. */
export type Prepared =
  | { readonly workbench: Workbench; readonly vsix: string; readonly extensions: string }
  | { readonly missing: string };

declare module 'vitest' {
  export interface ProvidedContext {
    prepared: Prepared;
  }
}

/** Packs the extension and installs the package, once for all files. */
export default async function prepare(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'infonce-installed-'));
  try {
    if (!isCommand('chromium')) await ensureDebianPackages(['chromium'], 'Testing in a browser');
    const workbench = await ensureWorkbench();
    const vsix = await packageExtension();
    const profile = makeProfile(folder);
    await installExtension(workbench, profile, vsix);
    project.provide('prepared', { workbench, vsix, extensions: profile.extensions });
  } catch (error) {
    if (!(error instanceof SetupProblem) || process.env.CI !== undefined) throw error;
    process.stderr.write(`There are no tests in VS Code: ${error.message}. To mend it: ${error.remedy}\n`);
    project.provide('prepared', { missing: `${error.message}: ${error.remedy}` });
  }
  return () => rm(folder, { recursive: true, force: true });
}
