/** Recordings: begun, marked, ended, listed and read. */
import { promises as fs } from 'node:fs';
import { type ParsedParams, RequestError, type Result } from '@pilotty/protocol';
import type { Recording } from '../recording/recording.ts';
import { isIn } from '../session/selection.ts';
import type { Session } from '../session/session.ts';
import type { Handlers } from './handler.ts';
import type { Services } from './services.ts';

const PART_BYTES = 256 * 1024;

export const recordingHandlers: Handlers<
  'recording.start' | 'recording.stop' | 'recording.mark' | 'recording.list' | 'recording.read'
> = {
  'recording.start': async (services, { session: target, ...wishes }) => {
    const session = services.sessions.getRunning(target);
    const recording = await services.recordings.start(session, wishes);
    return { type: 'recording_started', recording: factsOf(recording) };
  },

  'recording.stop': async (services, params) => {
    const session = services.sessions.get(params.session);
    const found = recordingsToStop(services, session, params);
    session.arrived.read();
    const { note } = await services.recordings.stop(found);
    return {
      type: 'recordings_stopped',
      recordings: found.map(factsOf),
      ...(note !== undefined && { note }),
    };
  },

  'recording.mark': (services, { session: target, label }) => {
    const session = services.sessions.get(target);
    const active = services.recordings.activeOf(session);
    if (active.length === 0) throw notRecorded(services, session);
    session.arrived.read();
    const marks = active.map((recording) => ({ file: recording.file, at_ms: recording.mark(label) }));
    return { type: 'recording_marked', ...session.reference, label, marks };
  },

  'recording.list': (services, params) => {
    const { recordings } = services;
    const all =
      params.session === undefined ? recordings.all : recordings.of(services.sessions.get(params.session));
    const facts = all.map(factsOf);
    // One that is named is of whatever scope.
    const meant =
      params.session === undefined ? facts.filter(({ session }) => isIn(params.scope, session)) : facts;
    return { type: 'recordings', recordings: meant };
  },

  'recording.read': async (services, { file }, call) => {
    if (!services.recordings.all.some((recording) => recording.file === file)) {
      throw new RequestError('UNAVAILABLE', `There is no recording '${file}' of this daemon`, {
        suggestion: "Run 'pilotty record list' to see the recordings there are.",
      });
    }
    return { type: 'recording_read', file, bytes: await sendFile(file, call) };
  },
};

async function sendFile(
  file: string,
  call: { emit(part: object): Promise<void>; isOver: boolean },
): Promise<number> {
  const handle = await fs.open(file).catch((error: NodeJS.ErrnoException) => {
    throw new RequestError('UNAVAILABLE', `The recording '${file}' cannot be read: ${error.message}`, {
      suggestion: 'It may have been moved or removed.',
    });
  });
  try {
    const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
    const buffer = Buffer.alloc(PART_BYTES);
    let bytes = 0;
    while (!call.isOver) {
      const { bytesRead } = await handle.read(buffer, 0, PART_BYTES);
      if (bytesRead === 0) break;
      bytes += bytesRead;
      await call.emit({ text: decoder.decode(buffer.subarray(0, bytesRead), { stream: true }) });
    }
    return bytes;
  } finally {
    await handle.close();
  }
}

/** @throws RequestError UNAVAILABLE where none is under way */
function recordingsToStop(
  { recordings }: Services,
  session: Session,
  { file }: ParsedParams<'recording.stop'>,
): Recording[] {
  const active = recordings.activeOf(session);
  const found = file === undefined ? active : active.filter((recording) => recording.file === file);
  if (found.length > 0) return found;
  throw notRecorded({ recordings }, session, file);
}

function notRecorded(
  { recordings }: Pick<Services, 'recordings'>,
  session: Session,
  file?: string,
): RequestError {
  const last = recordings.of(session).findLast((recording) => file === undefined || recording.file === file);
  const reason =
    last?.note ?? (last?.endedBecause === 'exited' ? 'the program has ended' : last?.endedBecause);
  const how = reason === undefined ? '' : `; the recording into '${last?.file}' has ended: ${reason}`;
  const into = file === undefined ? '' : ` into '${file}'`;
  return new RequestError('UNAVAILABLE', `Session '${session.name}' is not being recorded${into}${how}`, {
    suggestion: `Start with 'pilotty record start -s ${session.name}'; 'pilotty record list' lists recordings.`,
  });
}

function factsOf(recording: Recording): Result<'recording.start'>['recording'] {
  const { session, file, options, startedAt, durationMs, bytes, endedBecause, note } = recording;
  return {
    ...session.reference,
    file,
    format: options.format,
    input: options.input,
    state: recording.isActive ? 'active' : 'ended',
    ...(endedBecause !== undefined && { ended_because: endedBecause }),
    started_at: startedAt.toISOString(),
    duration_ms: Math.round(durationMs),
    bytes,
    ...(note !== undefined && { note }),
  };
}
