/** The daemon's log for a client that cannot read the file, as on another host. */
import fs, { watch } from 'node:fs';
import { dirname } from 'node:path';
import { LogReader, RequestError } from '@pilotty/protocol';
import type { Call } from '../call.ts';
import type { Handlers } from './handler.ts';

export const logHandlers: Handlers<'daemon.log'> = {
  'daemon.log': async ({ paths }, { lines: most, read_up_to: after, follow }, call) => {
    const { log } = paths;
    const reader = open(log, after);
    try {
      const lines = reader.read(most);
      if (!follow) return { type: 'daemon_log', file: log, lines, read_up_to: reader.position };
      call.continuation = () => ({ method: 'daemon.log', params: { read_up_to: reader.position, follow } });
      await call.emit({ lines, read_up_to: reader.position });
      await emitGrowth(log, reader, call);
      return { type: 'daemon_log', file: log, lines: [], read_up_to: reader.position };
    } finally {
      reader.close();
    }
  },
};

function open(log: string, after: string | undefined): LogReader {
  try {
    return new LogReader(log, fs, after);
  } catch (error) {
    throw new RequestError('UNAVAILABLE', `The log cannot be read: ${(error as Error).message}`);
  }
}

/** Until nobody wants it any more. */
async function emitGrowth(log: string, reader: LogReader, call: Call): Promise<void> {
  let wake = () => {};
  // The directory, because the file is replaced when it has become too long.
  const watcher = watch(dirname(log), () => wake()).on('error', () => wake());
  const unwatch = call.whenOver(() => wake());
  try {
    while (!call.isOver) {
      const changed = new Promise<void>((resolve) => {
        wake = resolve;
      });
      const lines = reader.read();
      if (lines.length > 0) await call.emit({ lines, read_up_to: reader.position });
      if (call.isOver) return;
      await changed;
    }
  } finally {
    unwatch();
    watcher.close();
  }
}
