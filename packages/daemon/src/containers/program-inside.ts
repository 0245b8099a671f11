/**
 * One program in a container whose runtime relays its terminal: the process on this host is the runtime's command, which
 * neither passes signals on nor ends the program with itself. So the program is asked for, sent signals and ended in there,
 * by scripts that the runtime runs beside it.
 *
 * A number is used only together with the time when its process was started: another process of that number is left alone.
 */
import { RequestError } from '@pilotty/protocol';
import type { Survivor } from '../processes/kill-tree.ts';
import { randomHex } from '../random-hex.ts';
import { within } from '../within.ts';
import type { Entry, ProcessInside } from './entry.ts';
import { type LookedInside, listProcesses, NOTHING_INSIDE, readLook } from './look-inside.ts';
import type { RuntimeAsker } from './runtime-asker.ts';
import { END, LOOK, SIGNAL } from './scripts.ts';

/** The runtime's command ends as soon as the program has, and its output has come. */
const CLIENT_ENDS_WITHIN_MS = 1000;
/** A look costs the runtime a process: who polls is answered with the last one for so long. */
const LOOK_AGAIN_MS = 250;
/** Of an answer that nobody should have to wait long for. */
const LOOK_WITHIN_MS = 3000;

export class ProgramInside {
  /** As it was given. */
  readonly place: string;
  readonly #entry: Entry;
  readonly #asker: Pick<RuntimeAsker, 'ask'>;
  readonly #command: string;
  #last: { answer: Promise<LookedInside>; answeredAtMs: number | undefined } | undefined;

  constructor(place: string, command: string, entry: Entry, asker: Pick<RuntimeAsker, 'ask'>) {
    this.place = place;
    this.#command = command;
    this.#entry = entry;
    this.#asker = asker;
  }

  /** undefined until it has reported itself. */
  get pid(): number | undefined {
    return this.#entry.process?.pid;
  }

  /** What has the keyboard in there; nothing where the runtime does not tell in time. */
  look(): Promise<LookedInside> {
    const { answeredAtMs = Number.POSITIVE_INFINITY } = this.#last ?? {};
    if (this.#last && performance.now() - answeredAtMs < LOOK_AGAIN_MS) return this.#last.answer;
    const last = { answer: this.#look(), answeredAtMs: undefined as number | undefined };
    this.#last = last;
    void last.answer.then(() => {
      last.answeredAtMs = performance.now();
    });
    return last.answer;
  }

  async #look(): Promise<LookedInside> {
    const process = this.#entry.process;
    if (process === undefined) return NOTHING_INSIDE;
    const mark = randomHex(8);
    try {
      return readLook(await this.#asker.ask(LOOK, [...wordsOf(process), mark], LOOK_WITHIN_MS), mark);
    } catch {
      // It does not tell: a container that is paused, a cluster out of reach.
      return NOTHING_INSIDE;
    }
  }

  /**
   * Sends a signal to the foreground of the terminal in there.
   * @returns its process group
   * @throws RequestError UNAVAILABLE where the runtime does not say that it was sent
   */
  async signal(signal: NodeJS.Signals): Promise<number> {
    const process = this.#entry.process;
    const answer = process
      ? await this.#asker.ask(SIGNAL, [...wordsOf(process), nameOf(signal)]).catch((error: Error) => {
          throw notSent(`It is not known whether ${signal} was sent in ${this.place}: ${error.message}`);
        })
      : 'gone';
    const [, group] = /^sent (\d+)$/m.exec(answer) ?? [];
    if (group === undefined)
      throw notSent(`${signal} was not sent: nothing in ${this.place} has the keyboard of this session`);
    return Number(group);
  }

  /**
   * Ends the program and what has its terminal, as endProcesses() does on this host.
   * @param clientEnded resolves when the runtime's command has ended, which it does with the program
   * @returns what is left in there, or may be
   */
  async end(signal: NodeJS.Signals, graceMs: number, clientEnded: Promise<void>): Promise<Survivor[]> {
    const process = this.#entry.process;
    if (process === undefined) return [];
    try {
      await this.#send(process, nameOf(signal));
      await within(graceMs, clientEnded);
      const left = await this.#left(process);
      if (left.length > 0) {
        await this.#send(process, 'KILL');
        await within(CLIENT_ENDS_WITHIN_MS, clientEnded);
      }
      return left.length > 0 ? await this.#left(process) : [];
    } catch {
      // Reported instead: whether it was ended is not known, and the runtime is not asked again.
      return [{ pid: process.pid, command: this.#command, in: this.place, unknown: true }];
    }
  }

  /** Whether something of it runs in there, as far as the runtime tells. */
  async isLeft(): Promise<boolean> {
    const process = this.#entry.process;
    // Where the runtime cannot be asked, it cannot start another one either.
    return process !== undefined && (await this.#left(process).catch(() => [])).length > 0;
  }

  async #send(process: ProcessInside, signal: string): Promise<string> {
    if (process.startedAt === '0') throw new Error('there is no /proc to know processes by');
    const answer = await this.#asker.ask(END, [...wordsOf(process), signal]);
    if (!answer.endsWith('end\n')) throw new Error('the script did not run to its end');
    return answer;
  }

  async #left(process: ProcessInside): Promise<Survivor[]> {
    const left = listProcesses(await this.#send(process, 'none'));
    return left.map(({ pid, command }) => ({ pid, command, in: this.place }));
  }
}

function wordsOf({ pid, startedAt }: ProcessInside): string[] {
  return [String(pid), startedAt];
}

function nameOf(signal: NodeJS.Signals): string {
  return signal.replace(/^SIG/, '');
}

function notSent(message: string): RequestError {
  return new RequestError('UNAVAILABLE', message, {
    suggestion: "See what runs in there with 'pilotty status', and try again.",
  });
}
