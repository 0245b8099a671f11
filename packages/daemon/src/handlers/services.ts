/** What handlers need of the daemon. It keeps them readable, and testable, without it. */
import type { ParsedParams, Settings, SocketPaths } from '@pilotty/protocol';
import type { Call } from '../call.ts';
import type { EventLog } from '../events/event-log.ts';
import type { Executions } from '../exec/executions.ts';
import type { SessionKeeper } from '../kept/session-keeper.ts';
import type { FaultFacts } from '../logged-faults.ts';
import type { LongWork } from '../long-work.ts';
import type { PngDrawer } from '../pictures/png-drawer.ts';
import type { Renderings } from '../pictures/renderings.ts';
import type { Survivor } from '../processes/kill-tree.ts';
import type { Orphan } from '../processes/running-file.ts';
import type { Recordings } from '../recording/recordings.ts';
import type { Rules } from '../rules/rules.ts';
import type { PastScreens } from '../session/past-screens.ts';
import type { Session } from '../session/session.ts';
import type { SessionStore } from '../session/session-store.ts';
import type { Restarted, Spawned } from '../spawner.ts';
import type { HandedOver } from '../upgrade.ts';
import type { KeptWaits } from '../waiting/kept-waits.ts';

export interface Services {
  readonly paths: SocketPaths;
  readonly settings: Settings;
  readonly startedAt: Date;
  readonly sessions: SessionStore;
  readonly events: EventLog;
  readonly drawer: PngDrawer;
  readonly renderings: Renderings;
  readonly pastScreens: PastScreens;
  readonly executions: Executions;
  readonly waits: KeptWaits;
  readonly recordings: Recordings;
  readonly longWork: LongWork;
  /** What has failed since its start, as LoggedFaults. */
  readonly faults: FaultFacts | undefined;
  readonly kept: SessionKeeper;
  readonly rules: Rules;
  /** Undefined where there is none. */
  readonly policy: { readonly facts: { file: string; rules: number | null; problem?: string } } | undefined;
  /** Programs that a killed daemon left running. */
  readonly orphans: Orphan[];
  readonly connectionCount: number;
  /** Milliseconds since the last request began or ended. */
  readonly idleMs: number;
  /**
   * @param history what is shown above the program, as output of before
   * @throws RequestError as session.spawn says; no session is left behind
   */
  spawn(params: ParsedParams<'session.spawn'>, history?: Uint8Array): Promise<Spawned>;
  /** As Spawner.restart(). */
  restart(session: Session, signal: NodeJS.Signals, graceMs: number): Promise<Restarted>;
  /** Ends every session, then the daemon. Called twice, it is one stop. */
  stop(reason: string): Promise<Stopped>;
  /** As Daemon.upgrade(). */
  upgrade(asked: { node: string; program: string }, call: Call): Promise<HandedOver>;
  /** Answers another request on behalf of the same call. */
  answerPart(method: string, params: unknown, call: Call): Promise<unknown>;
}

export interface Stopped {
  sessionsEnded: number;
  survivors: Survivor[];
}
