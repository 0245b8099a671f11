import { command, duration, flag, nonEmpty, required, sessionOf, sessionOption, value } from '../command.ts';
import { printJson } from '../output.ts';

const EXIT_CODES = { matched: 0, deadline: 3, exited: 4 };

export const declaration = command({
  name: 'wait-for',
  summary: 'wait until the screen shows a text',
  description: `The last screen of a program that ends is searched as well. Exits with 0 when the text is there, 3 when the
deadline passed, 4 when the program ended without it.`,
  arguments: { pattern: required('the text, or with --regex the expression (RE2)', nonEmpty) },
  options: {
    session: sessionOption,
    regex: flag('PATTERN is a regular expression, searched in every line', 'r'),
    timeout: value('TIME', duration, 'wait no longer; 30s', 't'),
  },
  examples: [
    ["pilotty wait-for -s worker '$'", 'until the shell shows its prompt'],
    ["pilotty wait-for -r '[0-9]+ passed' -t 5m", 'until the tests are through'],
  ],
  startsDaemon: true,
  async run({ pattern, session, regex, timeout }, io, client) {
    const params = {
      session: sessionOf({ session }, io),
      ...(regex ? { regex: pattern } : { text: pattern }),
      timeout_ms: timeout,
    };
    const result = await client.request('session.wait', params, { signal: io.signal });
    await printJson(io.stdout, result);
    return EXIT_CODES[result.outcome];
  },
});
