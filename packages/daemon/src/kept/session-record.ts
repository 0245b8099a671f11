/**
 * What is written down of a session, so that a daemon that comes after this one can start it again. Of its environment
 * nothing is: values may be secrets, and who starts it again has one.
 */
import { projectParam, restartPolicyParam } from '@pilotty/protocol/schemas';
import * as z from 'zod';

const fields = {
  id: z.string().regex(/^[0-9a-f]{1,32}$/),
  /** In a scope its full name. */
  name: z.string().min(1).max(129),
  argv: z.array(z.string()).min(1),
  cwd: z.string(),
  tags: z.array(z.string()).max(64),
  size: z.object({ cols: z.int().min(2).max(1000), rows: z.int().min(1).max(1000) }),
  term: z.string().min(1),
  /** Where it ran that was in a container: `cwd` above is of the runtime's command, and so is `pid`. */
  in: z.object({ place: z.string(), cwd: z.string().optional() }).optional(),
  process_inside: z.object({ pid: z.int().min(1), startedAt: z.string() }).optional(),
  background: z.boolean(),
  scrollback: z.int().optional(),
  shell_integration: z.boolean(),
  askpass: z.boolean().optional(),
  retain_bytes: z.int().optional(),
  ttl_ms: z.int().optional(),
  idle_ttl_ms: z.int().optional(),
  restart_policy: restartPolicyParam,
  project: projectParam,
  created_at: z.string(),
  pid: z.int().min(1),
  /** As the process table has it: with `pid` it is one process. */
  process_started_at: z.string().optional(),
};

const record = z.object(fields);
/** Of a session whose daemon has ended without being asked to end it. */
const lostRecord = z.object({
  ...fields,
  lost_at: z.string(),
  because: z.enum(['killed', 'signalled']),
});

/** Those in containers stand apart: a version that knows none would start their programs on this host. */
const file = z.object({
  version: z.literal(1),
  sessions: z.array(record),
  lost: z.array(lostRecord),
  sessions_inside: z.array(record).optional(),
  lost_inside: z.array(lostRecord).optional(),
});

export type SessionRecord = z.output<typeof record>;
export type LostSession = z.output<typeof lostRecord>;

/** Reads such a file. @throws Error where it is none, or was cut */
export function parseRecords(text: string): { sessions: SessionRecord[]; lost: LostSession[] } {
  const { sessions, lost, sessions_inside, lost_inside } = file.parse(JSON.parse(text));
  return { sessions: inOrder(sessions, sessions_inside), lost: inOrder(lost, lost_inside) };
}

export function recordsText(sessions: readonly SessionRecord[], lost: readonly LostSession[]): string {
  return JSON.stringify({
    version: 1,
    sessions: sessions.filter((one) => !one.in),
    lost: lost.filter((one) => !one.in),
    ...(sessions.some((one) => one.in) && { sessions_inside: sessions.filter((one) => one.in) }),
    ...(lost.some((one) => one.in) && { lost_inside: lost.filter((one) => one.in) }),
  });
}

/** As they were started, of those that were lost together. */
function inOrder<T extends SessionRecord & { lost_at?: string }>(here: T[], inside: T[] | undefined): T[] {
  if (inside === undefined) return here;
  const moment = ({ lost_at = '', created_at }: T) => `${lost_at} ${created_at}`;
  return [...here, ...inside].sort((a, b) => (moment(a) < moment(b) ? -1 : 1));
}
