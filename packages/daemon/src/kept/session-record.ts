/**
 * What is written down of a session, so that a daemon that comes after this one can start it again. Of its environment
 * nothing is: values may be secrets, and who starts it again has one.
 */
import { projectParam, restartPolicyParam } from '@pilotty/protocol/schemas';
import * as z from 'zod';

const fields = {
  id: z.string().regex(/^[0-9a-f]{1,32}$/),
  name: z.string().min(1).max(64),
  argv: z.array(z.string()).min(1),
  cwd: z.string(),
  tags: z.array(z.string()).max(64),
  size: z.object({ cols: z.int().min(2).max(1000), rows: z.int().min(1).max(1000) }),
  term: z.string().min(1),
  background: z.boolean(),
  scrollback: z.int().optional(),
  shell_integration: z.boolean(),
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

const file = z.object({
  version: z.literal(1),
  sessions: z.array(record),
  lost: z.array(lostRecord),
});

export type SessionRecord = z.output<typeof record>;
export type LostSession = z.output<typeof lostRecord>;

/** Reads such a file. @throws Error where it is none, or was cut */
export function parseRecords(text: string): { sessions: SessionRecord[]; lost: LostSession[] } {
  return file.parse(JSON.parse(text));
}

export function recordsText(sessions: readonly SessionRecord[], lost: readonly LostSession[]): string {
  return JSON.stringify({ version: 1, sessions, lost });
}
