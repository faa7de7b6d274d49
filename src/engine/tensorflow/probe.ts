import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { PinnedFile } from './locate';

/** Longest wait for a program that is only asked for its version, or for one small product, ms. */
const patience = 60_000;

/** Runs a program to its end and answers with what it printed; `failure` says in a few words why it did not work. */
export async function runProgram(
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<{ output: string; failure?: string }> {
  return await new Promise((resolve) => {
    execFile(
      program,
      args,
      { timeout: patience, env: { ...process.env, ...env } },
      (error, stdout, stderr) => {
        if (!error) return resolve({ output: stdout.trim() });
        // Node puts the error before the stack, and its own version last.
        const said = /^\w*Error: (.+)$/m.exec(stderr)?.[1] ?? stderr.trim().split('\n').at(-1) ?? '';
        const failure =
          error.code === 'ENOENT'
            ? 'not found'
            : error.signal
              ? `ended by ${error.signal}`
              : said || error.message;
        resolve({ output: stdout.trim(), failure });
      },
    );
  });
}

/** A product of two matrices by the bare binding: nothing but it and libtensorflow takes part. */
const product = `
  const addon = { exports: {} };
  process.dlopen(addon, process.argv[1]);
  const b = addon.exports;
  const flag = (name) => ({ name, type: b.TF_ATTR_BOOL, value: false });
  const attributes = [flag('transpose_a'), flag('transpose_b'), { name: 'T', type: b.TF_ATTR_TYPE, value: b.TF_FLOAT }];
  const matrix = b.createTensor([2, 2], b.TF_FLOAT, new Float32Array([1, 2, 3, 4]));
  const [output] = b.executeOp('MatMul', attributes, [matrix, matrix], 1);
  console.log([b.TF_Version, ...b.tensorDataSync(output.id)].join(' '));
`;

/**
 * Lets the binding compute in a process of its own, so that a crash is survived.
 * @param env in addition to that of this process
 * @returns TensorFlow's version, or what went wrong
 */
export async function tryNative(
  binding: string,
  env: NodeJS.ProcessEnv = {},
): Promise<{ version: string } | { failure: string }> {
  const { output, failure } = await runProgram(process.execPath, ['-e', product, binding], {
    ...env,
    ELECTRON_RUN_AS_NODE: '1',
    TF_CPP_MIN_LOG_LEVEL: '3',
  });
  if (failure !== undefined) return { failure };
  const [version = '', ...values] = output.split(' ');
  return values.join(' ') === '7 10 15 22'
    ? { version }
    : { failure: `a product came out as ${values.join(' ')}` };
}

/** `hidden`: the sizes are right, so that set-up, which goes by them, would not notice. */
export interface Damage {
  readonly message: string;
  readonly hidden: boolean;
}

/** Reads every file in full and compares size and SHA-256 with what they must be; undefined if all are as they should. */
export async function findDamage(folder: string, files: readonly PinnedFile[]): Promise<Damage | undefined> {
  for (const { name, size, sha256 } of files) {
    const path = join(folder, name);
    const found = await stat(path).catch(() => undefined);
    if (found === undefined) return { message: `${name} is missing`, hidden: false };
    if (found.size !== size)
      return { message: `${name} has ${found.size} bytes instead of ${size}`, hidden: false };
    const hash = createHash('sha256');
    await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash);
    if (hash.digest('hex') !== sha256) {
      return { message: `${name} has the right size and the wrong content`, hidden: true };
    }
  }
  return undefined;
}
