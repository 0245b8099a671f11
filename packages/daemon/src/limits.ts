/** The daemon's bounds, each with its reason. What a user may change stands in the protocol's `Settings`. */

/** Each may hold an unfinished message of MAX_MESSAGE_BYTES. */
export const MAX_CONNECTIONS = 1000;
/** Beyond these. Commands that make room take milliseconds; so many can be under way at once. */
export const ROOM_MAKING_CONNECTIONS = 16;
/** Left for these, and for what their commands open. */
export const RESERVED_DESCRIPTORS = ROOM_MAKING_CONNECTIONS + 8;
/** Kept open for the moment in which there is no other: for that many clients at once, which end sessions. */
export const SPARE_DESCRIPTORS = 4;
/** Requests of one connection that have not been answered, and their bytes; more do not begin until some are. */
export const MAX_PENDING_REQUESTS = 256;
export const MAX_PENDING_BYTES = 64 * 1024 * 1024;
/** Requests of one connection that were read and wait for that; beyond, its socket is not read. */
export const MAX_WAITING_REQUESTS = 256;
export const MAX_WAITING_BYTES = 1024 * 1024;
/** Input a program has not read yet. A paste of this size is a mistake; the memory is the daemon's. */
export const MAX_QUEUED_INPUT_BYTES = 64 * 1024 * 1024;
/**
 * Answers to what a program asked its terminal, which it has not read yet. A terminal's own line holds 4 KiB: who asks
 * for so much and reads nothing never will.
 */
export const MAX_QUEUED_REPLY_BYTES = 256 * 1024;
/** As many as a spawn may give; `list-sessions` lists them all. */
export const MAX_TAGS = 64;
/** Output a viewer has not taken yet; a screen with its scrollback is about as long, and sent instead. */
export const MAX_VIEW_BYTES = 256 * 1024;
/** Ended sessions that can still be looked at: at most so many, and so many bytes of screens and output. */
export const MAX_RETAINED = 200;
export const MAX_RETAINED_BYTES = 64 * 1024 * 1024;
/** Events that can still be read, in all and of one session: an event takes from 200 bytes to some 3 KiB. */
export const MAX_EVENTS = 4096;
export const MAX_EVENTS_OF_SESSION = 512;
/** Lines that one search answers; each has at most some 1000 characters. */
export const MAX_MATCHES = 10_000;
/** Pictures that are being drawn or wait for that: half a minute of drawing. A cell of one takes some 100 bytes. */
export const MAX_PICTURES = 32;
export const MAX_PICTURE_CELLS = 1_000_000;

/** Waits that go on after their deadline until they are taken up again; the oldest makes room. */
export const MAX_KEPT_WAITS = 256;

/** Commands of a session's shell that are retained; each may have a command line of 8 KiB. */
export const MAX_COMMANDS = 1000;
/** Commands of exec whose output a background job still has open. Each takes two descriptors. */
export const MAX_EXEC_CHANNELS = 256;
/** Output that a command printed while no client waited for it: the last of each stream. */
export const MAX_UNREAD_EXEC_BYTES = 1024 * 1024;
/** A command that is typed to a shell behind ssh or the like, some thousand characters a line and an answer to each. */
export const MAX_TYPED_COMMAND_BYTES = 64 * 1024;
/** What a terminal that reads line by line takes in one, see termios(3); more it drops without a word. */
export const MAX_TYPED_LINE_BYTES = 4095;
/** Between TERM and KILL when the daemon ends. */
export const STOP_GRACE_MS = 2000;
/** Recordings of one session that are under way; each costs it some of its speed. */
export const MAX_RECORDINGS_OF_SESSION = 4;
/** Recordings that have ended and are still listed. */
export const MAX_ENDED_RECORDINGS = 1000;
/** What one recording may write, unless it is asked for more: hours of a busy program. */
export const MAX_RECORDING_BYTES = 256 * 1024 * 1024;
