/** Puts the page together. */
import '@xterm/xterm/css/xterm.css';
import './look/base.css';
import './look/controls.css';
import './overview/overview.css';
import './session/session.css';
import { render } from 'preact';
import { App } from './app.tsx';
import { listenForShortcuts } from './commands/shortcuts.ts';
import { styleThroughObjects } from './content-security.ts';
import { createPage, PageContext } from './page.ts';

styleThroughObjects(document);
const page = createPage(new URL('.', location.href));
listenForShortcuts(page);
const place = document.querySelector('#page') as HTMLElement;
// Preact 11 leaves what stood there below what it draws.
place.replaceChildren();
render(
  <PageContext.Provider value={page}>
    <App />
  </PageContext.Provider>,
  place,
);
void page.link.run();
