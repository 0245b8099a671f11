/**
 * The gateway, as far as it is more than a way to the daemon. Getting in: a token typed, or a one-use ticket in
 * the address, becomes a cookie that no script can read. And starting a session, because a page has no
 * environment and no directory to start it in: the gateway's route takes its own.
 */
import { connectWebSocket, type ErrorBody, RequestError, type Result } from '@pilotty/client/browser';
import { terminalTheme } from '../look/terminal-themes.ts';
import type { ProgramWords } from '../sessions/program-words.ts';

/** What the login of this browser may do. */
export interface Permitted {
  isReadOnly: boolean;
  /** Only of some sessions. */
  isScoped: boolean;
  /** RFC 3339, UTC; undefined: not known to end. */
  expiresAt: string | undefined;
}

/** Of GET /access. */
interface Answer {
  read_only: boolean;
  sessions?: string[];
  tags?: string[];
  expires_at?: string;
}

/** As long as a connection may be silent. */
const ANSWER_MS = 10_000;
const TICKET = /^#ticket=([\w.~-]+)$/;

export class Access {
  /** Where the page lies, which may be below a path. */
  readonly #base: URL;

  constructor(base: URL) {
    this.#base = base;
  }

  /** @param startsDaemon whether the gateway starts a daemon where none runs */
  open(signal: AbortSignal, startsDaemon: boolean): ReturnType<typeof connectWebSocket> {
    const url = new URL(`ws/json?start=${startsDaemon ? 'once' : 'false'}`, this.#base);
    url.protocol = url.protocol.replace('http', 'ws');
    return connectWebSocket(url.href, signal);
  }

  /** Uses up the ticket in the address, if there is one, and takes it out of the history. */
  async useTicket(): Promise<'none' | 'used' | 'expired'> {
    const [, ticket] = TICKET.exec(location.hash) ?? [];
    if (ticket === undefined) return 'none';
    history.replaceState(null, '', location.pathname + location.search);
    try {
      await this.#post('login', { ticket });
      return 'used';
    } catch {
      // Used up, too old, or of a gateway before this one: which, no gateway says.
      return 'expired';
    }
  }

  async logOut(): Promise<void> {
    await this.#post('logout', {});
  }

  /** Also while the page is being closed, when a WebSocket may not send any more. */
  resizeAtOnce(id: string, { cols, rows }: { cols: number; rows: number }): void {
    // Of a fleet: a path has no room for its slash.
    const url = new URL(`sessions/${encodeURIComponent(id.replace('/', ':'))}`, this.#base);
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify({ cols, rows });
    fetch(url, { method: 'PATCH', keepalive: true, headers, body }).catch(() => {});
  }

  /** @throws RequestError */
  async logIn(token: string): Promise<void> {
    await this.#post('login', { token });
  }

  /** @throws RequestError */
  async spawn(
    session: ProgramWords & { name?: string; preferred_name?: string; tags: string[]; cwd?: string },
  ): Promise<Result<'session.spawn'>> {
    const { foreground, background } = terminalTheme.peek();
    const colors = { foreground, background };
    return (await this.#post('sessions', { ...session, colors })).json() as Promise<Result<'session.spawn'>>;
  }

  /** 'unknown' when the gateway cannot be asked: then it is no question of logging in. */
  async permitted(): Promise<Permitted | 'not logged in' | 'unknown'> {
    try {
      // What the gateway answers by itself, without the daemon.
      const response = await fetch(new URL('access', this.#base), { signal: AbortSignal.timeout(ANSWER_MS) });
      if (response.status === 401) return 'not logged in';
      if (!response.ok) return 'unknown';
      const given = (await response.json()) as Answer;
      return {
        isReadOnly: given.read_only,
        isScoped: given.sessions !== undefined || given.tags !== undefined,
        expiresAt: given.expires_at,
      };
    } catch {
      return 'unknown';
    }
  }

  async #post(path: string, body: object): Promise<Response> {
    const response = await fetch(new URL(path, this.#base), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw RequestError.fromBody((await response.json()) as ErrorBody);
    return response;
  }
}
