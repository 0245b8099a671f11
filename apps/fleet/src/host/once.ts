/**
 * Spawns with a key: however often one is asked for, its session is started once. The daemon knows by a tag which session it
 * was, so a host that has begun anew knows it too.
 */
import type { KV } from '@nats-io/kv';
import { type Client, type Params, RequestError, type Result } from '@pilotty/client';
import { reachingDirectory } from '../directory/bucket.ts';
import { parseRecord } from '../directory/records.ts';
import { keyOf, keys } from '../names.ts';

/** What is kept of a spawn for longer than its session is. */
export interface KeptSpawns {
  find(once: string): Promise<{ session: string } | undefined>;
  keep(once: string, session: string): Promise<void>;
}

/** Of a tag's 64 characters. */
const PREFIX = 'once:';
const KEY = /^[A-Za-z0-9._:/=@-]{1,59}$/;

export type OnceParams = Params<'session.spawn'> & { once: string };
type Spawned = Result<'session.spawn'>;

export class OnceSpawns {
  /** Those that are being started. */
  readonly #open = new Map<string, Promise<Spawned>>();
  readonly #kept: KeptSpawns;

  constructor(kept: KeptSpawns) {
    this.#kept = kept;
  }

  /** @throws RequestError, ConnectionError */
  async spawn(client: Client, { once, ...params }: OnceParams, signal: AbortSignal): Promise<Spawned> {
    if (!KEY.test(once))
      throw new RequestError('INVALID_INPUT', `the key '${once}' must be 1 to 59 letters, digits or ._:/=@-`);
    const open = this.#open.get(once);
    if (open !== undefined) {
      // Who asked first may give up; the session is there all the same, or is not.
      await open.catch(() => {});
      return await this.spawn(client, { once, ...params }, signal);
    }
    const spawning = this.#spawn(client, once, params, signal).finally(() => this.#open.delete(once));
    this.#open.set(once, spawning);
    return await spawning;
  }

  async #spawn(
    client: Client,
    once: string,
    params: Params<'session.spawn'>,
    signal: AbortSignal,
  ): Promise<Spawned> {
    const tag = `${PREFIX}${once}`;
    const { sessions } = await client.request('session.list', { tags: [tag], all: true });
    const [before] = sessions;
    if (before !== undefined) return await this.#asCreated(client, before, params, signal);
    const kept = await this.#kept.find(once);
    if (kept !== undefined)
      throw new RequestError(
        'UNAVAILABLE',
        `session '${kept.session}' was started with the key ${once}, and is no longer retained`,
        {
          suggestion: 'Use another key to start it again.',
        },
      );
    const created = await client.request(
      'session.spawn',
      { ...params, tags: [...(params.tags ?? []), tag] },
      { signal },
    );
    await this.#kept.keep(once, created.name);
    return created;
  }

  async #asCreated(
    client: Client,
    { id, name, pid, command, argv, cwd, size }: Result<'session.list'>['sessions'][number],
    { wait }: Params<'session.spawn'>,
    signal: AbortSignal,
  ): Promise<Spawned> {
    const waited = wait && (await client.request('session.wait', { session: id, ...wait }, { signal }));
    return {
      type: 'session_created',
      session_id: id,
      name,
      pid,
      command,
      argv,
      cwd,
      size,
      message: `Session '${name}' was started before with this key`,
      event_cursor: 0,
      ...(waited && { wait: waited }),
    };
  }
}

export function isOnce(params: unknown): params is OnceParams {
  return typeof params === 'object' && params !== null && 'once' in params && typeof params.once === 'string';
}

/** In the bucket of the fleet, where the host was written down before. */
export function keptSpawns(bucket: () => KV, fleet: string, host: string): KeptSpawns {
  return {
    async find(once) {
      const entry = await reachingDirectory(fleet, () => bucket().get(keys.placed(keyOf(once))));
      const kept = entry === null ? undefined : parseRecord<{ session?: string }>(entry.value);
      return kept?.session === undefined ? undefined : { session: kept.session };
    },
    async keep(once, session) {
      // Where this fails the session is there, and the same key finds it by its tag.
      await reachingDirectory(fleet, () =>
        bucket().put(keys.placed(keyOf(once)), JSON.stringify({ host, session })),
      );
    },
  };
}
