import { isUtf8 } from 'node:buffer';
import { RequestError } from '@pilotty/client';
import { actOnEach, actOptions } from '../act-options.ts';
import { command, deadline, flag, optional, text, value } from '../command.ts';
import { readFileArgument, readStdin } from '../read-input.ts';
import { selectorOptions } from '../selector.ts';

export const declaration = command({
  name: 'paste',
  summary: 'paste text',
  description: `As a terminal pastes: marked as a paste exactly when the program asked for that (mode 2004), and with a blank for
each control character but tab and line ends; 'pilotty type' sends those. Enter after a paste, here or as the next
'pilotty key Enter', waits until the program has read the text.`,
  arguments: { file: optional("the file to paste; '-' or nothing: stdin", text) },
  options: {
    ...selectorOptions,
    enter: flag('press Enter after it'),
    timeout: value('TIME', deadline, 'time limit for the program to read it (default: 30s)', 't'),
    ...actOptions,
  },
  examples: [
    ['pilotty paste notes.txt -s editor', 'paste a file'],
    ['git diff | pilotty paste', 'paste what another program prints'],
  ],
  startsDaemon: true,
  needsProcess: ({ file = '-' }) => file !== '-',
  async run(given, io, client) {
    const { file = '-', enter, timeout } = given;
    const bytes =
      file === '-'
        ? await readStdin('FILE', given.file, timeout, io)
        : await readFileArgument(file, timeout, io);
    if (!isUtf8(bytes)) {
      throw new RequestError('INVALID_INPUT', `${file === '-' ? 'stdin' : file} is not UTF-8 text`, {
        suggestion: "Send bytes as they are with 'pilotty type - < FILE'.",
      });
    }
    const params = {
      text: Buffer.from(bytes).toString(),
      enter,
      timeout_ms: timeout,
    };
    return actOnEach('session.paste', params, given, io, client);
  },
});
