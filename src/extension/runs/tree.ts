import {
  type Disposable,
  EventEmitter,
  l10n,
  ThemeColor,
  ThemeIcon,
  type TreeDataProvider,
  TreeItem,
  type TreeView,
  window,
  workspace,
} from 'vscode';
import { shownName } from '../../protocol/names';
import type { RunHead } from '../../protocol/panel';
import type { RunRef } from '../types';
import type { RunList } from './run-list';
import { tooltipOf } from './tooltip';
import { describeRun, spokenRun } from './words';

/** Runs change ten times a second while they train; the eye needs less. */
const redrawMs = 500;

/** Nothing turns: the description moves, and turning would draw all through the training. */
const icons: Readonly<Record<RunHead['state'], ThemeIcon>> = {
  queued: new ThemeIcon('clock'),
  starting: new ThemeIcon('watch'),
  running: new ThemeIcon('pulse', new ThemeColor('charts.green')),
  completed: new ThemeIcon('pass', new ThemeColor('testing.iconPassed')),
  stopped: new ThemeIcon('debug-pause'),
  failed: new ThemeIcon('error', new ThemeColor('testing.iconFailed')),
  interrupted: new ThemeIcon('debug-disconnect', new ThemeColor('list.warningForeground')),
};

/** `run.completed`, `run.stopped.folder`, …: what the menus go by. */
function contextOf(head: RunHead, folder: string | undefined): string {
  return ['run', head.state, ...(folder === undefined ? [] : ['folder'])].join('.');
}

class RunsProvider implements TreeDataProvider<RunRef>, Disposable {
  readonly #runs: RunList;
  readonly #redraw = new EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.#redraw.event;
  readonly #listening: readonly Disposable[];
  #timer: NodeJS.Timeout | undefined;

  constructor(runs: RunList) {
    this.#runs = runs;
    const soon = (): void => {
      this.#timer ??= setTimeout(() => {
        this.#timer = undefined;
        this.#redraw.fire(undefined);
      }, redrawMs);
    };
    this.#listening = [runs.onDidChange(soon), workspace.onDidGrantWorkspaceTrust(soon)];
  }

  async getChildren(run?: RunRef): Promise<RunRef[]> {
    if (run !== undefined) return [];
    await this.#runs.find();
    return this.#runs.list().map((head) => this.#runs.refOf(head.run));
  }

  getParent(): undefined {
    return undefined;
  }

  getTreeItem(run: RunRef): TreeItem {
    const head = this.#runs.get(run.id);
    if (head === undefined) return new TreeItem(run.id);
    const item = new TreeItem(shownName(head));
    const curve = this.#runs.curveOf(run.id);
    item.id = head.run;
    item.description = describeRun(head, curve);
    item.iconPath = icons[head.state];
    item.contextValue = contextOf(head, run.path);
    item.accessibilityInformation = { label: spokenRun(head, curve) };
    item.command = { command: 'infonce.openPanel', title: l10n.t('Open'), arguments: [run] };
    return item;
  }

  resolveTreeItem(item: TreeItem, run: RunRef): TreeItem {
    const head = this.#runs.get(run.id);
    if (head !== undefined) item.tooltip = tooltipOf(head, this.#runs.curveOf(run.id));
    return item;
  }

  dispose(): void {
    clearTimeout(this.#timer);
    for (const one of this.#listening) one.dispose();
    this.#redraw.dispose();
  }
}

/** The view of all runs of the workspace. */
export function createRunsView(runs: RunList): { view: TreeView<RunRef>; disposables: Disposable[] } {
  const provider = new RunsProvider(runs);
  const view = window.createTreeView('infonce.runs', {
    treeDataProvider: provider,
    canSelectMany: true,
    showCollapseAll: false,
  });
  const seen = view.onDidChangeVisibility(({ visible }) => runs.setSeen(visible));
  runs.setSeen(view.visible);
  return { view, disposables: [seen, view, provider] };
}
