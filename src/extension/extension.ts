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

/** Wires the parts together. Nothing is read and nothing is started before it is asked for, and never before trust. */
export function activate(extension: ExtensionContext): void {
  const log = window.createOutputChannel('InfoNCE Lab', { log: true });
  const native = new NativeTensorFlow(extension, log);
  const startTrainer = trainerStarter(extension, native, log);
  const problems = new Problems();
  const runs = new RunList(startTrainer, problems, log);
  const panels = new Panels({ extension, runs, native, log });
  const { view, disposables } = createRunsView(runs);
  const commands = registerCommands({ extension, runs, panels, native, view, startTrainer, log });
  const tools = registerTools({ extension, runs, native, startTrainer, log });
  const status = new StatusBar(runs, native);
  const failures = notifyOfFailures(runs, problems, log);
  const keys = keepContextKeys(runs, native);
  const showNoted = (): void => {
    openNotedRun(runs, panels).catch((error: unknown) => log.error(error as Error));
  };
  const trusted = workspace.onDidGrantWorkspaceTrust(showNoted);
  showNoted();
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
