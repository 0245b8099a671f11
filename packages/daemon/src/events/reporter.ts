/**
 * Logs what happens to one session. It costs the session next to nothing: output and drawing only set
 * a mark, and whether the screen has changed is found out when a reader takes the event.
 */
import type { EventType } from '@pilotty/protocol';
import type { Signal } from '@pilotty/terminal';
import { lookAfter } from '../after-reading.ts';
import type { ShellCommand } from '../session/command-log.ts';
import type { Session } from '../session/session.ts';
import type { SessionEvent } from '../session/session-event.ts';
import { type Entry, type EventLog, type Facts, factsOf, type Subject } from './event-log.ts';
import { StateTracker } from './state-tracker.ts';

/** Output and changes that come closer together become one event. */
const BURST_MS = 100;
/** Silence after which a session is reported as idle. */
const IDLE_MS = 1000;
/** A program can announce megabytes; an event carries so many characters of a text, and so many words. */
const TEXT_LIMIT = 1024;
const WORDS_LIMIT = 64;
/** Of what a program announces before its session is. */
const EARLY_LIMIT = 256;

export interface ReporterState {
  emittedOffset: number;
  emittedRevision: number;
  command: number | undefined;
  emittedCommands: number;
  /** It will be reported as idle. */
  isActive: boolean;
}

export class Reporter {
  readonly #session: Session;
  readonly #log: EventLog;
  readonly #states: StateTracker;
  #subject: Subject;
  /** What has happened before the session was announced. */
  #early: SessionEvent[] | undefined = [];
  #hasPrinted = false;
  #hasDrawn = false;
  #emittedOffset = 0;
  #emittedRevision: number;
  #change: Entry | undefined;
  /** Number of the shell command whose beginning was reported, and whose end was not. */
  #command: number | undefined;
  #emittedCommands = 0;
  #burstTimer: NodeJS.Timeout | undefined;
  #idleTimer: NodeJS.Timeout | undefined;

  /** @param adopted what another daemon had reported of it: it goes on from there */
  constructor(session: Session, log: EventLog, adopted?: ReporterState) {
    this.#session = session;
    this.#log = log;
    this.#states = new StateTracker(session);
    this.#subject = subjectOf(session);
    // Of the blank screen, so that the first thing on it is a change.
    this.#emittedRevision = session.revision;
    session.watch((event) => this.#onSessionEvent(event));
    if (adopted === undefined) return;
    this.#early = undefined;
    this.#emittedOffset = adopted.emittedOffset;
    this.#emittedRevision = adopted.emittedRevision;
    this.#command = adopted.command;
    this.#emittedCommands = adopted.emittedCommands;
    if (adopted.isActive) this.#beActive();
  }

  /** Emits what has come until now, and nothing by itself until thaw(). */
  freeze(): void {
    if (this.#burstTimer !== undefined) this.#endBurst();
    clearTimeout(this.#idleTimer);
    this.#states.freeze();
  }

  thaw(): void {
    this.#states.thaw();
    if (this.#idleTimer === undefined) return;
    this.#idleTimer = undefined;
    this.#beActive();
  }

  /** Frozen; after the state of the log, for which it may find out what has changed. */
  get state(): ReporterState {
    return {
      emittedOffset: this.#emittedOffset,
      emittedRevision: this.#emittedRevision,
      command: this.#command,
      emittedCommands: this.#emittedCommands,
      isActive: this.#idleTimer !== undefined,
    };
  }

  /** The session is listed now: its events are emitted from here on, those that were held back first. */
  announce(): void {
    const { argv, pid, cwd } = this.#session;
    this.#tell('spawned', { argv: argv.slice(0, WORDS_LIMIT).map(cut), pid, cwd: cut(cwd) });
    const early = this.#early ?? [];
    this.#early = undefined;
    this.#beActive();
    this.#states.begin();
    for (const event of early) this.#onSessionEvent(event);
  }

  #onSessionEvent(event: SessionEvent): void {
    this.#states.happened(event);
    if (event === 'output') this.#hasPrinted = true;
    else if (event === 'drawn') this.#hasDrawn = true;
    if (this.#early) this.#keepEarly(event);
    else if (typeof event === 'object') this.#announced(event);
    else this.#happened(event);
  }

  #keepEarly(event: SessionEvent): void {
    const early = this.#early ?? [];
    const isFirst =
      event === 'exited' || ((event === 'output' || event === 'drawn') && !early.includes(event));
    const isAnnouncement = typeof event === 'object' && early.length < EARLY_LIMIT;
    if (isFirst || isAnnouncement) early.push(event);
  }

  #happened(event: Extract<SessionEvent, string>): void {
    switch (event) {
      case 'output':
        this.#beActive();
        this.#beginBurst();
        break;
      case 'drawn':
        this.#beginBurst();
        break;
      case 'input':
        this.#beActive();
        this.#tell('input', { seq: this.#session.seq, ...this.#typist() });
        break;
      case 'resized':
        this.#tell('resized', { size: this.#session.screen.size });
        break;
      case 'exited':
        this.#exited();
        break;
    }
  }

  #announced(event: Extract<SessionEvent, object>): void {
    switch (event.type) {
      case 'renamed':
        this.#subject = subjectOf(this.#session);
        this.#tell('renamed', { previous_name: event.previousName });
        break;
      case 'tagged':
        this.#subject = subjectOf(this.#session);
        this.#tell('tagged', {});
        break;
      case 'restarting':
        this.#tell('restarting', { exit: event.exit, delay_ms: event.delayMs, in_a_row: event.inARow });
        break;
      case 'restarted':
        this.#beActive();
        this.#tell('restarted', { pid: this.#session.pid, ...(event.exit && { exit: event.exit }) });
        break;
      case 'work_state': {
        const { from, to } = event;
        const facts = to && { why: to.why, ...(to.text !== undefined && { text: cut(to.text) }) };
        this.#tell('state', { from: from?.name ?? null, to: to?.name ?? null, ...facts });
        break;
      }
      case 'attached':
        this.#tell('attached', { client: event.client, read_only: event.isReadOnly });
        break;
      case 'detached':
        this.#tell('detached', { client: event.client });
        break;
      case 'keyboard_taken': {
        const { client, takenFrom } = event;
        this.#tell('keyboard_taken', { client, ...(takenFrom !== undefined && { taken_from: takenFrom }) });
        break;
      }
      case 'keyboard_released':
        this.#tell('keyboard_released', { client: event.client });
        break;
      case 'hand_over':
        this.#tell('hand_over', { client: event.client, message: event.message });
        break;
      case 'asked': {
        const { question, prompt, program } = event;
        this.#tell('asked', { question, prompt, program });
        break;
      }
      case 'question_ended': {
        const { question, outcome, client } = event;
        this.#tell('question_ended', { question, reason: outcome, ...(client !== undefined && { client }) });
        break;
      }
      case 'title':
        this.#tell('title', { title: cut(event.title) });
        break;
      case 'cwd':
        this.#tell('cwd', { cwd: cut(event.cwd) });
        break;
      case 'bell':
        this.#tell('bell', { count: event.count });
        break;
      case 'notification': {
        const title = event.title === undefined ? {} : { title: cut(event.title) };
        this.#tell('notification', { ...title, body: cut(event.body) });
        break;
      }
      case 'progress':
        this.#tell('progress', event.progress ? { progress: event.progress } : {});
        break;
      case 'mark':
        this.#marked(event);
        break;
    }
  }

  #typist(): Facts {
    const { typedLast } = this.#session.keyboard;
    return typedLast ? { client: typedLast.client } : {};
  }

  /** As the session's list of commands has them: what was typed for an exec is reported as the command that was given. */
  #marked({ mark }: Extract<Signal, { type: 'mark' }>): void {
    const { commands, lastFinished, count } = this.#session.commands;
    const finished = lastFinished?.command;
    // A shell may say how a command ended after it has said that it did.
    if (finished !== undefined && finished.number === this.#command) {
      const exit_code = finished.exitCode ?? null;
      this.#tell('command_finished', { command: lineOf(finished), exit_code });
      this.#command = undefined;
    }
    if (mark !== 'output' || count === this.#emittedCommands) return;
    this.#emittedCommands = this.#command = count;
    this.#tell('command_started', { command: lineOf(commands.at(-1)) });
  }

  #beActive(): void {
    this.#idleTimer ??= lookAfter(IDLE_MS, this.#lookForIdleness);
  }

  /** The timer is not set anew for every activity; it looks how long ago the last one was. */
  readonly #lookForIdleness = () => {
    if (this.#idleTimer === undefined) return;
    this.#idleTimer = undefined;
    const idleMs = Math.round(this.#session.times.idleMs);
    if (idleMs < IDLE_MS) this.#idleTimer = lookAfter(IDLE_MS - idleMs, this.#lookForIdleness);
    else this.#tell('idle', { idle_ms: idleMs });
  };

  #beginBurst(): void {
    this.#burstTimer ??= setTimeout(this.#endBurst, BURST_MS);
  }

  readonly #endBurst = () => {
    clearTimeout(this.#burstTimer);
    this.#burstTimer = undefined;
    if (this.#hasPrinted) {
      const offset = this.#session.retention.totalBytes;
      this.#tell('output', { bytes: offset - this.#emittedOffset, offset });
      this.#emittedOffset = offset;
    }
    if (this.#hasDrawn) {
      this.#change = this.#log.add('changed', this.#subject, () => this.#changeOfScreen());
    }
    this.#hasPrinted = false;
    this.#hasDrawn = false;
  };

  #changeOfScreen(): Facts | undefined {
    const { revision } = this.#session;
    if (revision === this.#emittedRevision) return undefined;
    this.#emittedRevision = revision;
    return { revision };
  }

  #exited(): void {
    clearTimeout(this.#idleTimer);
    this.#idleTimer = undefined;
    this.#endBurst();
    this.#states.end();
    // The screen will be evicted before the event is.
    if (this.#change) factsOf(this.#change);
    const { exit, restarts } = this.#session;
    this.#tell('exited', {
      ...(exit && { exit }),
      ...(restarts.policy?.gaveUp && { gave_up: true as const }),
    });
  }

  #tell(type: EventType, facts: Facts): void {
    this.#log.add(type, this.#subject, facts);
  }
}

export function subjectOf({ id, name, tags }: Session): Subject {
  return { id, name, tags: new Set(tags) };
}

/** A copy: V8 keeps the whole text that a program announced it in as long as a part of it is kept. */
function cut(text: string): string {
  const shown = text.length <= TEXT_LIMIT ? text : `${text.slice(0, TEXT_LIMIT - 1)}…`;
  return Buffer.from(shown, 'utf16le').toString('utf16le');
}

function lineOf(command: ShellCommand | undefined): string | null {
  return command?.commandLine === undefined ? null : cut(command.commandLine);
}
