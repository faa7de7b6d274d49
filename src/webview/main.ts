import '@vscode/codicons/dist/codicon.css';
import './style/base.css';
import './views';
import { connectHost } from './host';
import { Page } from './shell/page';
import { Store } from './store';

const { host, memory } = connectHost();
const page = new Page();
page.store = new Store(host, memory);
document.body.append(page);
