import { command, deadline, flag, nonEmpty, required, sessionOf, sessionOption, value } from '../command.ts';
import { formatOption, waitAndPrint } from '../print-wait.ts';
import { UsageError } from '../usage-error.ts';
import { stream } from '../wait-options.ts';

export const declaration = command({
  name: 'wait-for',
  summary: 'wait until the screen shows a text',
  description: `Text that has scrolled by since the last input, or since the start where there was none, counts as well, and so does the last screen of a program that ends.
The echo of your input never counts, nor does text above a command when you sent it. Other text that was there before
counts (such as OK in a dialog after 'key Tab'), once the program has printed something or waits for input
again; with --new only text that has appeared since the last input, or since the start of the session.
A lone $, #, % or > matches any shell prompt.
Exits with 0 when the text is there, 3 when the deadline passed, 4 when the program ended without it. 'pilotty wait' has more conditions.`,
  arguments: { pattern: required('the text, or with --regex the expression (RE2)', nonEmpty) },
  options: {
    session: sessionOption,
    regex: flag('PATTERN is a regular expression, searched in every line', 'r'),
    gone: flag('wait until the screen no longer shows it'),
    stream: value('STREAM', stream, 'of a session of spawn --pipe: on stdout or stderr only'),
    new: flag('ignore text that was on the screen before the last input'),
    timeout: value('TIME', deadline, 'time limit (default: 30s)', 't'),
    format: formatOption,
  },
  examples: [
    ['pilotty wait -s worker --prompt', 'until the program is at its prompt'],
    ["pilotty wait-for -r '[0-9]+ passed' -t 5m", 'until the tests have finished'],
    [
      'pilotty type make --enter; pilotty wait-for make: -f new',
      'the output of make, not what was typed; and all it printed',
    ],
  ],
  startsDaemon: true,
  async run({ pattern, session, regex, gone, stream, new: isNew, timeout, format, json }, io, client) {
    if (gone && isNew) throw new UsageError('--new cannot be combined with --gone');
    const name = gone ? (regex ? 'gone_regex' : 'gone') : regex ? 'regex' : 'text';
    const params = {
      session: sessionOf({ session }, io),
      [name]: pattern,
      new: isNew || undefined,
      stream,
      timeout_ms: timeout,
    };
    return await waitAndPrint(params, { format, json }, io, client);
  },
});
