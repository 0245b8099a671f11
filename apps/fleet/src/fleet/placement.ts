/** Where a new session of a fleet is started: on the least loaded host of those with its labels, as a host of the fleet says. */

import { type Params, RequestError } from '@pilotty/client';
import { placementSubject } from '../names.ts';
import { askAny, isNobody } from '../nats/ask-any.ts';
import { reasonOf, unreachable } from '../nats/problems.ts';
import type { Hosts } from './hosts.ts';
import { placeOf } from './selection.ts';

export interface PlacementRequest {
  labels: Record<string, string>;
  /** The same key, the same host. */
  once?: string;
}

export type PlacementAnswer = { host: string } | { problem: string };

export class Placement {
  readonly #hosts: Hosts;
  readonly #request: PlacementRequest;
  #chosen: Promise<string> | undefined;

  constructor(hosts: Hosts, request: PlacementRequest) {
    this.#hosts = hosts;
    this.#request = request;
  }

  /** @throws RequestError UNAVAILABLE where no host has the labels; ConnectionError */
  host(): Promise<string> {
    this.#chosen ??= this.#choose();
    return this.#chosen;
  }

  /**
   * Where a session of this name is to be, and its name there: HOST/NAME says both.
   * @throws RequestError, ConnectionError
   */
  async placeFor(given: string | undefined): Promise<{ host: string; name: string | undefined }> {
    const { host, name } = placeOf(given);
    if (host === undefined) return { host: await this.host(), name };
    if (Object.keys(this.#request.labels).length > 0)
      throw new RequestError('INVALID_INPUT', `'${given}' says its host, which --on would choose`, {
        suggestion: 'Give one of them.',
      });
    await this.#hosts.knownAs([host]);
    return { host, name };
  }

  /** As the host takes it: its key beside what the protocol has. */
  marked(params: Params<'session.spawn'>): Params<'session.spawn'> {
    const { once } = this.#request;
    if (once === undefined) return params;
    // Another client than ours starts it, which is in no scope.
    const { scope = this.#hosts.scope } = params;
    return { ...params, ...(scope !== undefined && { scope }), once } as Params<'session.spawn'>;
  }

  async #choose(): Promise<string> {
    const { connection } = await this.#hosts.nats();
    const { fleet } = this.#hosts;
    let answer: PlacementAnswer;
    try {
      answer = await askAny(connection, placementSubject(fleet), this.#request);
    } catch (error) {
      throw unreachable(
        isNobody(error)
          ? `no host of the fleet ${fleet} is there; nothing was started`
          : `no host of the fleet ${fleet} has chosen one: ${reasonOf(error)}; nothing was started`,
      );
    }
    if ('host' in answer) return answer.host;
    throw new RequestError('UNAVAILABLE', `${answer.problem}; nothing was started`, {
      suggestion:
        "'pilotty --fleet nats://SERVER/FLEET list-sessions --fields hosts' shows the labels of its hosts.",
    });
  }
}
