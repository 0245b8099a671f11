/** `pilotty record export`: a recording as a GIF, an SVG or text. */
import { open, rename, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Exported, Replaying } from '@pilotty/app-replay';
import { RequestError } from '@pilotty/client';
import { durationUpTo } from './command.ts';
import type { Io } from './io.ts';
import { printJson, writeDrawn } from './output.ts';
import { cutNote, withReplay } from './replay-program.ts';
import { UsageError } from './usage-error.ts';

export interface ExportGiven {
  what: string | undefined;
  to: string | undefined;
  theme: 'dark' | 'light' | undefined;
  speed: number | undefined;
  'idle-limit': string | undefined;
}

export async function exportRecording(given: ExportGiven, io: Io): Promise<number> {
  const { what, to } = given;
  if (what === undefined)
    throw new UsageError('FILE is missing', 'Name the recording: record export demo.cast --to demo.gif.');
  if (to === undefined)
    throw new UsageError('--to is missing', `Write --to ${what.replace(/\.cast$/, '')}.gif, .svg or .txt.`);
  const kind = /\.(gif|svg|txt)$/i.exec(to)?.[1]?.toLowerCase();
  if (kind === undefined) throw new UsageError(`--to is '${to}', and must end in .gif, .svg or .txt`);
  const path = resolve(io.cwd, what);
  const file = resolve(io.cwd, to);
  const exported = await withReplay(io, (replay) => exportAs(kind, replay, path, given, io));
  await writeWhole(file, exported.bytes);
  const { bytes, durationMs, isCut, ...size } = exported;
  const note = cutNote(what, isCut);
  await printJson(io.stdout, {
    type: 'recording_exported',
    file,
    bytes: bytes.length,
    ...size,
    duration_ms: Math.round(durationMs),
    ...(note !== undefined && { note }),
  });
  return 0;
}

function exportAs(
  kind: string,
  replay: Replaying,
  path: string,
  given: ExportGiven,
  io: Io,
): Promise<Exported> {
  const limit = given['idle-limit'];
  const options = {
    theme: given.theme ?? 'dark',
    speed: given.speed,
    idleLimitMs: limit === undefined ? undefined : idleLimit(limit),
  } as const;
  if (kind === 'txt') return replay.exportText(path);
  if (kind === 'svg') return replay.exportSvg(path, options);
  const progress = io.stderr.isTty
    ? (done: number, all: number) =>
        void writeDrawn(io.stderr, `\r${done} of ${all} screens drawn\x1b[K${done === all ? '\n' : ''}`)
    : () => {};
  return replay.exportGif(path, { ...options, progress, signal: io.signal });
}

const MAX_IDLE_MS = 86_400_000;

export function idleLimit(given: string): number {
  try {
    return durationUpTo(MAX_IDLE_MS)(given);
  } catch (error) {
    throw new UsageError(`--idle-limit ${(error as Error).message}`);
  }
}

/** A picture that is there is replaced once the new one is whole. */
async function writeWhole(file: string, bytes: Uint8Array): Promise<void> {
  const begun = `${file}.part-${process.pid}`;
  try {
    const handle = await open(begun, 'wx');
    try {
      await handle.writeFile(bytes);
    } finally {
      await handle.close();
    }
    await rename(begun, file);
  } catch (error) {
    await rm(begun, { force: true });
    throw new RequestError('UNAVAILABLE', `${file} cannot be written: ${(error as Error).message}`, {
      suggestion: 'Give a file in a directory that exists and that you can write, on a disk with room.',
    });
  }
}
