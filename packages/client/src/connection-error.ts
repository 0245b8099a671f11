import { type ErrorBody, errors } from '@pilotty/protocol';

/** Trouble with the wire rather than with a request: no daemon, no way to it, or a connection that broke. */
export class ConnectionError extends Error {
  override readonly name = 'ConnectionError';
  readonly code: 'DAEMON_UNREACHABLE' | 'HOST_UNREACHABLE';
  readonly suggestion: string;
  /** No daemon listens; any other reason means that something is wrong. */
  readonly isAbsent: boolean;
  /** A process listens, and has not accepted the connections before this one. */
  readonly isQueueFull: boolean;
  /** The process that is in the way. */
  readonly pid: number | undefined;

  constructor(
    message: string,
    more: {
      suggestion?: string;
      isAbsent?: boolean;
      isQueueFull?: boolean;
      pid?: number;
      code?: 'HOST_UNREACHABLE';
      cause?: unknown;
    } = {},
  ) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause });
    this.code = more.code ?? 'DAEMON_UNREACHABLE';
    this.suggestion = more.suggestion ?? errors[this.code].suggestion;
    this.isAbsent = more.isAbsent ?? false;
    this.isQueueFull = more.isQueueFull ?? false;
    this.pid = more.pid;
  }

  toBody(): ErrorBody {
    const { code, message, suggestion, pid } = this;
    return { code, message, suggestion, ...(pid !== undefined && { details: { pid } }) };
  }
}
