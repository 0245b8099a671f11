/** Goes through vttest's menus and keeps every page it shows. */
import { spawn } from 'node-pty';
import { Screen } from '../../../packages/terminal/src/index.ts';
import { PATH } from '../../harness/programs.ts';
import { until } from '../../harness/until.ts';

const PAGE_END = /Push <RETURN>|Enter choice number/;

/**
 * Chooses `path` from menu to menu and then presses Return until a menu comes back. 132 columns are not
 * asked for: like xterm, where it is off until allowed, we do not let a program change the window.
 */
export async function walk(path: readonly string[]): Promise<string[]> {
  const size = { cols: 80, rows: 24 };
  const screen = new Screen({ ...size, scrollback: 0 });
  const pty = spawn('vttest', ['24x80.80'], {
    ...size,
    encoding: null,
    env: { PATH, TERM: 'xterm-256color', LANG: 'C' },
  });
  let heard = '';
  pty.onData((data) => {
    const chunk = data as unknown as Buffer;
    heard += chunk.toString('latin1');
    screen.write(chunk);
    const replies = screen.takeReplies();
    if (replies !== undefined) pty.write(Buffer.from(replies) as unknown as string);
  });
  const page = async () => {
    await until('vttest to wait for a key', () => PAGE_END.test(heard), { lastSeen: () => screen.text() });
    const isMenu = /Enter choice number[^\n]*$/.test(heard.slice(-200));
    heard = '';
    return { text: screen.text(), isMenu };
  };
  const press = (keys: string) => pty.write(`${keys}\r`);
  const pages: string[] = [];
  try {
    await page();
    let shown = { text: '', isMenu: true };
    for (const choice of path) {
      press(choice);
      shown = await page();
    }
    while (!shown.isMenu) {
      pages.push(shown.text);
      press('');
      shown = await page();
    }
    return pages;
  } finally {
    pty.kill('SIGKILL');
    screen.dispose();
  }
}
