/** Stands in for the editor where there is none: whatever is called, constructed, extended or read of it is the same again. */
const primitives = new Map([
  [Symbol.toPrimitive, () => ''],
  [Symbol.iterator, () => [].values()],
  ['then', undefined],
  ['length', 0],
]);

function Anything() {}

const anything = new Proxy(Anything, {
  get: (target, name) =>
    primitives.has(name) ? primitives.get(name) : name === 'prototype' ? target.prototype : anything,
  apply: () => anything,
  construct: (target, given, constructed) =>
    constructed === anything ? anything : Reflect.construct(target, given, constructed),
});

module.exports = anything;
