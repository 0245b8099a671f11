/**
 * Many rules over many sessions, while an action hangs, one types into its own session, one sends to a receiver that fails, and
 * the daemon is upgraded in between. Every line that a rule is for must fire it once, and nothing may keep a session waiting.
 */
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { Client, Params, Result } from '../../packages/client/src/index.ts';
import { until } from '../harness/until.ts';
import { FiringLedger } from './firing-ledger.ts';
import { processFacts } from './samples.ts';

export interface FireOptions {
  client: Client;
  env: Record<string, string>;
  /** Puts another daemon in place of the one there is. @throws RequestError UNAVAILABLE where an action is under way */
  upgrade(): Promise<void>;
  sessions: number;
  /** In all; those that the sessions need, and a few more, are among them. */
  rules: number;
  /** In each, every session prints a line. Half of them come before the upgrade. */
  rounds: number;
  /** Between two rounds, where there are more than the rates of rules let through at once. */
  roundMs?: number;
  progress?: (round: number, memoryMb: number) => void;
}

export interface FireResult {
  faults: string[];
  fired: number;
  /** Of the daemon after the upgrade: once all has happened once, and at the end. */
  memoryMb: { first: number; last: number };
}

const DEADLINE_MS = 120_000;
/** Of those that are done a hundred are still listed, and two more are. */
const MAX_ONCES = 90;
/** The terminal echoes nothing, so that what is printed comes from the program alone. */
const REPEATS = ['sh', '-c', 'stty -echo; echo ready; while read -r line; do echo "got $line"; done'];

type Rule = Result<'rules.list'>['rules'][number];

export async function rulesUnderFire(options: FireOptions): Promise<FireResult> {
  const fire = new Fire(options);
  try {
    return await fire.run();
  } finally {
    await fire.close();
  }
}

class Fire {
  readonly #options: FireOptions;
  readonly #client: Client;
  readonly #ledger: FiringLedger;
  readonly #receiver = new Receiver();

  constructor(options: FireOptions) {
    this.#options = options;
    this.#client = options.client;
    this.#ledger = new FiringLedger(options.client);
  }

  async run(): Promise<FireResult> {
    const { sessions, rules, rounds } = this.#options;
    await this.#receiver.listen();
    for (let number = 0; number < sessions; number++) await this.#spawn(`s${number}`);
    await this.#spawn('circle');
    const each: string[] = [];
    const onces: string[] = [];
    for (let number = 0; number < sessions; number++) {
      const about = { sessions: [`s${number}`] };
      each.push(await this.#add({ ...about, regex: `got tick ${number} \\d+\\.`, repeat: 'each' }));
      if (number < MAX_ONCES) onces.push(await this.#add({ ...about, text: `got tick ${number} 1.` }));
    }
    const circle = await this.#add({
      ...{ sessions: ['circle'], text: 'got round', repeat: 'each' },
      input: { parts: [{ text: 'round' }, { key: 'Enter' }] },
    });
    const post = (path: string) =>
      this.#add({ sessions: ['s0'], text: 'got tick 0 0.', post: { url: `${this.#receiver.url}${path}` } });
    const retried = await post('/once-busy');
    const refused = await post('/never');
    const hangs = await this.#add({
      ...{ sessions: ['s0'], text: 'got tick 0 0.', repeat: 'each' },
      run: { argv: ['/bin/sh', '-c', 'exec sleep 1000'], timeout_ms: 3_600_000 },
    });
    const made = each.length + onces.length + 4;
    for (let number = made; number < rules; number++) await this.#add(idleRule(number, sessions));

    void this.#ledger.follow();
    await this.#type('circle', 'round');
    const half = Math.ceil(rounds / 2);
    await this.#rounds(0, half, each);
    this.#ledger.check('a command that hangs is given up', (await this.#show(hangs)).failures === 0);
    await this.#refusedUpgrade();
    await this.#client.request('rules.remove', { rules: [hangs] });
    await this.#options.upgrade();
    await this.#rounds(half, half + 1, each);
    const first = await this.#memoryMb();
    await this.#rounds(half + 1, rounds, each);
    const last = await this.#memoryMb();

    await this.#ended(retried, refused);
    for (const rule of each) await this.#firedTimes(rule, rounds, { state: 'armed', suppressed: 0 });
    for (const rule of onces) await this.#firedTimes(rule, 1, { state: 'done' });
    await this.#circleStopped(circle);
    this.#checkPosts(retried, refused);
    return { faults: this.#ledger.faults, fired: this.#ledger.fired, memoryMb: { first, last } };
  }

  async close(): Promise<void> {
    this.#ledger.stop();
    await this.#receiver.close();
  }

  async #rounds(from: number, to: number, rules: readonly string[]): Promise<void> {
    const { roundMs = 0, progress } = this.#options;
    for (let round = from; round < to; round++) {
      await Promise.all(rules.map((_, number) => this.#type(`s${number}`, `tick ${number} ${round}.`)));
      const wanted = rules.map((rule, number) => ({ rule, text: `got tick ${number} ${round}.` }));
      await this.#ledger.whenFired(wanted, DEADLINE_MS);
      progress?.(round, await this.#memoryMb());
      await delay(roundMs);
    }
  }

  async #refusedUpgrade(): Promise<void> {
    const refusal = await this.#options.upgrade().then(
      () => 'upgraded',
      (error: unknown) => String(error),
    );
    this.#ledger.check(
      `an upgrade while a command of a rule runs: ${refusal}`,
      refusal.includes('an action of a rule is under way'),
    );
  }

  /** Of those that send, nothing waits any more. */
  async #ended(...rules: string[]): Promise<void> {
    await until(
      'the end of the requests',
      async () => {
        const all = await Promise.all(rules.map((rule) => this.#show(rule)));
        return all.every(({ pending_posts }) => pending_posts === 0);
      },
      { deadlineMs: DEADLINE_MS },
    );
  }

  async #firedTimes(rule: string, times: number, also: Partial<Rule>): Promise<void> {
    const { firings, state, suppressed, failures } = await this.#show(rule);
    const known = { firings, state, suppressed, failures };
    const wanted = { ...known, firings: times, failures: 0, ...also };
    this.#ledger.check(
      `${rule}: ${JSON.stringify(known)}, and not ${JSON.stringify(wanted)}`,
      JSON.stringify(known) === JSON.stringify(wanted),
    );
    const events = this.#ledger.of(rule).filter(({ type }) => type === 'rule').length;
    this.#ledger.check(`${rule} has ${events} events for ${firings} firings`, events === firings);
  }

  /** After twenty acts of its own, and that is said once. */
  async #circleStopped(rule: string): Promise<void> {
    const { firings, suppressed } = await this.#show(rule);
    this.#ledger.check(`the circle went round ${firings} times`, firings === 20);
    this.#ledger.check(`the circle was held back ${suppressed} times`, suppressed > 0);
    const told = this.#ledger.of(rule).filter(({ type }) => type === 'rule_failed').length;
    this.#ledger.check(`the circle was said ${told} times to be held back`, told === 1);
  }

  #checkPosts(retried: string, refused: string): void {
    const busy = this.#receiver.deliveries.get('/once-busy') ?? [];
    // An upgrade may give up an attempt that is under way, and it is made again.
    this.#ledger.check(`${busy.length} attempts where the second goes well`, busy.length >= 2);
    this.#ledger.check('an attempt has another delivery than the one before', new Set(busy).size === 1);
    this.#ledger.check('a request that went well has failed', this.#ledger.failuresOf(retried) === 0);
    const never = this.#receiver.deliveries.get('/never') ?? [];
    this.#ledger.check(`${never.length} attempts where none can go well`, never.length === 1);
    this.#ledger.check('what was refused was not told once', this.#ledger.failuresOf(refused) === 1);
  }

  async #spawn(name: string): Promise<void> {
    const { env } = this.#options;
    await this.#client.request('session.spawn', { name, argv: REPEATS, cwd: '/', env, background: true });
    await this.#client.request('session.wait', { session: name, text: 'ready', timeout_ms: DEADLINE_MS });
  }

  async #add(params: Params<'rules.add'>): Promise<string> {
    const { env } = this.#options;
    return (await this.#client.request('rules.add', { env: { PATH: env.PATH ?? '' }, ...params })).rule;
  }

  async #show(id: string): Promise<Rule> {
    const [rule] = (await this.#client.request('rules.list', { rules: [id] })).rules;
    return rule as Rule;
  }

  async #type(session: string, text: string): Promise<void> {
    await this.#client.request('session.type', { session, text, enter: true });
  }

  async #memoryMb(): Promise<number> {
    const { pid } = await this.#client.request('daemon.info', {});
    return process.platform === 'linux' ? processFacts(pid).memoryMb : 0;
  }
}

/** Half of them over every session, a quarter expressions. */
function idleRule(number: number, sessions: number): Params<'rules.add'> {
  return {
    sessions: [number % 2 === 0 ? 's*' : `s${number % sessions}`],
    repeat: 'each',
    ...(number % 4 === 3 ? { regex: `never [0-9]+ ${number}` } : { text: `never ${number}` }),
  };
}

/** Answers 503 to the first request for `/once-busy`, and 404 to each for `/never`. */
class Receiver {
  /** What each request called itself, by path. */
  readonly deliveries = new Map<string, string[]>();
  readonly #server = http.createServer((request, response) => {
    const path = request.url ?? '';
    const known = this.deliveries.get(path) ?? [];
    this.deliveries.set(path, [...known, String(request.headers['pilotty-delivery'])]);
    request.resume();
    if (path === '/never') response.statusCode = 404;
    else if (known.length === 0) response.statusCode = 503;
    response.end();
  });

  async listen(): Promise<void> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
