/** What `up`, `down` and `ps` of the SDK take and answer: as the command's `--json` has it; docs/projects.md. */
import type { ErrorFacts, Exit, SessionSummary } from './protocol-types.ts';

/** Which project is meant. */
export interface ProjectParams {
  /** The project file (default: `pilotty.json` in the directory of this process, or in the nearest above it). */
  file?: string | undefined;
}

/** What `up` is to do. */
export interface UpParams extends ProjectParams {
  /** Only these sessions, by their names in the file, and what they depend on (default: all). */
  sessions?: readonly string[] | undefined;
  /** Also start anew what runs and has not changed (default: false). */
  recreate?: boolean | undefined;
  /** End sessions of the project that are not in its file any more (default: false). */
  remove_orphans?: boolean | undefined;
  /** Called with each session once it has come as far as it does; a promise holds the next one back. */
  onSession?: ((session: UpSession) => void | Promise<void>) | undefined;
}

/** What `down` is to end, and how. */
export interface DownParams extends ProjectParams {
  /** Only these sessions, by their names in the file (default: all, and those that are not in the file any more). */
  sessions?: readonly string[] | undefined;
  /** The signal to end with (default: TERM). */
  signal?: string | undefined;
  /** Milliseconds from that signal to KILL (default: 10000). */
  grace_ms?: number | undefined;
}

/** What became of one session of a project in `up`. */
export interface UpSession {
  /** Its name in the file. */
  key: string;
  /** Its name in the daemon. */
  session: string;
  /** Its id, where there is one. */
  session_id?: string;
  /** What was done; `none` where something that it depends on failed. */
  action: 'created' | 'started' | 'recreated' | 'up_to_date' | 'completed' | 'none';
  /** With `recreated`: the settings that have changed, or `asked`. */
  because?: string[];
  /** `restarting`: it has ended, nothing is waited for, and its restart policy starts it again. */
  state: 'ready' | 'started' | 'restarting' | 'completed' | 'failed' | 'skipped';
  /** With `failed` and `skipped`: why. */
  error?: ErrorFacts;
  /** With `failed`: the last lines of its screen. */
  screen_lines?: string[];
  /** Milliseconds. */
  duration_ms: number;
}

/** A session of the project that runs and is not in its file any more. */
export interface ProjectOrphan {
  /** Its name in the daemon. */
  session: string;
  /** Its id. */
  session_id: string;
}

/** What `up` has done. */
export interface UpAnswer {
  type: 'project_up';
  /** Name of the project. */
  project: string;
  /** Its file: absolute, without symbolic links. */
  file: string;
  /** Whether no session has failed, or was skipped for one that has. */
  ok: boolean;
  /** Each after all that it depends on. */
  sessions: UpSession[];
  /** Those that run and are not in the file any more. */
  orphans: ProjectOrphan[];
  /** Those that `remove_orphans` has ended. */
  removed: ProjectOrphan[];
}

/** A session that runs, and whose project file is gone: its directory was moved. `daemon.kill` ends it. */
export interface ProjectLeftBehind {
  /** Its name in the daemon. */
  session: string;
  /** Its id. */
  session_id: string;
  /** Name of its project. */
  project: string;
  /** Where its project file was. */
  file: string;
}

/** How a session of a project was ended by `down`. */
export interface DownSession {
  /** Its name in the file. */
  key: string;
  /** Its name in the daemon. */
  session: string;
  /** Its id. */
  session_id: string;
  /** Whether it has ended. */
  ok: boolean;
  /** How its program ended. */
  exit?: Exit;
  /** Why it has not ended. */
  error?: ErrorFacts;
}

/** What `down` has done. */
export interface DownAnswer {
  type: 'project_down';
  /** Name of the project. */
  project: string;
  /** Its file: absolute, without symbolic links. */
  file: string;
  /** Whether all have ended. */
  ok: boolean;
  /** Those that ran. */
  sessions: DownSession[];
  /** With this name, or names that this project gives; they were not ended. */
  left_behind?: ProjectLeftBehind[];
}

/** How a session of a project stands. */
export interface ProjectSession {
  /** Its name in the file. */
  key: string;
  /** Its name in the daemon. */
  session: string;
  /** Its id, where there is one. */
  session_id?: string;
  state: 'running' | 'restarting' | 'exited' | 'not_started';
  /** Whether its condition is met now; absent where it has none, or does not run. */
  ready?: boolean;
  /** It runs, and is not in the file any more. */
  orphan?: true;
  /** How its last program ended. */
  exit?: Exit;
  /** How often it was started again by its restart policy. */
  restarts?: number;
  /** When it is started again. */
  restart_policy?: SessionSummary['restart_policy'];
  /** The program and its arguments. */
  command: string;
  /** When it was started, in ISO 8601. */
  created_at?: string;
}

/** How the sessions of a project stand. */
export interface ProjectAnswer {
  type: 'project_state';
  /** Name of the project. */
  project: string;
  /** Its file: absolute, without symbolic links. */
  file: string;
  /** Those of the file, each after all that it depends on, and then those that run and are in it no more. */
  sessions: ProjectSession[];
  /** With this name, or names that this project gives. */
  left_behind?: ProjectLeftBehind[];
}

/** Of what `tail` gives the lines. */
export interface TailParams extends ProjectParams {
  /** Only these sessions, by their names in the file (default: all). */
  sessions?: readonly string[] | undefined;
  /** Only so many of the last lines of each that are there by now (default: all that are retained). */
  lines?: number | undefined;
  /** Go on until none of the sessions runs any more, with those that are started meanwhile (default: false). */
  follow?: boolean | undefined;
}

/** A line that a session of a project has printed. */
export interface TailLine {
  /** Its name in the file. */
  key: string;
  /** Its name in the daemon. */
  session: string;
  /** Its id. */
  session_id: string;
  /** Where it was written to, by a program without a terminal. */
  stream?: 'stdout' | 'stderr';
  /** The line, without its end. */
  text: string;
  /**
   * Bytes before it, of its session and stream, that were dropped before they could be read; the lines that this has cut are
   * left out. Where no line came after them, they are told at the end, with an empty `text`.
   */
  missed_bytes?: number;
}

/** The projects whose files this process reads. */
export interface Projects {
  up(params: UpParams, signal: AbortSignal | undefined): Promise<UpAnswer>;
  down(params: DownParams, signal: AbortSignal | undefined): Promise<DownAnswer>;
  ps(params: ProjectParams, signal: AbortSignal | undefined): Promise<ProjectAnswer>;
  /** `onLine` holds the next line back. */
  tail(
    params: TailParams,
    onLine: (line: TailLine) => Promise<void> | undefined,
    signal: AbortSignal,
  ): Promise<void>;
}
