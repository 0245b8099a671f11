/** Above all sessions: what filters them, and what is about the page. */

import { toggleHistory } from './commands/commands.ts';
import { keyInWords } from './commands/keys.ts';
import { Icon, IconButton, type IconName } from './look/icons.tsx';
import { contrastChoice, type ThemeChoice, themeChoice } from './look/preferences.ts';
import { filter, isHistoryShown } from './overview/arrangement.ts';
import { usePage } from './page.ts';

const NEXT_THEME: Record<ThemeChoice, ThemeChoice> = { system: 'light', light: 'dark', dark: 'system' };
const THEME_ICON: Record<ThemeChoice, IconName> = { system: 'system', light: 'sun', dark: 'moon' };

export function TopBar() {
  const page = usePage();
  const { link, dialogs, sessions } = page;
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
      <span class="muted session-count">
        {running !== undefined && `${running} ${running === 1 ? 'session' : 'sessions'}`}
      </span>
      <div class="filter">
        <Icon name="search" />
        <input
          id="filter"
          type="search"
          aria-label="Filter sessions"
          placeholder="Filter by name, command or #tag"
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
        <button
          type="button"
          class="button primary"
          aria-label="New session"
          onClick={() => dialogs.open({ kind: 'new' })}
        >
          <Icon name="plus" /> <span class="button-text">New session</span>
        </button>
        <IconButton
          icon="list"
          label="Events"
          hint="e"
          aria-pressed={isHistoryShown.value}
          onClick={() => toggleHistory(page)}
        />
        <IconButton
          icon={THEME_ICON[themeChoice.value]}
          label={`Colours: ${themeChoice.value}`}
          onClick={() => {
            themeChoice.value = NEXT_THEME[themeChoice.value];
          }}
        />
        <IconButton
          icon="contrast"
          label="High contrast"
          aria-pressed={contrastChoice.value === 'more'}
          onClick={() => {
            contrastChoice.value = contrastChoice.value === 'more' ? 'system' : 'more';
          }}
        />
        <IconButton
          icon="help"
          label="Keyboard shortcuts"
          hint="?"
          onClick={() => dialogs.open({ kind: 'help' })}
        />
        <IconButton
          icon="command"
          label="Commands"
          hint={keyInWords('Ctrl+K')}
          onClick={() => dialogs.open({ kind: 'palette' })}
        />
      </div>
    </header>
  );
}
