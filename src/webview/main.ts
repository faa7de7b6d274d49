import { connectHost } from './host';
import { Store } from './store';

const { host, memory } = connectHost();
export const store = new Store(host, memory);
