import { readFileSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { availableParallelism, cpus, freemem, homedir, totalmem } from 'node:os';
import { dirname } from 'node:path';
import specification from './libtensorflow.json';
import { homely, locateNative, nativePlaces, readBindingManifest } from './locate';
import { type Damage, findDamage, runProgram, tryNative } from './probe';

/** One thing that training needs: what was found, and how to mend it where it is not well. */
export interface DoctorCheck {
  readonly name: string;
  readonly ok: boolean;
  readonly found: string;
  readonly remedy?: string;
}

export interface DoctorReport {
  /** True if every check is. */
  readonly ok: boolean;
  readonly checks: readonly DoctorCheck[];
}

/** libtensorflow, its wheel while it is unpacked, and room for runs, bytes. */
const roomNeeded = 2e9;
/** TensorFlow with a small model takes half a gigabyte, bytes. */
const memoryNeeded = 1e9;

const remedy = 'npm run setup';

/** Examines the machine and the installation; reads libtensorflow in full (850 MB), so it takes a few seconds. */
export async function examine(): Promise<DoctorReport> {
  const checks = [
    checkNode(),
    await checkPython(),
    await checkCompiler(),
    await checkLibrary(),
    await checkBinding(),
    await checkComputation(),
    await checkPackage('sharp', async () => {
      const { default: sharp } = await import('sharp');
      await sharp({ create: { width: 2, height: 2, channels: 3, background: 'red' } })
        .png()
        .toBuffer();
    }),
    await checkPackage('tokenizers', async () => {
      const { BPE, Tokenizer } = await import('tokenizers');
      await new Tokenizer(BPE.empty()).encode('');
    }),
    await checkDisk(),
    checkProcessor(),
    checkMemory(),
  ];
  return { ok: checks.every(({ ok }) => ok), checks };
}

function check(name: string, ok: boolean, found: string, remedy: string): DoctorCheck {
  return ok ? { name, ok, found } : { name, ok, found, remedy };
}

function checkNode(): DoctorCheck {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  return check(
    'Node',
    major > 20 || (major === 20 && minor >= 9),
    process.versions.node,
    'install Node 20.9 or newer',
  );
}

/** Tools of set-up may be absent where it has done its work. */
function checkTool(name: string, version: string | undefined, remedy: string): DoctorCheck {
  const needed = locateNative().status === 'missing';
  const absent = needed ? 'not found' : 'not found; needed only by set-up, which is done';
  return check(name, version !== undefined || !needed, version ?? absent, remedy);
}

async function checkPython(): Promise<DoctorCheck> {
  const python = await runProgram('python3', ['--version']);
  const pip = await runProgram('python3', ['-m', 'pip', '--version']);
  const version = /^pip \S+/.exec(pip.output)?.[0];
  const works = python.failure === undefined && pip.failure === undefined && version !== undefined;
  return checkTool(
    'Python and pip',
    works ? `${python.output}, ${version}` : undefined,
    'sudo apt install python3-pip',
  );
}

async function checkCompiler(): Promise<DoctorCheck> {
  for (const name of [process.env.CXX, 'g++', 'clang++', 'c++']) {
    if (name === undefined || name === '') continue;
    const { output, failure } = await runProgram(name, ['--version']);
    if (failure === undefined) return checkTool('C++ compiler', output.split('\n')[0], '');
  }
  return checkTool('C++ compiler', undefined, 'sudo apt install g++');
}

async function checkLibrary(): Promise<DoctorCheck> {
  const { library } = nativePlaces();
  const damage = await findDamage(library, specification.libraries);
  const size = specification.libraries.reduce((sum, file) => sum + file.size, 0);
  return checkFiles(
    'libtensorflow',
    library,
    damage,
    `${specification.version}, ${Math.round(size / 1e6)} MB, `,
  );
}

async function checkBinding(): Promise<DoctorCheck> {
  const { binding } = nativePlaces();
  const files = readBindingManifest(binding);
  const damage =
    files === undefined ? { message: 'not compiled', hidden: false } : await findDamage(binding, files);
  return checkFiles('TensorFlow binding', binding, damage, '');
}

function checkFiles(name: string, folder: string, damage: Damage | undefined, about: string): DoctorCheck {
  const where = homely(folder);
  if (damage === undefined) return check(name, true, `${about}SHA-256 verified, ${where}`, '');
  return check(name, false, `${damage.message} (${where})`, damage.hidden ? renewal(folder) : remedy);
}

/** Set-up goes by sizes alone, so that it is quick: what it would take for whole has to go first. */
function renewal(folder: string): string {
  return `remove the folder ${homely(folder)}, then ${remedy}`;
}

async function checkComputation(): Promise<DoctorCheck> {
  const name = 'Native TensorFlow';
  const location = locateNative();
  const slow = 'the JavaScript backend serves, about a hundred times slower';
  if (location.status === 'missing')
    return check(name, false, `${location.reason}; ${slow}`, location.remedy);
  const result = await tryNative(location.binding);
  if ('failure' in result) return check(name, false, `${result.failure}; ${slow}`, renewal(location.library));
  return check(name, true, `${result.version} computes`, '');
}

async function checkPackage(name: string, use: () => Promise<void>): Promise<DoctorCheck> {
  const reinstall = 'npm ci --ignore-scripts';
  try {
    await use();
    return check(name, true, packageVersion(name), reinstall);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return check(name, false, message.split('\n')[0] ?? '', reinstall);
  }
}

/** Some packages do not export their package.json, so it is looked for above the main module. */
function packageVersion(name: string): string {
  let folder = dirname(createRequire(import.meta.url).resolve(name));
  while (!folder.endsWith(name)) folder = dirname(folder);
  return (JSON.parse(readFileSync(`${folder}/package.json`, 'utf8')) as { version: string }).version;
}

async function checkDisk(): Promise<DoctorCheck> {
  const { bavail, bsize } = await statfs(process.cwd());
  const home = await statfs(homedir());
  const [here, cache] = [bavail * bsize, home.bavail * home.bsize];
  const found = `${gigabytes(here)} free here, ${gigabytes(cache)} in ~`;
  return check('Disk', Math.min(here, cache) >= roomNeeded, found, `free ${gigabytes(roomNeeded)} or more`);
}

function checkProcessor(): DoctorCheck {
  const cores = availableParallelism();
  return check('Processor', true, `${cores} cores, ${cpus()[0]?.model.trim() ?? 'unknown model'}`, '');
}

function checkMemory(): DoctorCheck {
  const found = `${gigabytes(freemem())} free of ${gigabytes(totalmem())}`;
  return check(
    'Memory',
    freemem() >= memoryNeeded,
    found,
    `close other programs; ${gigabytes(memoryNeeded)} are needed`,
  );
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}
