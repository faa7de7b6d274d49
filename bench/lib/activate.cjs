/**
 * Loads and activates the extension without an editor, and prints how many milliseconds that took:
 * `NODE_PATH=bench/lib/no-editor node bench/lib/activate.cjs <folder of the extension>`.
 */
const path = require('node:path');
const anything = require('vscode');

const folder = path.resolve(process.argv[2]);
// As in a window without a workspace, which has no storage.
const own = { subscriptions: [], extensionPath: folder, storageUri: undefined };
const context = new Proxy(own, { get: (target, name) => (name in target ? target[name] : anything) });
const from = performance.now();
require(path.join(folder, 'dist/extension.js')).activate(context);
const milliseconds = performance.now() - from;
process.stdout.write(`${milliseconds}\n`);
// What it watches would go on.
process.exit();
