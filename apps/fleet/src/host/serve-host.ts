/** A host in a fleet, from its joining to its leaving. */
import { PROTOCOL, VERSION } from '@pilotty/client';
import type { ServerAddress } from '../address.ts';
import { Directory, reachingDirectory } from '../directory/bucket.ts';
import { newLinkId } from '../link/link-id.ts';
import { LINK_TIMING } from '../link/timing.ts';
import { keys } from '../names.ts';
import { connectNats, type NatsOptions } from '../nats/connect.ts';
import { forbidden, reasonOf } from '../nats/problems.ts';
import { type OutputBounds, OutputStream } from '../output/output-stream.ts';
import { OutputReader } from '../output/stored-output.ts';
import { DaemonAccess, type DaemonAccessOptions } from './daemon-access.ts';
import { answerDirectory } from './directory-answers.ts';
import { answerDiscovery } from './discovery.ts';
import { answerKeptOutput } from './kept-output-answers.ts';
import { isOnce, keptSpawns, type OnceParams, OnceSpawns } from './once.ts';
import { type KeptOutputWish, type OpenedKeeper, openKeeper } from './output-keeper.ts';
import { answerPlacement, Placer } from './placer.ts';
import { Presence } from './presence.ts';
import { Requests } from './requests.ts';

export interface JoinOptions extends DaemonAccessOptions {
  address: ServerAddress;
  nats: NatsOptions;
  fleet: string;
  host: string;
  labels: Record<string, string>;
  /** What is put into the output stream of the fleet; absent: nothing. */
  keepOutput?: KeptOutputWish;
  /** Aborted: the host leaves. */
  signal: AbortSignal;
  /** Requests are taken from now on. @param kept the bounds of the stream, where output is kept */
  joined(kept: OutputBounds | undefined): void | Promise<void>;
}

/** So often the directory hears of a host. NATS itself notices sooner where a process was killed. */
const HOST_BEAT_MS = 8_000;

/** Resolves when it has left. @throws RequestError, ConnectionError */
export async function serveHost(options: JoinOptions): Promise<void> {
  const { address, fleet, host, labels, signal, warn } = options;
  const daemon = new DaemonAccess(options);
  const nats = await connectNats(address, options.nats);
  const instance = newLinkId();
  const joinedAt = new Date();
  let leave = () => {};
  let fail: (error: Error) => void = () => {};
  const left = new Promise<void>((resolve, reject) => {
    leave = resolve;
    fail = reject;
  });
  left.catch(() => {});
  const presence = new Presence({
    nats,
    fleet,
    identity: {
      instance,
      host,
      labels,
      version: VERSION,
      protocol: PROTOCOL,
      joined_at: joinedAt.toISOString(),
      beat_ms: HOST_BEAT_MS,
    },
    state: () => daemon.state(),
    lost: (error) => fail(error),
    warn,
    random: Math.random,
  });
  const once = new OnceSpawns(keptSpawns(() => presence.bucket, fleet, host));
  const spawnOnce = async (params: OnceParams, signal: AbortSignal) => {
    const client = daemon.client('fleet');
    try {
      return await once.spawn(client, params, signal);
    } finally {
      client.close();
    }
  };
  const stream = new OutputStream(nats, fleet, host);
  const reader = new OutputReader(nats, fleet);
  let keeping: OpenedKeeper | undefined;
  const following = new AbortController();
  let requests: Requests | undefined;
  const closing: (() => void)[] = [() => following.abort()];
  try {
    await daemon.start();
    await presence.join();
    keeping = options.keepOutput && (await openKeeper(options, options.keepOutput, daemon, stream, reader));
    void daemon.follow(() => {
      presence.changed();
      keeping?.keeper.changed();
    }, following.signal);
    requests = new Requests(nats, {
      fleet,
      host,
      timing: LINK_TIMING,
      connect: (startsDaemon, signal) => daemon.connect(startsDaemon, signal),
      surroundings: () => daemon.surroundings(),
      intercept: ({ method, params }, signal) =>
        method === 'session.spawn' && isOnce(params) ? spawnOnce(params, signal) : undefined,
    });
    const served = requests;
    const directory = new Directory(nats, fleet);
    const placer = new Placer({
      bucket: () => presence.bucket,
      hosts: () => directory.hosts(),
      random: Math.random,
      now: () => performance.now(),
    });
    closing.push(
      answerPlacement(nats, fleet, placer),
      answerDirectory(nats, fleet, directory),
      answerKeptOutput(nats, fleet, reader),
      () => keeping?.keeper.close(),
      answerDiscovery(nats, { instance, fleet, host, labels, joinedAt }, () => served.links),
      nats.watch({
        reconnected: () => {
          warn('connected to NATS again');
          void presence.beat();
        },
        refused: (subject) => {
          if (stream.isOurs(subject)) keeping?.keeper.refused(subject);
          else fail(forbidden(`to use ${subject}`));
        },
      }),
    );
    await nats.connection.flush();
    // From now on it answers those who look for new hosts.
    await reachingDirectory(fleet, () =>
      presence.bucket.put(keys.joined, JSON.stringify({ host, instance })),
    );
    await options.joined(keeping?.bounds);
    signal.addEventListener('abort', () => leave(), { once: true });
    if (signal.aborted) leave();
    await left;
  } finally {
    for (const close of closing) close();
    await presence.leave().catch((error) => warn(`the fleet was not told: ${reasonOf(error)}`));
    requests?.close();
    await nats.close();
    daemon.close();
  }
}
