/**
 * What one daemon hands over to the next, line by line: first the daemon's own, then a line for each session. The values
 * are plain, so that another version can read them; bytes are written as base64.
 *
 * A change of what a field means is another format: a daemon that does not know it refuses, and the one before goes on.
 */
import type { ProcessIdentity } from '@pilotty/protocol';
import type { EventLogState } from '../events/event-log.ts';
import type { ReporterState } from '../events/reporter.ts';
import type { TurnsState } from '../exec/executions.ts';
import type { Spawned } from '../kept/session-keeper.ts';
import type { LostSession } from '../kept/session-record.ts';
import type { MomentClock } from '../moment.ts';
import type { Orphan } from '../processes/running-file.ts';
import type { PipeEnds } from '../pty/pipes.ts';
import type { RecordingState } from '../recording/recording.ts';
import type { RulesState } from '../rules/rules.ts';
import type { LifetimeLimits } from '../session/lifetime.ts';
import type { SessionState } from '../session/session-state.ts';
import type { SessionStoreState } from '../session/session-store.ts';
import type { ReportsState } from './exit-reports.ts';

export const FORMATS = [1, 2, 3, 4] as const;

/**
 * The oldest that says all there is: a daemon that knew nothing of containers would start such a program on this host, one
 * that knew nothing of rules that are handed over many at once would lose them, and one that knew nothing of pipes would take
 * a program on them for one that has ended.
 */
export function formatFor(
  sessions: readonly { in: unknown; isPipe: boolean; hasNoProgram: boolean }[],
  rules: Pick<RulesState, 'many'> | undefined,
): (typeof FORMATS)[number] {
  if (sessions.some(({ isPipe, hasNoProgram }) => isPipe && !hasNoProgram)) return 4;
  if (rules?.many !== undefined) return 3;
  return sessions.some((session) => session.in !== undefined) ? 2 : 1;
}

/** Descriptors of a successor, from its start on. */
export const CONTROL_FD = 3;
export const REPORTS_FD = 4;
export const LISTENER_FD = 5;
export const FIRST_FURTHER_FD = 6;

export interface HandedDaemon {
  format: number;
  version: string;
  clock: MomentClock;
  events: EventLogState;
  store: SessionStoreState;
  lost: readonly LostSession[];
  /** Who has written what is kept of the sessions on disk. */
  keptBy: readonly ProcessIdentity[];
  orphans: readonly Orphan[];
  lostNames: readonly string[];
  /** Of daemons before, which are still the parents of some programs. */
  reports: ReportsState[];
  /** Descriptors of terminals and pipes, also of those whose program has ended since. */
  terminals: number[];
  /** Absent where there are none. */
  rules?: RulesState | undefined;
  /** Number of lines that follow. */
  sessions: number;
}

export interface HandedSession {
  state: SessionState;
  /** Of its terminal; undefined where its program has ended, or has none. */
  fd: number | undefined;
  /** Those of its pipes that are open, where it has no terminal and runs. */
  pipes?: Partial<PipeEnds> | undefined;
  /** Reports how its program ends: one of `reports`, by its descriptor, or the daemon that hands over. */
  reportsFd: number;
  reporter: ReporterState | undefined;
  lifetime: LifetimeLimits;
  spawned: Spawned | undefined;
  executions: TurnsState | undefined;
  /** Its generation when sessions.idle has returned it last. */
  idleTold: number | undefined;
  /** Those that are under way. */
  recordings: RecordingState[];
  /** What was typed of a line, where a policy looks at lines. */
  lineBegun: string | undefined;
}

/** What a successor says, each once and in this order; `refused` ends it. */
export type Said =
  | { type: 'loaded'; formats: number[]; version: string }
  | { type: 'ready' }
  | { type: 'serving'; pid: number }
  | { type: 'refused'; reason: string };

/** After 'ready': the hand-over is done, and from now on the sessions are the successor's. */
export const GO = 'go\n';

export function encodeLine(value: unknown): string {
  return `${JSON.stringify(value, withBytes)}\n`;
}

/** @throws Error where it is no such line */
export function decodeLine(line: string): unknown {
  return JSON.parse(line, (_, value) => bytesOf(value) ?? value);
}

/** A Buffer's own toJSON, which is called before this, writes a number for each byte. */
function withBytes(this: Record<string, unknown>, key: string, value: unknown): unknown {
  const original = this[key];
  if (!(original instanceof Uint8Array)) return value;
  const { buffer, byteOffset, byteLength } = original;
  return { $bytes: Buffer.from(buffer, byteOffset, byteLength).toString('base64') };
}

function bytesOf(value: unknown): Buffer | undefined {
  if (typeof value !== 'object' || value === null || !('$bytes' in value)) return undefined;
  const { $bytes: text, ...rest } = value;
  return typeof text === 'string' && Object.keys(rest).length === 0 ? Buffer.from(text, 'base64') : undefined;
}
