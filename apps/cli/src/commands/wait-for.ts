import { command, deadline, flag, nonEmpty, required, sessionOf, sessionOption, value } from '../command.ts';
import { formatOption, waitAndPrint } from '../print-wait.ts';
import { UsageError } from '../usage-error.ts';

export const declaration = command({
  name: 'wait-for',
  summary: 'wait until the screen shows a text',
  description: `Also when it has scrolled by since the last input; the last screen of a program that ends is searched as well.
What you typed is no answer, nor is what stood above a command when you sent it off. What else stood there before
counts (so 'key Tab' and 'wait-for OK' in a dialog that shows OK), once the program has shown something new or waits for
input again; with --new only what has appeared since the last input, or since the start of the session.
A lone $, #, % or > matches any shell prompt.
Exits with 0 when the text is there, 3 when the deadline passed, 4 when the program ended without it. 'pilotty wait' knows more conditions.`,
  arguments: { pattern: required('the text, or with --regex the expression (RE2)', nonEmpty) },
  options: {
    session: sessionOption,
    regex: flag('PATTERN is a regular expression, searched in every line', 'r'),
    gone: flag('until the screen does not show it any more'),
    new: flag('text that stood there before the last input does not count'),
    timeout: value('TIME', deadline, 'time limit (default: 30s)', 't'),
    format: formatOption,
  },
  examples: [
    ['pilotty wait -s worker --prompt', 'until the shell, or whatever runs, is at its prompt'],
    ["pilotty wait-for -r '[0-9]+ passed' -t 5m", 'until the tests are through'],
    [
      'pilotty type make --enter; pilotty wait-for make: -f new',
      'what make says, not what was typed; and all it printed',
    ],
  ],
  startsDaemon: true,
  async run({ pattern, session, regex, gone, new: isNew, timeout, format, json }, io, client) {
    if (gone && isNew) throw new UsageError('--new does not go with --gone');
    const name = gone ? (regex ? 'gone_regex' : 'gone') : regex ? 'regex' : 'text';
    const params = {
      session: sessionOf({ session }, io),
      [name]: pattern,
      new: isNew || undefined,
      timeout_ms: timeout,
    };
    return await waitAndPrint(params, { format, json }, io, client);
  },
});
