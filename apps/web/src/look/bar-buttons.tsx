/** Buttons that the bars of several pages have. */
import { keyInWords } from '../commands/keys.ts';
import { usePage } from '../page.ts';
import { IconButton } from './icons.tsx';

export function AllSessionsButton() {
  const { route } = usePage();
  return (
    <IconButton
      icon="back"
      label="All sessions"
      hint={keyInWords('Ctrl+Shift+E')}
      onClick={() => route.openOverview()}
    />
  );
}

/** @param shortcut on a terminal another one: the shorter is the program's */
export function CommandsButton({ shortcut }: { shortcut: 'Ctrl+K' | 'Ctrl+Shift+K' }) {
  const { dialogs } = usePage();
  return (
    <IconButton
      icon="command"
      label="Commands"
      hint={keyInWords(shortcut)}
      onClick={() => dialogs.open({ kind: 'palette' })}
    />
  );
}
