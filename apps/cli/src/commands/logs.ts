import fs, { existsSync, watch } from 'node:fs';
import { dirname } from 'node:path';
import { type Client, ConnectionError, LogReader } from '@pilotty/client';
import { chooseSocketPaths } from '@pilotty/client/node';
import { command, flag, integer, value } from '../command.ts';
import type { Io } from '../io.ts';
import { readableLogLine } from '../readable-log-line.ts';

export const declaration = command({
  name: 'logs',
  summary: "show the daemon's log",
  description:
    'Also when no daemon runs; of another host (-H) from its daemon. JSON, one object a line, unless stdout is a terminal.',
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
  hostUnsupportedReason: ({ audit }) =>
    audit ? '--audit reads a file of the host that it runs on' : undefined,
  needsProcess: () => true,
  async run({ lines, follow, json, audit }, io, client) {
    const isReadable = io.stdout.isTty && !json && !audit;
    const print = async (entries: readonly string[]) => {
      const shown = isReadable ? entries.map(readableLogLine) : entries;
      await io.stdout.write(shown.map((line) => `${line}\n`).join(''));
    };
    if (io.surroundings !== undefined) {
      await printThere({ lines, follow }, print, io, client);
      return 0;
    }
    const paths = await chooseSocketPaths(io);
    const log = audit ? paths.audit : paths.log;
    if (!existsSync(log)) {
      const cause = audit ? 'no daemon with a policy (PILOTTY_POLICY)' : 'no daemon';
      throw new ConnectionError(`no log at ${log}: ${cause} has run here yet`, {
        suggestion: "'pilotty daemon' starts one.",
      });
    }
    const reader = new LogReader(log, fs);
    try {
      await print(reader.read(lines));
      if (follow) await printGrowth(log, reader, print, io);
    } finally {
      reader.close();
    }
    return 0;
  },
});

type Print = (lines: readonly string[]) => Promise<void>;

/** Of another host: its daemon reads the file. */
async function printThere(
  params: { lines: number | undefined; follow: boolean },
  print: Print,
  { signal }: Io,
  client: Client,
): Promise<void> {
  const { lines } = await client.request('daemon.log', params, {
    signal,
    onEvent: async (part) => await print(part.lines),
  });
  await print(lines);
}

/** Until the user has had enough. */
async function printGrowth(log: string, reader: LogReader, print: Print, io: Io): Promise<never> {
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
