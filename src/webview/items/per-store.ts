import type { Store } from '../store';

/** Something that outlives the views, which come and go as the user turns to them; it is not kept over reloading. */
export function perStore<T>(make: () => T): (store: Store) => T {
  const values = new WeakMap<Store, T>();
  return (store) => {
    let value = values.get(store);
    if (value === undefined) values.set(store, (value = make()));
    return value;
  };
}
