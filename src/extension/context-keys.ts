import { commands, type Disposable } from 'vscode';
import type { RunList } from './runs/run-list';
import type { Native } from './types';

/** Keeps the keys by which menus show only what makes sense: `infonce.hasRuns`, `infonce.javaScriptBackend`. */
export function keepContextKeys(runs: RunList, native: Native): Disposable[] {
  const known = new Map<string, boolean>();
  const set = (key: string, value: boolean): void => {
    if (known.get(key) === value) return;
    known.set(key, value);
    void commands.executeCommand('setContext', key, value);
  };
  return [
    runs.onDidChange(() => set('infonce.hasRuns', runs.list().length > 0)),
    native.onDidChange(({ backend }) => set('infonce.javaScriptBackend', backend === 'javascript')),
  ];
}
