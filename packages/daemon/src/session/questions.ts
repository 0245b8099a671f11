/**
 * What the programs of a session ask a person for, by their askpass program: open until a person answers or declines, who
 * asks is gone, or the deadline has passed. An answer is given to the one request that asks, and kept nowhere.
 */
import { type Question as QuestionFacts, RequestError } from '@pilotty/protocol';
import type { ClientIdentity } from '../client-identity.ts';
import { randomHex } from '../random-hex.ts';
import { Announcer } from '../until.ts';

/** A program asks one thing at a time; these are programs that run beside each other. */
const MAX_OPEN = 16;
const MAX_SHOWN = 1024;

export type QuestionOutcome = 'answered' | 'declined' | 'timed_out' | 'withdrawn';

export type QuestionEvent =
  | { type: 'asked'; question: string; prompt: string; program: string | null }
  | { type: 'question_ended'; question: string; outcome: QuestionOutcome; client: string | undefined };

export interface Question {
  readonly id: string;
  readonly prompt: string;
  readonly program: string | null;
  /** Since 1970. */
  readonly askedAtMs: number;
  /** By performance.now(). */
  readonly endsAt: number;
  readonly changed: Announcer;
  /** Undefined while it is open. */
  end: { outcome: QuestionOutcome; text?: string } | undefined;
}

interface Asking {
  prompt: string;
  program: string | undefined;
  timeoutMs: number;
  /** Of a question that was asked of the daemon before this one. */
  continued: string | undefined;
}

export class Questions {
  readonly #name: () => string;
  readonly #tell: (event: QuestionEvent) => void;
  readonly #open = new Map<string, Question>();

  /** @param name of the session, for errors */
  constructor(name: () => string, tell: (event: QuestionEvent) => void) {
    this.#name = name;
    this.#tell = tell;
  }

  /** Oldest first, as answers say it. */
  get facts(): QuestionFacts[] {
    return [...this.#open.values()].map(({ id, prompt, program, askedAtMs, endsAt }) => ({
      question: id,
      prompt,
      program,
      asked_at: new Date(askedAtMs).toISOString(),
      ends_in_ms: Math.max(0, Math.round(endsAt - performance.now())),
    }));
  }

  /** @throws RequestError LIMIT_REACHED, or INVALID_INPUT for one to go on with that is open already */
  ask({ prompt, program, timeoutMs, continued }: Asking): Question {
    if (this.#open.size >= MAX_OPEN)
      throw new RequestError('LIMIT_REACHED', `Session '${this.#name()}' has ${MAX_OPEN} open questions`, {
        suggestion: `Answer them with 'pilotty answer -s ${this.#name()}', or decline with --decline.`,
      });
    if (continued !== undefined && this.#open.has(continued))
      throw new RequestError('INVALID_INPUT', `Question '${continued}' is open already`);
    const question: Question = {
      id: continued ?? randomHex(4),
      prompt: cut(prompt.trim()),
      program: program === undefined ? null : cut(program),
      askedAtMs: Date.now(),
      endsAt: performance.now() + timeoutMs,
      changed: new Announcer(),
      end: undefined,
    };
    this.#open.set(question.id, question);
    const { id } = question;
    if (continued === undefined)
      this.#tell({ type: 'asked', question: id, prompt: question.prompt, program: question.program });
    return question;
  }

  /**
   * @param id undefined: the only one
   * @param text undefined: declined
   * @throws RequestError CONDITION_FAILED when there is none, or it is not clear which
   */
  answer(id: string | undefined, text: string | undefined, client: ClientIdentity): Question {
    const question = this.#find(id);
    const end =
      text === undefined ? { outcome: 'declined' as const } : { outcome: 'answered' as const, text };
    this.#end(question, end, client.label);
    return question;
  }

  /** No answer is wanted any more; one that has ended stays as it has. */
  withdraw(question: Question, outcome: 'timed_out' | 'withdrawn'): void {
    if (question.end === undefined) this.#end(question, { outcome }, undefined);
  }

  /** The session has ended. */
  close(): void {
    for (const question of [...this.#open.values()]) this.withdraw(question, 'withdrawn');
  }

  #end(question: Question, end: NonNullable<Question['end']>, client: string | undefined): void {
    question.end = end;
    this.#open.delete(question.id);
    this.#tell({ type: 'question_ended', question: question.id, outcome: end.outcome, client });
    question.changed.announce();
  }

  #find(id: string | undefined): Question {
    const open = [...this.#open.values()];
    const found = id === undefined ? open[0] : this.#open.get(id);
    if (found !== undefined && (id !== undefined || open.length === 1)) return found;
    const name = this.#name();
    const details = { session: name, questions: this.facts };
    if (found !== undefined)
      throw new RequestError('CONDITION_FAILED', `Session '${name}' has ${open.length} open questions`, {
        suggestion: `Name one: 'pilotty answer -s ${name} --question ${found.id}'.`,
        details,
      });
    const what = id === undefined ? 'no open question' : `no open question '${id}'`;
    throw new RequestError('CONDITION_FAILED', `Session '${name}' has ${what}; nothing was answered`, {
      suggestion: "It may have ended meanwhile. 'pilotty answer --wait' waits for the next one.",
      details,
    });
  }
}

function cut(text: string): string {
  return text.length <= MAX_SHOWN ? text : `${text.slice(0, MAX_SHOWN - 1)}…`;
}
