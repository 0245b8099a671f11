/** Why an answer is not given: it would be longer than a message may be. */
import { MAX_MESSAGE_BYTES, RequestError } from '@pilotty/protocol';

/** What gives a shorter one, by the method. */
const SHORTER: Readonly<Record<string, string>> = {
  'session.snapshot': 'Ask for fewer rows, with a smaller --scrollback, or for --format text.',
  'session.view': 'Ask for less scrollback.',
  'session.output': 'Ask for fewer lines, with --tail.',
  'sessions.grep': 'Ask for fewer matches, with --max, or name the sessions.',
  'sessions.gather': 'Ask for fewer --lines, or name the sessions.',
  'sessions.each': 'Name fewer sessions.',
};

export function answerTooLong(method: string): RequestError {
  const most = `${MAX_MESSAGE_BYTES / 1024 / 1024} MiB`;
  return new RequestError('LIMIT_REACHED', `The answer exceeds the size limit of a message: ${most}`, {
    suggestion: SHORTER[method] ?? 'Ask for less at once.',
  });
}
