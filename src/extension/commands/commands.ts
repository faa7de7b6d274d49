import { commands, Disposable } from 'vscode';
import { requireTrust, showFailure } from '../ask';
import type { Lab } from './lab';
import * as run from './run-actions';

type Handler = (lab: Lab, clicked: unknown, selected: unknown) => Promise<void>;

/** A handler that is loaded when it is first used. */
function later<M>(load: () => Promise<M>, pick: (module: M) => Handler): Handler {
  return async (...given) => await pick(await load())(...given);
}

const handlers: Readonly<Record<string, Handler>> = {
  'infonce.train': later(
    () => import('./train'),
    (module) => module.trainClicked,
  ),
  'infonce.trainWithOptions': later(
    () => import('./train'),
    (module) => module.trainWithOptions,
  ),
  'infonce.stop': run.stop,
  'infonce.resume': run.resume,
  'infonce.again': run.again,
  'infonce.openPanel': run.openPanel,
  'infonce.compareMethods': later(
    () => import('./compare'),
    (module) => module.compareMethods,
  ),
  'infonce.compareRuns': later(
    () => import('./compare'),
    (module) => module.compareRuns,
  ),
  'infonce.lookUp': later(
    () => import('./look-up'),
    (module) => module.lookUp,
  ),
  'infonce.exportModel': later(
    () => import('./export'),
    (module) => module.exportModel,
  ),
  'infonce.exportEmbeddings': later(
    () => import('./export'),
    (module) => module.exportEmbeddings,
  ),
  'infonce.newConfig': later(
    () => import('./config'),
    (module) => module.newConfig,
  ),
  'infonce.openSample': later(
    () => import('./sample'),
    (module) => module.openSample,
  ),
  'infonce.deleteRun': run.deleteRun,
  'infonce.revealRunFolder': run.revealFolder,
  'infonce.setUpTensorFlow': async ({ native }) => {
    if (await requireTrust()) await native.setUp();
  },
  'infonce.showWork': run.showWork,
  'infonce.showLog': async ({ log }) => log.show(),
  'infonce.doctor': later(
    () => import('./doctor'),
    (module) => module.doctor,
  ),
};

export function registerCommands(lab: Lab): Disposable {
  const registered = Object.entries(handlers).map(([id, handle]) =>
    commands.registerCommand(id, async (clicked?: unknown, selected?: unknown) => {
      lab.log.debug(id);
      try {
        await handle(lab, clicked, selected);
      } catch (error) {
        await showFailure(error, lab.log);
      }
    }),
  );
  return Disposable.from(...registered);
}
