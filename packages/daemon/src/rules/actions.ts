/**
 * What a rule does when it fires. Each action goes by itself: one that fails, or hangs, keeps no other from being done, no
 * session from going on, and no rule from firing.
 *
 * All of it is done in the name of the client that made the rule: a policy decides as it would on that client's own act.
 */
import { RequestError } from '@pilotty/protocol';
import { Call, Cancellation } from '../call.ts';
import { ClientIdentity } from '../client-identity.ts';
import type { Policy } from '../policy/policy.ts';
import { randomHex } from '../random-hex.ts';
import { NO_NOTIFIER, noticeOf, notifier } from './notification.ts';
import { type PendingPost, Posts } from './posts.ts';
import type { ActionName, ActionResult, Firing, RuleRecord } from './rule.ts';
import { type Command, runCommand } from './run-command.ts';
import { Turns } from './turns.ts';

export interface ActionServices {
  policy: Policy | undefined;
  /** As Services.answerPart(). */
  answerPart(method: string, params: unknown, call: Call): Promise<unknown>;
  /** Other requests wait to be sent than before. */
  postsChanged(): void;
  /** Something has begun or ended. */
  changed(): void;
}

export interface Done extends ActionResult {
  action: ActionName;
  durationMs: number;
}

/** As programs are sought where a rule says nothing else. */
const STANDARD_PATH = '/usr/local/bin:/usr/bin:/bin';
/** For a program to read what a rule types. */
const INPUT_WITHIN_MS = 10_000;
const NOTIFY_WITHIN_MS = 10_000;
/** Of an environment, where more than some ten times that cannot be passed on. */
const MAX_VARIABLE = 32 * 1024;

export class Actions {
  readonly posts: Posts;
  readonly #services: ActionServices;
  readonly #turns = new Turns();
  /** Of each rule, what ends its firings that are under way. */
  readonly #cancellations = new Map<string, Set<Cancellation>>();
  /** Sessions that are being sent input by a rule. */
  readonly #typingIn = new Map<string, number>();
  #underWay = 0;

  constructor(services: ActionServices) {
    this.#services = services;
    this.posts = new Posts(
      {
        now: () => Date.now(),
        later: (ms, then) => {
          const timer = setTimeout(then, ms);
          return () => clearTimeout(timer);
        },
        send: async (post, withinMs, signal) => (await import('./request.ts')).send(post, withinMs, signal),
      },
      () => services.postsChanged(),
    );
  }

  /** Actions that have begun, without the requests that wait to be sent again. */
  get underWay(): number {
    return this.#underWay + this.#turns.count;
  }

  isTypingIn(sessionId: string): boolean {
    return (this.#typingIn.get(sessionId) ?? 0) > 0;
  }

  /** Begins all that the rule does; each resolves when it is done, or has failed. */
  perform(record: RuleRecord, firing: Firing): Promise<Done>[] {
    const { run, input, post, notify } = record.declaration;
    const { session } = firing;
    const begun: Promise<Done>[] = [];
    const cancellation = new Cancellation();
    const begin = (action: ActionName, done: () => Promise<ActionResult>) =>
      begun.push(this.#timed(action, done, action !== 'post'));
    if (run) begin('run', () => this.#run(record, firing, run, cancellation));
    // Nothing can be typed into a session that has ended.
    if (input && !(firing.fired === 'ended' && input.session === undefined))
      begin('input', () => this.#type(record, session?.id, input, cancellation));
    if (post) begin('post', () => this.posts.add(postOf(record, firing, post)));
    if (notify) begin('notify', () => this.#notify(record, firing, cancellation));
    void this.#endsWith(record.rule, cancellation, begun);
    return begun;
  }

  /** None of them fails. */
  async #endsWith(rule: string, cancellation: Cancellation, begun: readonly Promise<Done>[]): Promise<void> {
    const ofRule = this.#cancellations.get(rule) ?? new Set();
    this.#cancellations.set(rule, ofRule.add(cancellation));
    await Promise.all(begun);
    ofRule.delete(cancellation);
    if (ofRule.size === 0) this.#cancellations.delete(rule);
  }

  /** Nothing more is done of what a rule has begun, nor of what waits for its turn. */
  drop(rule: string): void {
    for (const cancellation of this.#cancellations.get(rule) ?? []) cancellation.cancel();
    this.posts.drop(rule);
  }

  close(): void {
    for (const cancellation of [...this.#cancellations.values()].flatMap((ofRule) => [...ofRule]))
      cancellation.cancel();
    this.posts.freeze();
  }

  async #timed(action: ActionName, done: () => Promise<ActionResult>, isUnderWay: boolean): Promise<Done> {
    const began = performance.now();
    if (isUnderWay) this.#underWay += 1;
    this.#services.changed();
    let result: ActionResult;
    try {
      result = await done();
    } catch (error) {
      const reason =
        error instanceof RequestError ? `${error.code}: ${error.message}` : (error as Error).message;
      result = { ok: false, reason };
    } finally {
      if (isUnderWay) this.#underWay -= 1;
    }
    this.#services.changed();
    return { action, ...result, durationMs: Math.round(performance.now() - began) };
  }

  async #run(
    record: RuleRecord,
    firing: Firing,
    { argv, timeout_ms: timeoutMs }: { argv: string[]; timeout_ms: number },
    cancellation: Cancellation,
  ): Promise<ActionResult> {
    const { cwd, env } = record.declaration;
    const command = {
      argv,
      cwd,
      env: { PATH: STANDARD_PATH, ...env, ...variablesOf(record, firing) },
      timeoutMs,
    };
    return await this.#inTurn(record, command, cancellation);
  }

  async #notify(record: RuleRecord, firing: Firing, cancellation: Cancellation): Promise<ActionResult> {
    const { cwd, env } = record.declaration;
    const words = await notifier(env.PATH);
    if (words === undefined) return { ok: false, reason: NO_NOTIFIER };
    const argv = words(noticeOf(record, firing));
    const command = { argv, cwd, env, timeoutMs: NOTIFY_WITHIN_MS };
    return await this.#inTurn(record, command, cancellation);
  }

  async #inTurn(record: RuleRecord, command: Command, cancellation: Cancellation): Promise<ActionResult> {
    const { policy } = this.#services;
    const run = () => runCommand(command, cancellation.signal);
    const governed = async () => {
      // Removed while it waited: then there is nothing to decide on either.
      if (policy === undefined || cancellation.isOver) return await run();
      const { cwd, env } = record.declaration;
      const call = callOf(record, cancellation);
      return await policy.governCommand({ argv: command.argv, cwd, path: env.PATH }, call, run);
    };
    const result = await this.#turns.take(record.rule, governed);
    return (
      result ?? { ok: false, reason: 'too many commands of this rule wait already; this one was dropped' }
    );
  }

  async #type(
    record: RuleRecord,
    firedIn: string | undefined,
    { session = firedIn, parts, only_if }: NonNullable<RuleRecord['declaration']['input']>,
    cancellation: Cancellation,
  ): Promise<ActionResult> {
    if (session === undefined) return { ok: false, reason: 'there is no session to type into' };
    const params = { session, parts, only_if, timeout_ms: INPUT_WITHIN_MS };
    const count = (by: number) => this.#typingIn.set(session, (this.#typingIn.get(session) ?? 0) + by);
    count(1);
    try {
      await this.#services.answerPart('session.send', params, callOf(record, cancellation));
      return { ok: true };
    } finally {
      count(-1);
      if (this.#typingIn.get(session) === 0) this.#typingIn.delete(session);
    }
  }
}

/** Nobody waits for its answer. */
function callOf({ made_by: name }: RuleRecord, cancellation: Cancellation): Call {
  const client = new ClientIdentity({ name });
  const caller = { isGone: () => false, client, emit: async () => {}, ready: async () => {} };
  return new Call(caller, cancellation);
}

/** What commands that it runs are called as clients; loops of rules are known by it. */
export const RULE_CLIENT = 'rule:';

function variablesOf(record: RuleRecord, firing: Firing): Record<string, string> {
  const { scope } = record.declaration;
  const { session, exit, match_text: match, line = match, met, fired, screen } = firing;
  const variables = {
    PILOTTY_CLIENT: `${RULE_CLIENT}${record.rule}`,
    PILOTTY_RULE: record.rule,
    PILOTTY_FIRED: fired,
    PILOTTY_MET: met.join(','),
    PILOTTY_SCREEN: screen,
    ...(session && { PILOTTY_SESSION: session.name, PILOTTY_SESSION_ID: session.id }),
    // What the command asks for is of the scope of who made the rule.
    ...(scope !== undefined && { PILOTTY_SCOPE: scope }),
    ...(match !== undefined && { PILOTTY_MATCH: match, PILOTTY_LINE: line }),
    ...(exit && { PILOTTY_EXIT_CODE: String(exit.exit_code ?? exit.signal) }),
  };
  // What a program has printed may have any character in it, and no variable can hold this one.
  const entries = Object.entries(variables).map(([name, value]) => [
    name,
    value.replaceAll('\0', '').slice(-MAX_VARIABLE),
  ]);
  return Object.fromEntries(entries) as Record<string, string>;
}

function postOf(
  record: RuleRecord,
  firing: Firing,
  { url, secret, secret_file }: NonNullable<RuleRecord['declaration']['post']>,
): PendingPost {
  const id = randomHex(12);
  const { session, ...facts } = firing;
  const body = JSON.stringify({
    type: 'rule_fired',
    delivery: id,
    ...facts,
    ...(session && { session: session.name, session_id: session.id, tags: session.tags }),
  });
  return { rule: record.rule, id, url, body, secret, secret_file, failures: 0, next_at: Date.now() };
}
