import { type ExtensionContext, window, workspace } from 'vscode';
import { registerCommands } from './commands/commands';
import { keepContextKeys } from './context-keys';
import { NativeTensorFlow } from './native/native';
import { notifyOfFailures } from './notify';
import { openNotedRun } from './open-at-start';
import { Panels } from './panel/panels';
import { Problems } from './problems';
import { RunList } from './runs/run-list';
import { trainerStarter } from './runs/start-trainer';
import { createRunsView } from './runs/tree';
import { StatusBar } from './status-bar';
import { registerTools } from './tools/tools';

/** Wires the parts together. Nothing is read before trust but the names of folders, and nothing is started that was not asked for. */
export function activate(extension: ExtensionContext): void {
  const log = window.createOutputChannel('InfoNCE Lab', { log: true });
  const native = new NativeTensorFlow(extension, log);
  const startTrainer = trainerStarter(extension, native, log);
  const runs = new RunList(startTrainer, extension, log);
  const problems = new Problems(runs);
  const panels = new Panels({ extension, runs, native, log });
  const { view, disposables } = createRunsView(runs);
  const commands = registerCommands({ extension, runs, panels, native, view, startTrainer, log });
  const tools = registerTools({ extension, runs, native, startTrainer, log });
  const status = new StatusBar(runs, native);
  const failures = notifyOfFailures(runs, log);
  const keys = keepContextKeys(runs, native);
  const fault = (error: unknown): void => log.error(error as Error);
  const goOn = (): void => {
    runs.restore().catch(fault);
    // What their data were warned of is among the problems from the start.
    runs.findRecords().catch(fault);
    openNotedRun(runs, panels).catch(fault);
  };
  const trusted = workspace.onDidGrantWorkspaceTrust(goOn);
  // What was begun before waits until the extension is there.
  setImmediate(goOn);
  // In the order in which they are taken down.
  extension.subscriptions.push(
    commands,
    tools,
    trusted,
    status,
    failures,
    ...keys,
    ...disposables,
    panels,
    runs,
    problems,
    native,
    log,
  );
}
