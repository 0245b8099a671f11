/** The answers that come in parts: read to their end, or followed. */
import { bytesOf } from './base64.ts';
import { Collected, MAX_COLLECTED_BYTES } from './collected.ts';
import { Follow, type FollowSource, type Push } from './follow.ts';
import type { CallOptions, Link, Requests } from './link.ts';
import type {
  EventsParams,
  EventsPart,
  EventsResult,
  Exit,
  OutputResult,
  ProtocolMethods,
  ScreenState,
  Size,
  ViewResult,
} from './protocol-types.ts';

/** Output as readable lines. */
export interface OutputAnswer extends OutputResult {
  /** Up to 64 MiB; `truncated` says if there was more. */
  output: string;
}

/** Output as it was written. */
export interface OutputBytesAnswer extends OutputResult {
  /** Up to 64 MiB; `truncated` says if there was more. */
  bytes: Uint8Array;
}

/** A part of the output that is followed, as text. */
export interface OutputTextPart {
  /** Text that comes behind that of the parts before. */
  output: string;
  /** Where it was written to, by a program without a terminal. */
  stream?: 'stdout' | 'stderr';
  /** `since` of a loop that goes on from here. */
  next_offset: number;
  /** Bytes before what comes next that were dropped before they could be read; `output` is empty then. */
  missed_bytes?: number;
}

/** A part of the output that is followed, as bytes. */
export interface BytesPart {
  /** They come behind those of the parts before. */
  bytes: Uint8Array;
  /** Where they were written to, by a program without a terminal. */
  stream?: 'stdout' | 'stderr';
  /** `since` of a loop that goes on from here. */
  next_offset: number;
  /** Bytes before these that were dropped before they could be read; absent if none were, or only one stream is followed. */
  missed_bytes?: number;
}

/** What to do with a terminal emulator that shows a session. */
export type ViewUpdate =
  /** Write the bytes to a new or reset terminal of this size. */
  | { type: 'screen'; bytes: Uint8Array; size: Size; seq: number }
  /** Write the bytes. */
  | { type: 'output'; bytes: Uint8Array; seq: number }
  /** The program has ended. */
  | { type: 'exited'; exit: Exit };

type OutputRequest = ProtocolMethods['session.output']['params'];

export async function readOutput(
  link: Link,
  params: OutputRequest,
  { signal }: CallOptions,
): Promise<OutputAnswer> {
  const parts: string[] = [];
  let length = 0;
  const onPart = ({ output = '' }: { output?: string }) => {
    length += output.length;
    if (length <= MAX_COLLECTED_BYTES) parts.push(output);
  };
  const result = await link.main.request('session.output', { ...params, format: 'text' }, { signal, onPart });
  return { ...result, output: parts.join(''), ...(length > MAX_COLLECTED_BYTES && { truncated: true }) };
}

export async function readOutputBytes(
  link: Link,
  params: OutputRequest,
  { signal }: CallOptions,
): Promise<OutputBytesAnswer> {
  const collected = new Collected();
  const onPart = ({ output_base64: base64 = '' }: { output_base64?: string }) =>
    collected.add(bytesOf(base64));
  const result = await link.main.request('session.output', { ...params, format: 'ansi' }, { signal, onPart });
  const missed = collected.missedBytes + (result.missed_bytes ?? 0);
  return {
    ...result,
    bytes: collected.bytes(),
    ...(missed > 0 && { truncated: true, missed_bytes: missed }),
  };
}

export function followOutput(
  link: Link,
  params: OutputRequest,
  { signal }: CallOptions,
): Follow<OutputTextPart, OutputResult> {
  let request: OutputRequest = { ...params, format: 'text', follow: true };
  const source = parts(outputLink(link, params), (requests, push: Push<OutputTextPart>, until) =>
    requests.request('session.output', request, {
      signal: until,
      onPart: ({ output = '', next_offset, stream, missed_bytes }) => {
        if (request.command_number === undefined) request = goingOn(request, next_offset);
        return push({
          output,
          next_offset,
          ...(stream && { stream }),
          ...(missed_bytes && { missed_bytes }),
        });
      },
    }),
  );
  return new Follow(source, signal);
}

export function followBytes(
  link: Link,
  params: OutputRequest,
  { signal }: CallOptions,
): Follow<BytesPart, OutputResult> {
  let request: OutputRequest = { ...params, format: 'ansi', follow: true };
  // Where it is not said where to begin, what was dropped before is not missed.
  let offset = params.since;
  // Between two parts of one stream the other may have been written to: the answer alone says what was missed.
  const isOneStream = params.stream === 'stdout' || params.stream === 'stderr';
  const source = parts(outputLink(link, params), (requests, push: Push<BytesPart>, until) =>
    requests.request('session.output', request, {
      signal: until,
      onPart: ({ output_base64: base64 = '', next_offset, stream }) => {
        const bytes = bytesOf(base64);
        const missed = offset === undefined || isOneStream ? 0 : next_offset - bytes.length - offset;
        offset = next_offset;
        if (request.command_number === undefined) request = goingOn(request, next_offset);
        return push({
          ...{ bytes, next_offset },
          ...(stream && { stream }),
          ...(missed > 0 && { missed_bytes: missed }),
        });
      },
    }),
  );
  return new Follow(source, signal);
}

function goingOn(request: OutputRequest, since: number): OutputRequest {
  const { tail: _, ...rest } = request;
  return { ...rest, since };
}

/** The output of one command is asked for by its number, and then not from an offset on: it cannot be gone on with. */
function outputLink(link: Link, { command_number: number }: OutputRequest): StreamLink {
  if (number === undefined) return link;
  return { open: () => link.open(), holdsBack: true, outlivesConnection: false, closed: link.closed };
}

export function followEvents(
  link: Link,
  params: EventsParams,
  { signal }: CallOptions,
): Follow<EventsPart, EventsResult> {
  let request = params;
  const source = parts(link, (requests, push: Push<EventsPart>, until) =>
    requests.request('events.follow', request, {
      signal: until,
      onPart: (event) => {
        request = { ...request, after: event.event_cursor };
        return push(event);
      },
    }),
  );
  return new Follow(source, signal);
}

export function followView(
  link: Link,
  params: ProtocolMethods['session.view']['params'],
  { signal }: CallOptions,
): Follow<ViewUpdate, ViewResult> {
  const source = parts(link, (requests, push: Push<ViewUpdate>, until) =>
    requests.request('session.view', params, {
      signal: until,
      onPart: (part) => {
        if (part.type === 'exited') return push(part);
        const { data_base64: base64, ...rest } = part;
        return push({ ...rest, bytes: bytesOf(base64) });
      },
    }),
  );
  return new Follow(source, signal);
}

/** A deadline of one request; after it the next one waits on. */
const CHANGE_TIMEOUT_MS = 600_000;

export function followScreens(
  link: Link,
  params: ProtocolMethods['session.snapshot']['params'],
  { signal }: CallOptions,
): Follow<ScreenState, undefined> {
  let revision: number | undefined;
  const source = parts(link, async (requests, push: Push<ScreenState>, until) => {
    for (;;) {
      const changed = revision === undefined ? {} : { await_change: revision };
      const request = { ...params, ...changed, timeout_ms: CHANGE_TIMEOUT_MS };
      const screen = await requests.request('session.snapshot', request, { signal: until });
      const isNew = screen.revision !== revision;
      revision = screen.revision;
      if (isNew) await push(screen);
      if (screen.exit !== undefined) return undefined;
    }
  });
  return new Follow({ ...source, onDemand: true }, signal);
}

const NEVER = new AbortController().signal;

/** Of a work that opens and closes its connection itself, and cannot go on where one breaks. */
export function followWork<Part>(
  work: (push: Push<Part>, signal: AbortSignal) => Promise<void>,
  signal: AbortSignal | undefined,
): Follow<Part, undefined> {
  const run = async (push: Push<Part>, until: AbortSignal) => void (await work(push, until));
  return new Follow({ run, close: () => {}, holdsBack: true, resumes: false, closed: NEVER }, signal);
}

type StreamLink = Pick<Link, 'open' | 'holdsBack' | 'outlivesConnection' | 'closed'>;

/** On a connection of its own, which is opened by the first request. */
function parts<Part, Result>(
  link: StreamLink,
  run: (requests: Requests, push: Push<Part>, signal: AbortSignal) => Promise<Result>,
): FollowSource<Part, Result> {
  let requests: Requests | undefined;
  return {
    run(push, signal) {
      requests ??= link.open();
      return run(requests, push, signal);
    },
    close: () => requests?.close(),
    holdsBack: link.holdsBack,
    resumes: link.outlivesConnection,
    closed: link.closed,
  };
}
