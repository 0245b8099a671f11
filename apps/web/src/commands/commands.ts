/** Everything a person can do on the page, said once: the palette offers it, the help lists its keys. */
import { signal } from '@preact/signals';
import {
  contrastChoice,
  fontSize,
  hasSingleKeys,
  isReadAloud,
  isSidebarShown,
  type ThemeChoice,
  themeChoice,
} from '../look/preferences.ts';
import { isHistoryShown } from '../overview/arrangement.ts';
import { toggleView } from '../overview/arrangement-bar.tsx';
import type { Page } from '../page.ts';
import type { Session } from '../sessions/session.ts';

export interface Command {
  title: string;
  /** What is shown beside it: its key, or what it is about. */
  hint?: string;
  run(): void;
}

const MIN_FONT_SIZE = 8;
const MAX_FONT_SIZE = 28;

export function commandsOf(page: Page): Command[] {
  const { dialogs, link, notices, route } = page;
  const isReadOnly = link.isReadOnly.value;
  const place = route.place.value;
  const here = place.kind === 'sessions' ? page.sessions.find(page.open.current.value?.id ?? '') : undefined;
  // On a terminal a single letter is the program's.
  const onOverview = (key: string) => (place.kind === 'overview' ? key : '');
  return [
    ...(here === undefined ? [] : commandsOfSession(page, here)),
    ...(isReadOnly
      ? []
      : [{ title: 'New session', hint: onOverview('n'), run: () => dialogs.open({ kind: 'new' }) }]),
    {
      title: 'Next session that needs you',
      hint: here === undefined ? 'w' : 'Ctrl+Shift+X',
      run: () => openNextWaiting(page),
    },
    ...(page.sessions.all.value ?? []).map((session) => ({
      title: `Open ${session.name}`,
      hint: session.tags.join(' ') || session.command,
      run: () => route.openSession(session.id),
    })),
    {
      title: isHistoryShown.value ? 'Hide events' : 'Show events',
      hint: onOverview('e'),
      run: () => toggleHistory(page),
    },
    { title: 'Recordings', run: () => route.openRecordings() },
    ...themeCommands(),
    {
      title: hasSingleKeys.value ? 'Switch off single-key shortcuts' : 'Switch on single-key shortcuts',
      run: () => toggle(hasSingleKeys),
    },
    {
      title: isReadAloud.value ? 'Screen reader support off' : 'Screen reader support on the terminal',
      run: () => toggle(isReadAloud),
    },
    { title: 'Show tiles or a list', hint: onOverview('v'), run: () => toggleView() },
    { title: 'Log out', run: () => void link.logOut().catch((error: unknown) => notices.tellError(error)) },
    { title: 'Settings', run: () => dialogs.open({ kind: 'settings' }) },
    { title: 'Keyboard shortcuts', hint: onOverview('?'), run: () => dialogs.open({ kind: 'help' }) },
  ];
}

export function openNextWaiting({ route, waiting, notices }: Page): void {
  const place = route.place.peek();
  const next = waiting.queue
    .peek()
    .find(({ session: { id } }) => place.kind !== 'sessions' || !place.ids.includes(id));
  if (next === undefined) notices.show('Nothing needs you.');
  else route.openSession(next.session.id);
}

export function toggleHistory({ route }: Page): void {
  const isElsewhere = route.place.peek().kind !== 'overview';
  if (isElsewhere) route.openOverview();
  isHistoryShown.value = isElsewhere || !isHistoryShown.peek();
}

function commandsOfSession(page: Page, session: Session): Command[] {
  const { dialogs, keyboards, kills, link, open, route } = page;
  const isMine = keyboards.isMine(session.id);
  const isFitted = open.pane(session.id)?.isFitted ?? signal(false);
  const always = [
    { title: 'All sessions', hint: 'Ctrl+Shift+E', run: () => route.openOverview() },
    {
      title: 'Search screen and scrollback',
      hint: 'Ctrl+Shift+F',
      run: () => {
        open.isSearched.value = true;
      },
    },
    { title: 'Copy selection', hint: 'Ctrl+Shift+C', run: () => void open.copySelection() },
    { title: `Recordings of ${session.name}`, run: () => dialogs.open({ kind: 'recordings', session }) },
    {
      title: 'Sessions beside the open one',
      run: () => toggle(isSidebarShown),
    },
    // A terminal that keeps its size has the letters that show all of it.
    ...(isFitted.value
      ? [
          { title: 'Larger letters', run: () => changeFontSize(1) },
          { title: 'Smaller letters', run: () => changeFontSize(-1) },
        ]
      : []),
  ];
  if (session.state === 'exited' || link.isReadOnly.value) return always;
  return [
    ...always,
    {
      title: isFitted.value ? 'Leave the terminal its size' : 'Give the terminal the size of this window',
      run: () => toggle(isFitted),
    },
    {
      title: isMine ? `Release the keyboard of ${session.name}` : `Take the keyboard of ${session.name}`,
      run: () => void (isMine ? keyboards.release(session.id) : keyboards.take(session.id)),
    },
    { title: `Record ${session.name}`, run: () => dialogs.open({ kind: 'record', session }) },
    ...(page.recordings.isRecorded(session.id)
      ? [
          {
            title: `Mark this moment of ${session.name}`,
            run: () => dialogs.open({ kind: 'mark', session }),
          },
        ]
      : []),
    { title: `Rename ${session.name}`, run: () => dialogs.open({ kind: 'rename', session }) },
    { title: `Tags of ${session.name}`, run: () => dialogs.open({ kind: 'tags', session }) },
    { title: `Kill ${session.name}`, run: () => kills.plan(session) },
  ];
}

function themeCommands(): Command[] {
  const choices: ThemeChoice[] = ['system', 'light', 'dark'];
  const words = { system: 'as the system', light: 'light', dark: 'dark' };
  return [
    ...choices
      .filter((choice) => choice !== themeChoice.value)
      .map((choice) => ({
        title: `Colours: ${words[choice]}`,
        run: () => {
          themeChoice.value = choice;
        },
      })),
    {
      title: contrastChoice.value === 'more' ? 'Contrast: as the system' : 'Contrast: high',
      run: () => {
        contrastChoice.value = contrastChoice.peek() === 'more' ? 'system' : 'more';
      },
    },
  ];
}

function changeFontSize(by: number): void {
  fontSize.value = Math.min(Math.max(fontSize.peek() + by, MIN_FONT_SIZE), MAX_FONT_SIZE);
}

function toggle(state: { value: boolean; peek(): boolean }): void {
  state.value = !state.peek();
}
