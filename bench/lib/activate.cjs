/**
 * Loads and activates the extension without an editor, and prints how many milliseconds that took:
 * `node bench/lib/activate.cjs <folder of the extension>`.
 */
const Module = require('node:module');
const path = require('node:path');

const primitives = new Map([
  [Symbol.toPrimitive, () => ''],
  [Symbol.iterator, () => [].values()],
  ['then', undefined],
  ['length', 0],
]);

/** Whatever is called, constructed, extended or read of it is the same again. */
const anything = new Proxy(class {}, {
  get: (target, name) =>
    primitives.has(name) ? primitives.get(name) : name === 'prototype' ? target.prototype : anything,
  apply: () => anything,
  construct: (target, given, constructed) =>
    constructed === anything ? anything : Reflect.construct(target, given, constructed),
});

const load = Module._load;
Module._load = (request, ...rest) => (request === 'vscode' ? anything : load(request, ...rest));

const folder = path.resolve(process.argv[2]);
const context = { subscriptions: [], extensionPath: folder, extensionUri: anything, globalState: anything };
const from = performance.now();
require(path.join(folder, 'dist/extension.js')).activate(
  new Proxy(context, {
    get: (target, name) => target[name] ?? anything,
  }),
);
const milliseconds = performance.now() - from;
process.stdout.write(`${milliseconds}\n`);
process.exit();
