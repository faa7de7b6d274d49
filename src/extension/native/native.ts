import { join } from 'node:path';
import {
  commands,
  type Disposable,
  EventEmitter,
  type ExtensionContext,
  type LogOutputChannel,
  l10n,
  StatusBarAlignment,
  window,
  workspace,
} from 'vscode';
import type { NativeVariables } from '../../engine/tensorflow/locate';
import type { Native, NativeState } from '../types';
import { findFault, findNative, type NativeFound } from './find';
import type { LibraryOutcome } from './library-program';
import { withFetchProgress } from './progress';

const setting = 'infonce.libtensorflowFolder';
/** Kept for the user, over all workspaces: that native TensorFlow was refused, and which one was seen to compute. */
const refusedKey = 'native.refused';
const triedKey = 'native.tried';

/** Finds libtensorflow, or asks once and fetches it; where it cannot be had the JavaScript backend serves, and why is said. */
export class NativeTensorFlow implements Native {
  readonly #extension: ExtensionContext;
  readonly #log: LogOutputChannel;
  readonly #changed = new EventEmitter<NativeState>();
  readonly onDidChange = this.#changed.event;
  readonly #watcher: Disposable;
  #state: NativeState | undefined;
  #environment: NativeVariables = {};
  #looking: Promise<NativeState> | undefined;
  #fetching: Promise<NativeState> | undefined;

  constructor(extension: ExtensionContext, log: LogOutputChannel) {
    this.#extension = extension;
    this.#log = log;
    this.#watcher = workspace.onDidChangeConfiguration((event) => {
      if (!event.affectsConfiguration(setting) || this.#looking === undefined) return;
      this.#looking = undefined;
      this.ready().catch((error: unknown) => this.#log.error(error as Error));
    });
  }

  get state(): NativeState | undefined {
    return this.#state;
  }

  environment(): Readonly<Record<string, string>> {
    return { ...this.#environment };
  }

  ready(): Promise<NativeState> {
    // One that failed is not kept: the next training looks again.
    this.#looking ??= this.#look().catch((error: unknown) => {
      this.#looking = undefined;
      throw error;
    });
    return this.#looking;
  }

  async setUp(): Promise<void> {
    const found = this.#find();
    if (found.status === 'impossible') {
      await this.#explain(found);
      return;
    }
    await this.#extension.globalState.update(refusedKey, undefined);
    this.#looking = found.status === 'found' ? this.#use(found) : this.#fetch();
    const state = await this.#looking;
    if (state.backend === 'native')
      await window.showInformationMessage(l10n.t('Native TensorFlow is set up: {0}', state.library));
  }

  dispose(): void {
    this.#watcher.dispose();
    this.#changed.dispose();
  }

  #find(): NativeFound {
    const { extensionPath, globalStorageUri } = this.#extension;
    const chosen = workspace.getConfiguration().get<string>(setting, '').trim();
    return findNative({
      ...(chosen !== '' && { chosen }),
      storage: globalStorageUri.fsPath,
      binding: join(extensionPath, 'dist', 'native'),
    });
  }

  async #look(): Promise<NativeState> {
    const found = this.#find();
    if (found.status === 'found') return await this.#use(found);
    if (found.status === 'impossible') {
      if (found.chosen) void this.#explain(found);
      return this.#goWithout(found.because);
    }
    if (this.#extension.globalState.get(refusedKey)) return this.#goWithout(refusal());
    return await this.#ask();
  }

  async #ask(): Promise<NativeState> {
    const setUp = l10n.t('Set up (about 270 MB)');
    const refuse = l10n.t('Use JavaScript (slow)');
    const question = l10n.t(
      'InfoNCE Lab trains on native TensorFlow, which has to be set up once for all workspaces.',
    );
    // The editor hides a question after some seconds, while the training waits for the answer.
    const reminder = window.createStatusBarItem('infonce.question', StatusBarAlignment.Left, 11);
    reminder.text = `$(question) ${l10n.t('InfoNCE Lab waits for an answer')}`;
    reminder.command = 'notifications.showList';
    reminder.show();
    const answer = await window.showInformationMessage(question, setUp, refuse);
    reminder.dispose();
    if (answer === setUp) return await this.#fetch();
    // Closing it is no answer: it is asked again in another window.
    if (answer === refuse) await this.#extension.globalState.update(refusedKey, true);
    return this.#goWithout(answer === refuse ? refusal() : l10n.t('native TensorFlow is not set up'));
  }

  #fetch(): Promise<NativeState> {
    this.#fetching ??= this.#fetchOnce().finally(() => {
      this.#fetching = undefined;
    });
    return this.#fetching;
  }

  async #fetchOnce(): Promise<NativeState> {
    // Loaded when it is needed, which is once: the extension starts without it.
    const { fetchLibrary } = await import('./library-program');
    const outcome = await withFetchProgress((onFact, signal) =>
      fetchLibrary({
        extension: this.#extension.extensionPath,
        // The engine's own name for its folder within a cache.
        storage: join(this.#extension.globalStorageUri.fsPath, 'infonce-lab'),
        onFact,
        onLine: (line) => this.#log.info(`set-up: ${line}`),
        signal,
      }),
    );
    this.#log.info(`Set-up of native TensorFlow: ${outcome.outcome}`);
    if (outcome.outcome === 'failed') return this.#failed(outcome);
    if (outcome.outcome === 'cancelled')
      return this.#goWithout(l10n.t('the set-up of native TensorFlow was cancelled'));
    const found = this.#find();
    return found.status === 'found'
      ? await this.#use(found)
      : this.#failed({ outcome: 'failed', reason: 'it was not found afterwards', remedy: 'try again' });
  }

  #failed({ reason, remedy }: Extract<LibraryOutcome, { outcome: 'failed' }>): NativeState {
    void this.#offerAgain(reason, remedy);
    return this.#goWithout(l10n.t('native TensorFlow could not be set up: {0}', reason));
  }

  async #offerAgain(reason: string, remedy: string): Promise<void> {
    this.#log.warn(`Set-up of native TensorFlow failed: ${reason}. To mend it: ${remedy}`);
    const again = l10n.t('Try Again');
    const showLog = l10n.t('Show Log');
    const message = l10n.t('Native TensorFlow could not be set up: {0}. To mend it: {1}.', reason, remedy);
    const answer = await window.showErrorMessage(message, again, showLog);
    if (answer === again) await this.setUp();
    else if (answer === showLog) this.#log.show();
  }

  /** What the set-up cannot mend, and for a folder of the user's own the way to it. */
  async #explain({ because, chosen }: Extract<NativeFound, { status: 'impossible' }>): Promise<void> {
    if (!chosen) {
      await window.showWarningMessage(l10n.t('The JavaScript backend serves: {0}.', because));
      return;
    }
    const open = l10n.t('Open Setting');
    const message = l10n.t('The setting {0} does not lead to TensorFlow: {1}.', setting, because);
    if ((await window.showWarningMessage(message, open)) === open) {
      await commands.executeCommand('workbench.action.openSettings', setting);
    }
  }

  /** One that was not yet seen to compute on this machine is tried out first: a library that crashes would end the training. */
  async #use({ library, environment }: Extract<NativeFound, { status: 'found' }>): Promise<NativeState> {
    const { globalState, extension } = this.#extension;
    const key = `${library} ${extension.packageJSON.version} ${process.versions.modules}`;
    if (globalState.get(triedKey) !== key) {
      const fault = await findFault(environment);
      if (fault !== undefined)
        return this.#goWithout(l10n.t('native TensorFlow in {0} does not work: {1}', library, fault));
      await globalState.update(triedKey, key);
    }
    this.#environment = environment;
    return this.#tell({ backend: 'native', library });
  }

  #goWithout(because: string): NativeState {
    this.#environment = { INFONCE_WITHOUT_NATIVE: because };
    return this.#tell({ backend: 'javascript', because });
  }

  #tell(state: NativeState): NativeState {
    this.#state = state;
    this.#log.info(
      state.backend === 'native' ? `TensorFlow: ${state.library}` : `JavaScript backend: ${state.because}`,
    );
    this.#changed.fire(state);
    return state;
  }
}

function refusal(): string {
  return l10n.t('native TensorFlow was not wished for');
}
