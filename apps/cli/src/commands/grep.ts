import type { Result } from '@pilotty/client';
import { command, deadline, flag, integerFrom, nonEmpty, required, value } from '../command.ts';
import type { Output } from '../io.ts';
import { JsonInParts } from '../json-in-parts.ts';
import { manyOf, manyOptions } from '../selector.ts';

const NOTHING_FOUND = 1;
/** The least that an error exits with, as with grep(1): a search that failed is not one that found nothing. */
const SEARCH_FAILED = 2;

export const declaration = command({
  name: 'grep',
  summary: 'search what sessions have printed and what they show',
  description: `Searches all running sessions, or those selected. Prints each matching line after its session's name. As with grep, exits
with 1 when no line matches, and with 2 or more on errors. Output that is no longer retained is counted on stderr. A line that
the terminal wraps is one line.`,
  arguments: { pattern: required('text, taken literally', nonEmpty) },
  options: {
    ...manyOptions,
    all: flag('also ended sessions that are still retained'),
    regex: flag('the pattern is a regular expression (RE2 syntax)', 'r'),
    'ignore-case': flag('upper and lower case are the same', 'i'),
    max: value('N', integerFrom(1, 10_000), 'maximum number of lines per session (default: 100)'),
    timeout: value('TIME', deadline, 'time limit (default: 30s); then answer with the matches so far', 't'),
  },
  examples: [
    ['pilotty grep -i error --tag ci', 'sessions that printed an error'],
    ["pilotty grep -r '^FAIL .*test' --all --json", 'with line numbers, and of ended sessions too'],
  ],
  startsDaemon: true,
  exitCodeOfError: (exitCode) => Math.max(exitCode, SEARCH_FAILED),
  async run(given, io, client) {
    const params = {
      ...manyOf(given),
      all: given.all,
      pattern: given.pattern,
      regex: given.regex,
      ignore_case: given['ignore-case'],
      max: given.max,
      timeout_ms: given.timeout,
    };
    const json = new JsonInParts(io.stdout, 'matches');
    let count = 0;
    const print = async (part: Result<'sessions.grep'>) => {
      count += part.matches.length;
      if (given.json) return await json.add(part);
      await io.stdout.write(part.matches.map(({ session, line }) => `${session}: ${line}\n`).join(''));
    };
    const answer = await client.request('sessions.grep', params, {
      signal: io.signal,
      // What takes an object has it whole.
      ...(!(given.json && io.stdout.writeObject) && { onPart: print }),
    });
    if (given.json) {
      await json.end(answer);
      count += answer.matches.length;
    } else {
      await print(answer);
      if (answer.truncated) await io.stderr.write('truncated: there may be more; see --max and --timeout\n');
      await reportNotSearched(answer, io.stderr);
    }
    return count > 0 ? 0 : NOTHING_FOUND;
  },
});

async function reportNotSearched(
  { not_searched: missing = [] }: Result<'sessions.grep'>,
  stderr: Output,
): Promise<void> {
  if (missing.length === 0) return;
  const parts = missing.map(({ session, missed_bytes }) => `${missed_bytes} bytes of ${session}`);
  await stderr.write(`note: not searched, because no longer retained: ${parts.join(', ')}\n`);
}
