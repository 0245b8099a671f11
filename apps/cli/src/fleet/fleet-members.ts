/** What answers of a fleet have besides those of one daemon, in the notation of members.ts. */
import { type Members, parseMembers } from '../members.ts';

const SILENT =
  'unreachable{host reason last_seen last_sessions{id name command tags work_state{name began_at text}}}';

const BESIDES: Partial<Record<string, string>> = {
  'session.list': `sessions{host} hosts{host labels{*} version sessions event_cursor} ${SILENT}`,
  'session.status': 'host',
  'session.change': 'host',
  'session.spawn': 'host name',
  'session.kill': SILENT,
  'sessions.each': SILENT,
  'sessions.gather': SILENT,
  'sessions.grep': SILENT,
  'sessions.wait': SILENT,
  'recording.list': SILENT,
  'events.follow': 'host host_cursor reason last_seen sessions',
  'daemon.info': 'fleet hosts{host labels{*} version sessions load last_seen}',
};

export function withMembersOfFleet(method: string, members: Members): Members {
  return merged(members, parseMembers(BESIDES[method] ?? ''));
}

function merged(one: Members, other: Members): Members {
  const inner = Object.entries(other).map(([name, more]) => [name, merged(one[name] ?? {}, more)]);
  return { ...one, ...Object.fromEntries(inner) };
}
