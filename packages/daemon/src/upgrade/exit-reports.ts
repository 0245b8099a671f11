/**
 * How programs end whose parent is a daemon from before an upgrade: that has stayed for it alone, and writes a line for
 * each. The pipe is handed on with the sessions, so that a chain of upgrades reads the reports of all that are left.
 *
 * Where such a daemon was killed, it is not known how its programs end: only that they do, which is looked for.
 */
import net, { type SocketConstructorOpts } from 'node:net';
import { findProcess, isAlive } from '../processes/process-table.ts';
import type { Child } from '../pty/child.ts';

const READ_BYTES = 4096;
/** The kernel reports no end of a process that is not our child. */
const LOOK_MS = 250;
const UNKNOWN = -1;

export interface ReportsState {
  fd: number;
  /** The beginning of a line that was read. */
  begun: string;
}

export function reportLine(pid: number, code: number, signal: number): string {
  return `${JSON.stringify({ pid, code, signal })}\n`;
}

export class ExitReports {
  readonly #sources = new Map<number, Source>();
  /** By pid, until it has ended. */
  readonly #expected = new Map<number, { child: Child; fd: number }>();
  readonly #looks = new Set<NodeJS.Timeout>();

  /** Reads from `fd` once begin() is called. */
  add({ fd, begun }: ReportsState): void {
    const source = new Source(fd, begun, {
      ended: (pid, code, signal) => this.#ended(pid, code, signal),
      over: () => this.#over(fd),
    });
    this.#sources.set(fd, source);
  }

  /** @returns it, whose end is reported there */
  expect(pid: number, fd: number, child: Child): void {
    this.#expected.set(pid, { child, fd });
  }

  begin(): void {
    for (const source of this.#sources.values()) source.resume();
  }

  /** Reads nothing more, until begin(). */
  freeze(): void {
    for (const source of this.#sources.values()) source.pause();
  }

  /** Frozen. */
  get state(): ReportsState[] {
    return [...this.#sources.values()].map(({ fd, begun }) => ({ fd, begun }));
  }

  /** Where the end of a program is reported; undefined where this process is its parent. */
  sourceOf(pid: number): number | undefined {
    return this.#expected.get(pid)?.fd;
  }

  /** Others read them now. Idempotent. */
  close(): void {
    for (const source of this.#sources.values()) source.close();
    for (const timer of this.#looks) clearInterval(timer);
    this.#looks.clear();
  }

  #ended(pid: number, code: number, signal: number): void {
    const expected = this.#expected.get(pid);
    this.#expected.delete(pid);
    expected?.child.ended(code, signal);
  }

  #over(fd: number): void {
    this.#sources.delete(fd);
    for (const [pid, expected] of this.#expected) if (expected.fd === fd) this.#lookFor(pid);
  }

  #lookFor(pid: number): void {
    const startedAt = findProcess(pid)?.startedAt;
    const timer = setInterval(() => {
      if (startedAt !== undefined && isAlive({ pid, startedAt })) return;
      clearInterval(timer);
      this.#looks.delete(timer);
      this.#ended(pid, 0, UNKNOWN);
    }, LOOK_MS);
    this.#looks.add(timer);
  }
}

interface SourceListener {
  ended(pid: number, code: number, signal: number): void;
  over(): void;
}

class Source {
  readonly fd: number;
  begun: string;
  readonly #socket: net.Socket;
  readonly #listener: SourceListener;
  #isClosed = false;

  constructor(fd: number, begun: string, listener: SourceListener) {
    this.fd = fd;
    this.begun = begun;
    this.#listener = listener;
    const buffer = Buffer.alloc(READ_BYTES);
    const callback = (length: number) => {
      this.#read(buffer.toString('latin1', 0, length));
      return true;
    };
    // Read into a buffer of its own: what a paused stream has read already would be lost to who reads next.
    const options = { fd, onread: { buffer, callback }, pauseOnCreate: true, allowHalfOpen: true };
    this.#socket = new net.Socket(options as SocketConstructorOpts);
    this.#socket.on('error', () => {});
    this.#socket.on('end', () => this.#over());
    this.#socket.on('close', () => this.#over());
  }

  resume(): void {
    this.#socket.resume();
  }

  pause(): void {
    this.#socket.pause();
  }

  close(): void {
    this.#isClosed = true;
    this.#socket.destroy();
  }

  #over(): void {
    if (this.#isClosed) return;
    this.close();
    this.#listener.over();
  }

  #read(text: string): void {
    const lines = `${this.begun}${text}`.split('\n');
    this.begun = lines.pop() ?? '';
    for (const line of lines) {
      const { pid, code, signal } = JSON.parse(line) as { pid: number; code: number; signal: number };
      this.#listener.ended(pid, code, signal);
    }
  }
}
