/** To the clipboard, as far as the browser lets a page. */
import type { Notices } from '../notices/notices.ts';
import type { TerminalView } from './terminal-view.ts';

/** What is selected in a terminal. */
export async function copyText(view: TerminalView | undefined, notices: Notices): Promise<void> {
  const text = view?.selection ?? '';
  if (text === '') return;
  try {
    await navigator.clipboard.writeText(text);
    notices.show('Copied.');
  } catch {
    // Without TLS, and away from localhost, a browser has no clipboard for pages; its own command still works.
    view?.focus();
    if (document.execCommand('copy')) notices.show('Copied.');
    else notices.show('The browser does not let this page copy.', 'error');
  }
}
