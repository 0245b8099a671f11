/** The gateway's bounds, each with its reason. */

/** Of a request, or of a frame: a paste or a script, with room; the protocol takes twice as much. */
export const MAX_BODY_BYTES = 16 * 1024 * 1024;
/** As many headers as a browser with its cookies sends. */
export const MAX_HEADER_BYTES = 16 * 1024;
/** A client that has not sent its headers by then is slow on purpose. */
export const HEADERS_WITHIN_MS = 5_000;
/** For a whole request to arrive, its body included. */
export const REQUEST_WITHIN_MS = 60_000;
/** An idle HTTP connection is closed after this long. */
export const IDLE_CONNECTION_MS = 30_000;
/** For a TLS handshake; Node waits two minutes. */
export const HANDSHAKE_WITHIN_MS = 10_000;
/** Of one connection that stays open; then the client opens another. */
export const MAX_REQUESTS_OF_CONNECTION = 10_000;
/** Requests of one connection that were sent without waiting for an answer; browsers and HTTP libraries send none. */
export const MAX_PIPELINED = 32;
/** How often the times above are looked at. */
export const LOOK_AT_TIMES_MS = 1_000;
/** Each takes a descriptor here; most daemons and systems allow 1024. Beyond, one that has shown no token makes room. */
export const MAX_CONNECTIONS = 500;
/** Of those; each has a connection to the daemon as well. */
export const MAX_WEB_SOCKETS = 200;
/** Not yet taken by the reader of a WebSocket: beyond it nothing more is read from it either. */
export const MAX_UNSENT_BYTES = 1024 * 1024;
/** Of one WebSocket, not yet answered, and their characters in all. The daemon stops reading at 256 requests. */
export const MAX_PENDING_REQUESTS = 200;
export const MAX_PENDING_LENGTH = 16 * 1024 * 1024;
/** Typed on a raw WebSocket, and not yet taken by the program: beyond it nothing more is read. */
export const MAX_UNTYPED_BYTES = 64 * 1024;
/** `pilotty serve --stop` and its like, at once; each takes milliseconds. */
export const MAX_CONTROL_CONNECTIONS = 64;
/** A peer that has said nothing for so many pings, not even that it got them, is gone. */
export const PING_EVERY_MS = 30_000;
export const MAX_SILENT_PINGS = 4;
/** A comment goes out on a quiet stream this often, so that proxies keep it open. */
export const KEEP_ALIVE_MS = 15_000;
/** An answer of `output`; what follows is asked for with `since`. */
export const MAX_OUTPUT_BYTES = 8 * 1024 * 1024;

/** Requests of one address: so many at once, and so many each second after that. */
export const REQUESTS = { burst: 2_000, perSecond: 500 };
/** Requests of one address without the token, or with a wrong one. 256 bits are not found by trying. */
export const REFUSED_REQUESTS = { burst: 30, perSecond: 1 };
/** Addresses retained for that; those that have not been seen for longest are evicted first. */
export const MAX_ADDRESSES = 10_000;

export const TICKET_MS = 60_000;
/** For a person who walks to a phone with it. */
export const LINK_MS = 600_000;
/** MCP servers that are kept, one for each kind of permissions. */
export const MAX_MCP_HANDLERS = 16;
export const LOGIN_MS = 7 * 24 * 3600 * 1000;
/** Of each kind; the oldest makes room. */
export const MAX_PASSES = 1_000;
