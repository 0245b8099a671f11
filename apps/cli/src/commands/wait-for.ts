import { command, deadline, flag, nonEmpty, required, sessionOf, sessionOption, value } from '../command.ts';
import { printJson } from '../output.ts';
import { UsageError } from '../usage-error.ts';
import { waitExitCode } from '../wait-options.ts';

export const declaration = command({
  name: 'wait-for',
  summary: 'wait until the screen shows a text',
  description: `Also when it has scrolled by since the wait began (with --new: since the last input, or the start of the
session); the last screen of a program that ends is searched as well. Exits with 0 when the text is there, 3 when the deadline passed, 4 when the program ended without it. 'pilotty
wait' knows more conditions.`,
  arguments: { pattern: required('the text, or with --regex the expression (RE2)', nonEmpty) },
  options: {
    session: sessionOption,
    regex: flag('PATTERN is a regular expression, searched in every line', 'r'),
    gone: flag('until the screen does not show it any more'),
    new: flag('only where it appeared since the last input, and not its echo'),
    timeout: value('TIME', deadline, 'wait no longer; 30s', 't'),
  },
  examples: [
    ["pilotty wait-for -s worker '$'", 'until the shell shows its prompt'],
    ["pilotty wait-for -r '[0-9]+ passed' -t 5m", 'until the tests are through'],
    ['pilotty type make --enter; pilotty wait-for --new make:', 'what make says, not what was typed'],
  ],
  startsDaemon: true,
  async run({ pattern, session, regex, gone, new: isNew, timeout }, io, client) {
    if (gone && isNew) throw new UsageError('--new does not go with --gone');
    const name = gone ? (regex ? 'gone_regex' : 'gone') : regex ? 'regex' : 'text';
    const params = {
      session: sessionOf({ session }, io),
      [name]: pattern,
      new: isNew || undefined,
      timeout_ms: timeout,
    };
    const result = await client.request('session.wait', params, { signal: io.signal });
    await printJson(io.stdout, result);
    return waitExitCode(result);
  },
});
