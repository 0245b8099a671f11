/** The bounds of the server, each with its reason. */

/** Clients cut a call at 60 s, and most do not wait longer on progress: an answer is on its way well before. */
export const ANSWER_WITHIN_MS = 45_000;
/** Of that, for a program to take its input; a program that reads takes it at once. */
export const INPUT_WITHIN_MS = 10_000;
/** Some methods have no limit of their own for it: the daemon's is 30 s. */
export const FIXED_INPUT_MS = 30_000;
/** Clients that renew their deadline on progress do so when it comes at least every 20 s. */
export const PROGRESS_EVERY_MS = 15_000;
/** A model thinks between two calls, and a person may have to allow the next one. */
export const KEEP_WAIT_MS = 300_000;

/** Some five thousand tokens: more of one answer is rarely read. */
export const DEFAULT_MAX_BYTES = 16_000;
export const MAX_MAX_BYTES = 1_000_000;
/** Of the output of one command: its beginning and its end; more is counted and dropped. */
export const MAX_COLLECTED_BYTES = 4 * 1024 * 1024;
/** Long texts of which an answer showed a part: so many, and so many bytes; the oldest go. */
export const MAX_LONG_TEXTS = 64;
export const MAX_LONG_TEXT_BYTES = 32 * 1024 * 1024;
/** Sessions that a list describes, or of which resources/list names the screen and the output: the newest. */
export const MAX_LISTED_SESSIONS = 100;
