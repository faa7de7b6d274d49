import { spawn } from 'node:child_process';

/**
 * @typedef {object} Outcome
 * @property {number | null} code exit code; null when a signal ended it or it could not start
 * @property {NodeJS.Signals | null} signal
 * @property {string} stdout
 * @property {string} stderr
 * @property {boolean} found false when there is no such program
 */

/**
 * Runs a program and collects what it prints.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, onLine?: (line: string) => void, signal?: AbortSignal }} [options]
 *   `onLine` sees each line of stdout as it comes; `signal` ends the program
 * @returns {Promise<Outcome>}
 */
export function capture(program, args, { cwd, env, onLine, signal } = {}) {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(signal && { signal }),
    });
    let stdout = '';
    let stderr = '';
    let line = '';
    child.stdout.setEncoding('utf8').on('data', (/** @type {string} */ text) => {
      stdout += text;
      const lines = (line + text).split('\n');
      line = lines.pop() ?? '';
      if (onLine) for (const whole of lines) onLine(whole);
    });
    child.stderr.setEncoding('utf8').on('data', (/** @type {string} */ text) => {
      stderr += text;
    });
    child.on('error', (error) => {
      resolve({ code: null, signal: null, stdout, stderr: error.message, found: false });
    });
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr, found: true }));
  });
}

/**
 * Runs a program that talks to the terminal itself.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv }} [options]
 * @returns {Promise<number>} its exit code, 128 + n after signal n as shells have it
 */
export function inherit(program, args, { cwd, env } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env, stdio: 'inherit', shell: process.platform === 'win32' });
    process.on('SIGINT', letChildDecide);
    child.on('error', reject);
    child.on('close', (code, signal) => {
      process.off('SIGINT', letChildDecide);
      resolve(code ?? (signal === 'SIGINT' ? 130 : 143));
    });
  });
}

/** Ctrl-C reaches the child too: it ends in its own way and reports its code, and so do we then. */
function letChildDecide() {}

/** The last thing a failed program said, for a one-line message. @param {string} text */
export function lastLine(text) {
  return text.trim().split('\n').at(-1)?.trim() ?? '';
}
