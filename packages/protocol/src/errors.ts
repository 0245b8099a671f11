/**
 * Every way a request can fail: one table, from which the exit code of a command, the status of
 * an HTTP answer and the reference docs follow. `RequestError` is what crosses the wire; trouble
 * with the wire itself is the client's `ConnectionError` and never appears here.
 */

interface ErrorEntry {
  /** What the command line exits with. */
  exitCode: number;
  /** What the HTTP face answers. */
  httpStatus: number;
  /** When it happens, for the reference. */
  meaning: string;
  /** The next thing to try, when the place that raises the error knows nothing better. */
  suggestion: string;
}

const LIST = "Run 'pilotty list-sessions --all' to see the sessions there are.";

export const errors = {
  SESSION_NOT_FOUND: {
    exitCode: 5,
    httpStatus: 404,
    meaning: 'No running or retained session has this name or id.',
    suggestion: LIST,
  },
  RULE_NOT_FOUND: {
    exitCode: 5,
    httpStatus: 404,
    meaning: 'No rule has this id.',
    suggestion: "Run 'pilotty on --list' to see the rules there are.",
  },
  SESSION_EXISTS: {
    exitCode: 1,
    httpStatus: 409,
    meaning: 'A running session already has this name.',
    suggestion: "Choose another name, or end that session with 'pilotty kill -s NAME'.",
  },
  SESSION_EXITED: {
    exitCode: 4,
    httpStatus: 409,
    meaning: 'The session has ended; it can be inspected but takes no input.',
    suggestion: "Run 'pilotty status', 'pilotty snapshot' or 'pilotty output' to see how it ended.",
  },
  INVALID_NAME: {
    exitCode: 2,
    httpStatus: 400,
    meaning: 'The name cannot be used for a session.',
    suggestion: "Use 1 to 64 letters, digits, '.', '-' or '_', as in 'pilotty spawn --name build make'.",
  },
  INVALID_INPUT: {
    exitCode: 2,
    httpStatus: 400,
    meaning: 'A parameter is missing, unknown, of the wrong type or out of range.',
    suggestion: "See 'pilotty COMMAND --help'.",
  },
  INVALID_KEY: {
    exitCode: 2,
    httpStatus: 400,
    meaning: 'A key or modifier is unknown, or cannot be expressed in the mode the program has set.',
    suggestion: "See 'pilotty key --help' for the names of keys.",
  },
  UNAVAILABLE: {
    exitCode: 1,
    httpStatus: 409,
    meaning:
      'The request is valid but cannot be done now: a resource is missing, in use or no longer retained.',
    suggestion: "Check the state with 'pilotty status' and 'pilotty list-sessions --all'.",
  },
  SPAWN_FAILED: {
    exitCode: 1,
    httpStatus: 400,
    meaning: 'The program could not be started; no session is left behind.',
    suggestion: "Check the program's name and your PATH, for example with 'command -v PROGRAM'.",
  },
  LIMIT_REACHED: {
    exitCode: 1,
    httpStatus: 429,
    meaning:
      'A limit of the daemon is reached: sessions, connections, pictures to draw, or input that a program has not read.',
    suggestion:
      "End sessions that are no longer needed: 'pilotty list-sessions', then 'pilotty kill -s NAME'.",
  },
  TIMEOUT: {
    exitCode: 3,
    httpStatus: 408,
    meaning: 'The deadline passed, and there is no partial answer.',
    suggestion: "Give it longer with --timeout, or look with 'pilotty snapshot --format text'.",
  },
  KEYBOARD_TAKEN: {
    exitCode: 1,
    httpStatus: 423,
    meaning:
      'Another client holds the keyboard of the session, and nothing was sent; `details.holder` names it.',
    suggestion:
      "Wait for it with 'pilotty events --type keyboard_released', or take it openly with 'pilotty take --steal'.",
  },
  CONDITION_FAILED: {
    exitCode: 1,
    httpStatus: 409,
    meaning: 'A precondition of the request was not met; `details` may show the screen.',
    suggestion: "Check the screen with 'pilotty snapshot -f text', then decide again.",
  },
  REF_NOT_FOUND: {
    exitCode: 1,
    httpStatus: 404,
    meaning: 'No element of this session ever had this ref, or no element on the screen has this text.',
    suggestion: "Run 'pilotty snapshot --elements' to see the elements there are.",
  },
  REF_STALE: {
    exitCode: 1,
    httpStatus: 409,
    meaning: 'The element with this ref is no longer on the screen; `details` lists the current elements.',
    suggestion: "Run 'pilotty snapshot --elements' and use a ref from it.",
  },
  MOUSE_DISABLED: {
    exitCode: 1,
    httpStatus: 409,
    meaning: 'The program has not enabled the mouse, or not this kind of event.',
    suggestion:
      "Use the keyboard: 'pilotty key' presses keys, 'pilotty choose' moves to an element that 'pilotty snapshot --elements' lists; --force sends the mouse event anyway.",
  },
  NO_TERMINAL: {
    exitCode: 1,
    httpStatus: 409,
    meaning:
      'The program of the session runs without a terminal (spawn --pipe), and the request needs one; nothing was done.',
    suggestion:
      "Use 'pilotty type' and 'pilotty output' on it, or start the program on a terminal: 'pilotty spawn' without --pipe.",
  },
  DAEMON_UNREACHABLE: {
    exitCode: 6,
    httpStatus: 503,
    meaning: 'The daemon cannot be started or reached.',
    suggestion: "Run 'pilotty doctor' to find the cause.",
  },
  HOST_UNREACHABLE: {
    exitCode: 6,
    httpStatus: 503,
    meaning:
      'The other host (-H) cannot be reached over ssh or NATS, has no pilotty that can be used, or the link to it was lost; or a fleet cannot be asked.',
    suggestion: "Try 'ssh HOST pilotty doctor': it shows what ssh says, and what is wrong there.",
  },
  PROTOCOL_MISMATCH: {
    exitCode: 6,
    httpStatus: 503,
    meaning: 'The running daemon speaks another version of the protocol and still has sessions.',
    suggestion: "End its sessions with 'pilotty stop'; the next command starts a daemon of this version.",
  },
  UNAUTHORIZED: {
    exitCode: 1,
    httpStatus: 401,
    meaning: 'An HTTP request with a missing or wrong token.',
    suggestion: "Send 'Authorization: Bearer TOKEN'; 'pilotty serve --show-token' prints the token.",
  },
  FORBIDDEN: {
    exitCode: 1,
    httpStatus: 403,
    meaning:
      'A request that is not allowed: by the gateway, for its host, its origin or its token; or by NATS, for its credentials.',
    suggestion:
      "Allow it when you start the gateway: 'pilotty serve --allow-host HOST --allow-origin ORIGIN'.",
  },
  POLICY_DENIED: {
    exitCode: 1,
    httpStatus: 403,
    meaning:
      'The policy of the daemon does not allow it to this client, or leaves it to a person; nothing was done.',
    suggestion:
      "Do without it, or ask a person: 'pilotty hand-over -s NAME --message WHAT' gives them the keyboard.",
  },
  NOT_FOUND: {
    exitCode: 1,
    httpStatus: 404,
    meaning: 'No route has this path, or not with this HTTP method.',
    suggestion: "'GET /docs' lists the routes, 'GET /openapi.json' describes them.",
  },
  TOO_LARGE: {
    exitCode: 1,
    httpStatus: 413,
    meaning: 'The body of an HTTP request exceeds the limit of the gateway.',
    suggestion: 'Send it in parts.',
  },
  DAEMON_UPGRADED: {
    exitCode: 6,
    httpStatus: 503,
    meaning:
      'The daemon was upgraded while the request was open. Clients ask the new one as `details.again` says.',
    suggestion: 'Ask again: the new daemon has the same sessions.',
  },
  INTERNAL_ERROR: {
    exitCode: 1,
    httpStatus: 500,
    meaning: 'An internal error of pilotty.',
    suggestion: "Run 'pilotty logs' for details, and report them.",
  },
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof errors;

/** An error as every face shows it. */
export interface ErrorBody {
  code: ErrorCode;
  message: string;
  suggestion: string;
  details?: Record<string, unknown>;
}

/** A request that was understood and refused, or failed: the same object on both sides of the wire. */
export class RequestError extends Error {
  override readonly name = 'RequestError';
  readonly code: ErrorCode;
  readonly suggestion: string;
  readonly details: Record<string, unknown> | undefined;
  /** JSON-RPC's own number, where the request failed as one and not for what it asked. */
  readonly rpcCode: number | undefined;

  constructor(
    code: ErrorCode,
    message: string,
    more: { suggestion?: string; details?: Record<string, unknown>; rpcCode?: number } = {},
  ) {
    super(message);
    this.code = code;
    this.suggestion = more.suggestion ?? errors[code].suggestion;
    this.details = more.details;
    this.rpcCode = more.rpcCode;
  }

  toBody(): ErrorBody {
    const { code, message, suggestion, details } = this;
    return details === undefined ? { code, message, suggestion } : { code, message, suggestion, details };
  }

  /** Rebuilds the error on the other side; an unknown code (a newer daemon) becomes INTERNAL_ERROR. */
  static fromBody({ code, message, suggestion, details }: ErrorBody, rpcCode?: number): RequestError {
    const known = Object.hasOwn(errors, code) ? code : 'INTERNAL_ERROR';
    return new RequestError(known, message, {
      ...(suggestion !== undefined && { suggestion }),
      ...(details !== undefined && { details }),
      ...(rpcCode !== undefined && { rpcCode }),
    });
  }
}
