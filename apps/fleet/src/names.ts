/**
 * Every subject, bucket and key of a fleet, in one place: permissions of NATS name them.
 *
 * A host takes requests on `pilotty.FLEET.host.HOST.CLASS.METHOD`. CLASS is `read` or `act`, so that a credential which may
 * publish to `pilotty.FLEET.host.*.read.>` alone can look and not act.
 */

/** One token of a subject, and a part of a bucket's name. */
const NAME = /^[A-Za-z0-9_-]{1,63}$/;

export const NAME_RULE = '1 to 63 letters, digits, - or _';

export function isName(text: string): boolean {
  return NAME.test(text);
}

/** A host's own name, as one of a fleet: `build.example` is `build-example`. */
export function asName(hostname: string): string {
  return hostname.replaceAll(/[^A-Za-z0-9_-]/g, '-').slice(0, 63) || 'host';
}

export type RequestClass = 'read' | 'act';

export function hostSubject(fleet: string, host: string): string {
  return `pilotty.${fleet}.host.${host}`;
}

export function methodSubject(
  fleet: string,
  host: string,
  requestClass: RequestClass,
  method: string,
): string {
  return `${hostSubject(fleet, host)}.${requestClass}.${method}`;
}

/** Of all that is no method's: opening, acknowledging and closing a link. It changes nothing, so it is of `read`. */
export const LINK = '_link';
/** What a program inherits on that host, its environment among it: for those who may start one. */
export const SURROUNDINGS = '_surroundings';

/** What a message to a host is about; undefined for a subject that is no request. */
export function requestOf(subject: string): { requestClass: RequestClass; method: string } | undefined {
  const [, , , , requestClass, ...method] = subject.split('.');
  if ((requestClass !== 'read' && requestClass !== 'act') || method.length === 0) return undefined;
  return { requestClass, method: method.join('.') };
}

/** Where any host of a fleet chooses one for a new session. */
export function placementSubject(fleet: string): string {
  return `pilotty.${fleet}.act.place`;
}

/** Where any host of a fleet says what the directory has. */
export function directorySubject(fleet: string): string {
  return `pilotty.${fleet}.read.directory`;
}

/** Where any host of a fleet says what the output stream has. */
export function keptOutputSubject(fleet: string): string {
  return `pilotty.${fleet}.read.output`;
}

/** The stream of JetStream that hosts keep output in. */
export function outputStreamOf(fleet: string): string {
  return `pilotty_${fleet}_output`;
}

/** What a session has printed, in that stream; `*` for all sessions of the host, or all hosts. */
export function outputSubject(fleet: string, host: string, sessionId: string): string {
  return `pilotty.${fleet}.output.${host}.${sessionId}`;
}

/** As a daemon makes them. */
export function isSessionId(word: unknown): word is string {
  return typeof word === 'string' && /^[0-9a-f]{12}$/.test(word);
}

export function bucketOf(fleet: string): string {
  return `pilotty_${fleet}`;
}

/** Of the key/value bucket: what a host says of itself, and its sessions, apart because they change less often. */
export const keys = {
  host: (host: string) => `host.${host}`,
  sessions: (host: string) => `sessions.${host}`,
  /** Which host has joined last: written once it takes requests. */
  joined: 'joined',
  /** By keyOf(): which host an idempotent spawn was placed on. */
  placed: (key: string) => `placed.${key}`,
};

/** A key that users choose, as a part of one of the bucket: every byte that is no letter or digit is written as =XX. */
export function keyOf(text: string): string {
  return text.replaceAll(/[^A-Za-z0-9_-]/g, (character) =>
    [...Buffer.from(character)].map((byte) => `=${byte.toString(16).padStart(2, '0')}`).join(''),
  );
}
