/** Everything that lives as long as the page, and how its parts reach it. */
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import { Access } from './connection/access.ts';
import { Link } from './connection/link.ts';
import { Dialogs } from './dialogs/dialogs.ts';
import { Miniatures } from './miniatures/miniatures.ts';
import { notifyOf, notifyOfRules } from './notices/browser-notifications.ts';
import { Notices } from './notices/notices.ts';
import { Recordings } from './recordings/recordings.ts';
import { Route } from './route.ts';
import { OpenTerminals } from './session/open-terminals.ts';
import { Activity } from './sessions/activity.ts';
import { Announcements } from './sessions/announcements.ts';
import { History } from './sessions/history.ts';
import { Inspections } from './sessions/inspections.ts';
import { Keyboards } from './sessions/keyboards.ts';
import { Kills } from './sessions/kills.ts';
import { Sessions } from './sessions/sessions.ts';
import { Waiting } from './sessions/waiting.ts';

/** What needs a person by then did so before the page was opened. */
const FIRST_LOOK_MS = 3_000;

export type Page = ReturnType<typeof createPage>;

export function createPage(base: URL) {
  const access = new Access(base);
  const link = new Link(access);
  const notices = new Notices();
  const sessions = new Sessions(link);
  const activity = new Activity(link, sessions);
  const announcements = new Announcements(sessions);
  const inspections = new Inspections(link, sessions, activity, announcements);
  const kills = new Kills(async ({ id, name }) => {
    try {
      await link.request('session.kill', { session: id });
      notices.show(`${name} was killed.`);
    } catch (error) {
      notices.tellError(error);
    }
  });
  const keyboards = new Keyboards(link, sessions, notices);
  const waiting = new Waiting(link, sessions, activity, announcements, inspections, keyboards);
  const route = new Route();
  const openedAt = Date.now();
  notifyOf(waiting, route, notices, () => Date.now() - openedAt > FIRST_LOOK_MS);
  notifyOfRules(sessions, route, notices);
  return {
    access,
    link,
    notices,
    sessions,
    activity,
    kills,
    keyboards,
    waiting,
    history: new History(sessions),
    recordings: new Recordings(link, sessions),
    miniatures: new Miniatures(link, sessions, activity),
    route,
    dialogs: new Dialogs(),
    open: new OpenTerminals(notices),
  };
}

export const PageContext = createContext<Page | undefined>(undefined);

export function usePage(): Page {
  const page = useContext(PageContext);
  if (page === undefined) throw new Error('a part of the page outside the page');
  return page;
}
