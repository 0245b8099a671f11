/** Above all sessions: what filters them, and what is about the page. */

import { toggleHistory } from './commands/commands.ts';
import { keyInWords } from './commands/keys.ts';
import { ReadOnly } from './connection/read-only.tsx';
import { Icon, IconButton } from './look/icons.tsx';
import { filter, isHistoryShown } from './overview/arrangement.ts';
import { usePage } from './page.ts';

export function TopBar() {
  const page = usePage();
  const { link, dialogs, sessions, route } = page;
  const running = sessions.all.value?.filter(({ state }) => state === 'running').length;
  const isOnline = link.state.value.kind === 'online';
  return (
    <header class="bar top-bar">
      <a class="brand" href="#/" aria-label="pilotty: all sessions">
        <span class="brand-mark" data-online={isOnline} aria-hidden="true">
          ❯<span>_</span>
        </span>
        pilotty
      </a>
      <span class="muted session-count">{running !== undefined && `${running} running`}</span>
      <div class="filter">
        <Icon name="search" />
        <input
          id="filter"
          type="search"
          aria-label="Filter sessions"
          placeholder="Filter: name, command, #tag, is:failed"
          spellcheck={false}
          value={filter.value}
          onInput={({ currentTarget }) => {
            filter.value = currentTarget.value;
          }}
          onKeyDown={(event) => {
            if (event.key !== 'Escape') return;
            filter.value = '';
            // So that the next key is a command again.
            event.currentTarget.blur();
          }}
        />
        <kbd>/</kbd>
      </div>
      <div class="bar-actions">
        {link.isReadOnly.value ? (
          <ReadOnly />
        ) : (
          <button
            type="button"
            class="button primary"
            aria-label="New session"
            onClick={() => dialogs.open({ kind: 'new' })}
          >
            <Icon name="plus" /> <span class="button-text">New session</span>
          </button>
        )}
        <IconButton
          icon="list"
          label="Events"
          hint="e"
          aria-pressed={isHistoryShown.value}
          onClick={() => toggleHistory(page)}
        />
        <IconButton icon="record" label="Recordings" onClick={() => route.openRecordings()} />
        <IconButton icon="settings" label="Settings" onClick={() => dialogs.open({ kind: 'settings' })} />
        <IconButton
          icon="help"
          label="Keyboard shortcuts"
          hint="?"
          onClick={() => dialogs.open({ kind: 'help' })}
        />
        <button
          type="button"
          class="button quiet palette-button"
          title="Every command"
          onClick={() => dialogs.open({ kind: 'palette' })}
        >
          <span class="for-screen-readers">Commands</span>
          <kbd>{keyInWords('Ctrl+K')}</kbd>
          <Icon name="command" />
        </button>
      </div>
    </header>
  );
}
