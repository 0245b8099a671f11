import { existsSync, watch } from 'node:fs';
import { dirname } from 'node:path';
import { ConnectionError } from '@pilotty/client';
import { chooseSocketPaths } from '@pilotty/client/node';
import { command, flag, integer, value } from '../command.ts';
import type { Io } from '../io.ts';
import { LogReader } from '../log-reader.ts';
import { readableLogLine } from '../readable-log-line.ts';

export const declaration = command({
  name: 'logs',
  summary: "show the daemon's log",
  description: 'Also when no daemon runs. JSON, one object a line, unless stdout is a terminal.',
  options: {
    lines: value('N', integer, 'only the last N lines', 'n'),
    follow: flag('keep printing new lines', 'f'),
    audit: flag('the audit trail of a daemon with a policy instead: who did what, as JSON'),
  },
  examples: [
    ['pilotty logs -n 20', 'the last lines'],
    ['pilotty logs --follow', 'what happens just now'],
    ['pilotty logs --audit', 'what was asked for, by whom, and what became of it'],
  ],
  startsDaemon: false,
  batchUnsupportedReason: ({ follow }) => (follow ? 'it never ends' : undefined),
  hostUnsupportedReason: () => 'it reads a file of the host that it runs on',
  needsProcess: () => true,
  async run({ lines, follow, json, audit }, io) {
    const paths = await chooseSocketPaths(io);
    const log = audit ? paths.audit : paths.log;
    if (!existsSync(log)) {
      const cause = audit ? 'no daemon with a policy (PILOTTY_POLICY)' : 'no daemon';
      throw new ConnectionError(`no log at ${log}: ${cause} has run here yet`, {
        suggestion: "'pilotty daemon' starts one.",
      });
    }
    const isReadable = io.stdout.isTty && !json && !audit;
    const print = async (entries: readonly string[]) => {
      const shown = isReadable ? entries.map(readableLogLine) : entries;
      await io.stdout.write(shown.map((line) => `${line}\n`).join(''));
    };
    const reader = new LogReader(log);
    try {
      const past = reader.read();
      await print(lines === undefined ? past : past.slice(Math.max(0, past.length - lines)));
      if (follow) await printGrowth(log, reader, print, io);
    } finally {
      reader.close();
    }
    return 0;
  },
});

/** Until the user has had enough. */
async function printGrowth(
  log: string,
  reader: LogReader,
  print: (lines: readonly string[]) => Promise<void>,
  io: Io,
): Promise<never> {
  let wake = () => {};
  // The directory, because the file is replaced when it has become too long.
  const watcher = watch(dirname(log), () => wake());
  io.signal.addEventListener('abort', () => wake());
  try {
    for (;;) {
      const changed = new Promise<void>((resolve) => {
        wake = resolve;
      });
      const lines = reader.read();
      if (lines.length > 0) await print(lines);
      io.signal.throwIfAborted();
      await changed;
    }
  } finally {
    watcher.close();
  }
}
