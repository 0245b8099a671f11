/** A wait in one session, and its answer: what was waited for, or with a format the screen that it ended on. */
import type { Client, Params } from '@pilotty/client';
import { value } from './command.ts';
import type { Io } from './io.ts';
import { printJson } from './output.ts';
import { printLooked, requirePrintable } from './print-screen.ts';
import { screenFormat } from './screen-format.ts';
import { waitExitCode } from './wait-options.ts';

export const formatOption = value(
  'FORMAT',
  screenFormat,
  'then print the screen alone: new (what is new since the last input), text, …',
  'f',
);

/** @returns the exit code */
export async function waitAndPrint(
  { session, ...wait }: Params<'session.wait'>,
  { format, json }: { format: ReturnType<typeof screenFormat> | undefined; json: boolean },
  io: Io,
  client: Client,
): Promise<number> {
  if (format === undefined) {
    const result = await client.request('session.wait', { session, ...wait }, { signal: io.signal });
    await printJson(io.stdout, result);
    return waitExitCode(result);
  }
  if (!json) requirePrintable(format, io);
  const looked = await client.request('session.snapshot', { session, format, wait }, { signal: io.signal });
  await printLooked(looked, json, io);
  return looked.wait === undefined ? 0 : waitExitCode(looked.wait);
}
