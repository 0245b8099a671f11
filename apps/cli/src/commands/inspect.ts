import { open } from 'node:fs/promises';
import { resolve } from 'node:path';
import { RequestError } from '@pilotty/client';
import { command, nonEmpty, sessionOf, sessionOption, value } from '../command.ts';
import { printJson } from '../output.ts';

export const declaration = command({
  name: 'inspect',
  summary: 'all that a bug report needs of a session, in one answer',
  description: `Its state, screen, output of the last minute, events, lines of the log, and the daemon. What matches $PILOTTY_REDACT, as
it was set when the daemon was started, is left out. Read it before you send it: screens show what they show.`,
  options: {
    session: sessionOption,
    output: value('FILE', nonEmpty, 'write it into this new file, readable by you alone', 'o'),
  },
  examples: [
    ['pilotty inspect -s build --output report.json', 'into a file'],
    ['pilotty inspect -s build --fields session_status.foreground,output', 'a part of it'],
  ],
  startsDaemon: false,
  answer: {
    only: 'type session session_id taken_at redacted session_status{*} screen{*} output events{*} log{*} daemon{*} file bytes',
  },
  needsProcess: ({ output }) => output !== undefined,
  async run(given, io, client) {
    const report = await client.request(
      'session.inspect',
      { session: sessionOf(given, io) },
      { signal: io.signal },
    );
    if (given.output === undefined) {
      await printJson(io.stdout, report);
      return 0;
    }
    const file = resolve(io.cwd, given.output);
    const text = `${JSON.stringify(report, undefined, 2)}\n`;
    await writeNew(file, text);
    const { session, session_id } = report;
    await printJson(io.stdout, {
      type: 'inspection',
      session,
      session_id,
      file,
      bytes: Buffer.byteLength(text),
    });
    return 0;
  },
});

async function writeNew(file: string, text: string): Promise<void> {
  try {
    const handle = await open(file, 'wx', 0o600);
    try {
      await handle.writeFile(text);
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw new RequestError('UNAVAILABLE', `${file} cannot be written: ${(error as Error).message}`, {
      suggestion: 'Give a file that does not exist yet, in a directory that you can write.',
    });
  }
}
