import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { until } from './wait';

/** What a call came to: the text of the answer, or the message of the error. */
export type Called = { readonly text: string } | { readonly error: string; readonly name: string };

export interface OfferedTool {
  readonly name: string;
  readonly description: string;
  readonly inputSchema: { readonly properties: Readonly<Record<string, { readonly description?: string }>> };
  readonly tags: readonly string[];
}

/** The program of an extension that calls tools as an agent does: what it is to call it is told by files. */
const program = (exchange: string): string => `
const { existsSync } = require('node:fs');
const { readdir, readFile, rename, rm, writeFile } = require('node:fs/promises');
const path = require('node:path');
const { CancellationTokenSource, lm, workspace } = require('vscode');

async function call({ tool, input }, takenBack) {
  const source = new CancellationTokenSource();
  const timer = setInterval(() => existsSync(takenBack) && source.cancel(), 20);
  try {
    const { content } = await lm.invokeTool(tool, { input, toolInvocationToken: undefined }, source.token);
    return { text: content.map(({ value }) => value).join('') };
  } catch (error) {
    return { error: error.message, name: error.name };
  } finally {
    clearInterval(timer);
  }
}

async function answer(folder, name) {
  const asked = JSON.parse(await readFile(path.join(folder, name), 'utf8'));
  await rm(path.join(folder, name));
  const told = asked.tool === undefined
    ? lm.tools.map(({ name, description, inputSchema, tags }) => ({ name, description, inputSchema, tags }))
    : await call(asked, path.join(folder, name.replace('.ask', '.back')));
  const file = path.join(folder, name.replace('.ask', '.answer'));
  await writeFile(file + '.part', JSON.stringify(told));
  await rename(file + '.part', file);
}

exports.activate = ({ subscriptions }) => {
  const folder = path.join(${JSON.stringify(exchange)}, workspace.name);
  const look = async () => {
    for (const name of await readdir(folder).catch(() => [])) {
      if (name.endsWith('.ask')) answer(folder, name).catch(() => undefined);
    }
  };
  const timer = setInterval(look, 50);
  subscriptions.push({ dispose: () => clearInterval(timer) });
};
`;

const manifest = {
  name: 'agent',
  publisher: 'test',
  version: '1.0.0',
  engines: { vscode: '^1.100.0' },
  main: './agent.js',
  activationEvents: ['onStartupFinished'],
  capabilities: { untrustedWorkspaces: { supported: true } },
};

/** Writes an extension that calls the tools of others into a folder of extensions. @param exchange where it looks for what to call */
export async function addAgent(extensions: string, exchange: string): Promise<void> {
  const folder = path.join(extensions, 'test.agent-1.0.0');
  await mkdir(folder);
  await writeFile(path.join(folder, 'package.json'), JSON.stringify(manifest));
  await writeFile(path.join(folder, 'agent.js'), program(exchange));
}

/** The agent in the window of one workspace. */
export class Agent {
  readonly #folder: string;
  #calls = 0;

  constructor(exchange: string, workspace: string) {
    this.#folder = path.join(exchange, path.basename(workspace));
  }

  /** The tools of the extension that an agent is offered. */
  async tools(): Promise<readonly OfferedTool[]> {
    const tools = (await this.#ask({})) as readonly OfferedTool[];
    return tools.filter(({ name }) => name.startsWith('infonce_'));
  }

  async call(tool: string, input: object): Promise<Called> {
    return (await this.#ask({ tool, input })) as Called;
  }

  /** Takes back the last call. */
  async takeBack(): Promise<void> {
    await writeFile(path.join(this.#folder, `${this.#calls}.back`), '');
  }

  /** The answer of a call that has to succeed. */
  async answerOf<T>(tool: string, input: object): Promise<T> {
    const called = await this.call(tool, input);
    if ('error' in called) throw new Error(`${tool}: ${called.error}`);
    return JSON.parse(called.text) as T;
  }

  /** The message of a call that has to fail. */
  async errorOf(tool: string, input: object): Promise<string> {
    const called = await this.call(tool, input);
    if ('error' in called) return called.error;
    throw new Error(`${tool} was answered: ${called.text}`);
  }

  async #ask(asked: object): Promise<unknown> {
    const name = path.join(this.#folder, String(++this.#calls));
    await mkdir(this.#folder, { recursive: true });
    await writeFile(`${name}.part`, JSON.stringify(asked));
    await rename(`${name}.part`, `${name}.ask`);
    const text = await until(
      `the answer to ${JSON.stringify(asked)}`,
      async () => await readFile(`${name}.answer`, 'utf8').catch(() => undefined),
    );
    return JSON.parse(text);
  }
}
