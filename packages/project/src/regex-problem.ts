/** What the daemon, which compiles them, has against a regular expression. Nothing is waited for, and nothing is done. */
import { type Client, RequestError } from '@pilotty/client';

/** @returns undefined where nothing is wrong with it */
export type RegexProblem = (pattern: string) => Promise<string | undefined>;

/** Of no session: the expressions of a wait are compiled before its sessions are looked at. */
const TAGS = ['project:of-no-session'];

export function askingForRegexes(client: Client, signal?: AbortSignal): RegexProblem {
  return async (pattern) => {
    const params = { tags: TAGS, regex: pattern, timeout_ms: 0 };
    try {
      await client.request('sessions.wait', params, signal && { signal });
      return undefined;
    } catch (error) {
      if (!(error instanceof RequestError) || error.code !== 'INVALID_INPUT') throw error;
      return error.message.replace(/^The/, 'the');
    }
  };
}
