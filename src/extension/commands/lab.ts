import type { ExtensionContext, LogOutputChannel, TreeView } from 'vscode';
import type { RunList } from '../runs/run-list';
import type { StartTrainer } from '../runs/start-trainer';
import type { Native, Panels, RunRef } from '../types';

/** What commands work with. */
export interface Lab {
  readonly extension: ExtensionContext;
  readonly runs: RunList;
  readonly panels: Panels;
  readonly native: Native;
  readonly view: TreeView<RunRef>;
  readonly startTrainer: StartTrainer;
  readonly log: LogOutputChannel;
}
