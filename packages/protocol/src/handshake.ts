/**
 * The first message on every connection: who speaks, and which version.
 *
 * A client sends `hello` and its first request in one write, so the handshake costs no round trip.
 * The daemon decides what a difference means, because only it can decide and act without anything
 * in between:
 * - an older daemon without sessions answers `stepping_down`, refuses what came with it and ends;
 *   the client starts its own and asks again;
 * - one with sessions stays. The same protocol: it serves, and the client warns. Another protocol:
 *   only `daemon.info`, `daemon.stop` and `daemon.upgrade` are answered, which never change their shape.
 */
import pkg from '../../../package.json' with { type: 'json' };

/** Grows when a message that both sides know changes its meaning; new methods do not count. */
export const PROTOCOL = 1;

/** The product's version, the same in the command and the daemon that one package installs. */
export const VERSION: string = pkg.version;

export interface Hello {
  protocol: number;
  version: string;
  client?: ClientName | undefined;
}

/** Who asks: what it calls itself, else the process that stands for it; and where its names count. */
export interface ClientName {
  name?: string | undefined;
  pid?: number | undefined;
  /** Names without a scope are meant in this one; what fits no session's scope is refused with each request. */
  scope?: string | undefined;
}

export interface HelloAnswer {
  protocol: number;
  version: string;
  pid: number;
  /** Live sessions. */
  sessions: number;
  /** True: this daemon is ending, because it is older and has nothing to keep, or was asked to; start another. */
  stepping_down: boolean;
}

/** Methods that answer whatever the other side's protocol is. */
export const ALWAYS_ANSWERED: readonly string[] = ['daemon.info', 'daemon.stop', 'daemon.upgrade'];

/** Whether version `a` comes before `b`, by their numbers; a pre-release comes before its release. */
export function isOlder(a: string, b: string): boolean {
  const [left, right] = [parseVersion(a), parseVersion(b)];
  for (let i = 0; i < 3; i++) {
    const difference = (left.numbers[i] ?? 0) - (right.numbers[i] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  if (left.preRelease === right.preRelease) return false;
  if (left.preRelease === '' || right.preRelease === '') return right.preRelease === '';
  return left.preRelease.localeCompare(right.preRelease, 'en', { numeric: true }) < 0;
}

function parseVersion(version: string): { numbers: number[]; preRelease: string } {
  const [release = '', preRelease = ''] = version.split(/-(.*)/s);
  return { numbers: release.split('.').map((part) => Number.parseInt(part, 10) || 0), preRelease };
}
