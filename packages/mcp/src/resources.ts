/** What can be read besides: screens and outputs of sessions, recordings, and texts that were too long for an answer. */
import {
  type ListResourcesResult,
  type ListResourceTemplatesResult,
  type ReadResourceResult,
  ResourceNotFoundError,
} from '@modelcontextprotocol/server';
import { type Client, ConnectionError, plainSentence, RequestError } from '@pilotty/client';
import { Collected } from './answers/collect.ts';
import { marked, newNonce } from './answers/content.ts';
import type { LongTexts } from './answers/long-texts.ts';
import { MAX_LISTED_SESSIONS } from './limits.ts';

const TEXT = 'text/plain';
const CAST = 'application/x-asciicast';

export async function listResources(client: Client, signal: AbortSignal): Promise<ListResourcesResult> {
  const { sessions, recordings } = await Promise.all([
    client.request('session.list', { all: true }, { signal }),
    client.request('recording.list', {}, { signal }),
  ])
    .then(([list, recorded]) => ({ ...list, ...recorded }))
    .catch((error: unknown) => {
      if (error instanceof ConnectionError && error.isAbsent) return { sessions: [], recordings: [] };
      throw error;
    });
  const resources = sessions
    .slice(-MAX_LISTED_SESSIONS)
    .reverse()
    .flatMap(({ name, id, command, state, pipe }) => [
      // A program without a terminal has none.
      ...(pipe === undefined
        ? [
            {
              uri: `pilotty://sessions/${id}/screen`,
              name: `screen of ${name}`,
              description: `${command} (${state})`,
              mimeType: TEXT,
            },
          ]
        : []),
      {
        uri: `pilotty://sessions/${id}/output`,
        name: `output of ${name}`,
        description: `all that ${command} has printed`,
        mimeType: TEXT,
      },
    ]);
  const recorded = recordings
    .slice(-MAX_LISTED_SESSIONS)
    .reverse()
    .map(({ file, session, state }) => ({
      uri: `pilotty://recordings/${encodeURIComponent(file)}`,
      name: `recording of ${session}`,
      description: `${file} (${state})`,
      mimeType: CAST,
    }));
  return { resources: [...resources, ...recorded] };
}

export const resourceTemplates: ListResourceTemplatesResult = {
  resourceTemplates: [
    {
      uriTemplate: 'pilotty://sessions/{session}/screen',
      name: 'screen',
      description: 'The screen of a session, by name or id, as text',
      mimeType: TEXT,
    },
    {
      uriTemplate: 'pilotty://sessions/{session}/screen.png',
      name: 'picture',
      description: 'The same as a picture',
      mimeType: 'image/png',
    },
    {
      uriTemplate: 'pilotty://sessions/{session}/output',
      name: 'output',
      description: 'All lines that a session has printed and that are retained',
      mimeType: TEXT,
    },
    {
      uriTemplate: 'pilotty://recordings/{file}',
      name: 'recording',
      description: 'A recording, by its file: an asciicast',
      mimeType: CAST,
    },
    {
      uriTemplate: 'pilotty://texts/{id}',
      name: 'text',
      description: 'A text of which an answer showed a part',
      mimeType: TEXT,
    },
  ],
};

interface Reading {
  client: Client;
  longTexts: LongTexts;
  hasBoundary: boolean;
  signal: AbortSignal;
}

/** @throws ResourceNotFoundError */
export async function readResource(
  uri: string,
  { client, longTexts, hasBoundary, signal }: Reading,
): Promise<ReadResourceResult> {
  const [, id] = /^pilotty:\/\/texts\/([\w-]+)$/.exec(uri) ?? [];
  const kept = id === undefined ? undefined : longTexts.get(id);
  if (kept !== undefined) return textOf(uri, kept, hasBoundary);
  const [, encodedFile] = /^pilotty:\/\/recordings\/([^/]+)$/.exec(uri) ?? [];
  const file = encodedFile === undefined ? undefined : decoded(encodedFile);
  if (file !== undefined) return await readRecording(uri, file, { client, hasBoundary, signal });
  const [, encoded, what] = /^pilotty:\/\/sessions\/([^/]+)\/(screen|screen\.png|output)$/.exec(uri) ?? [];
  const session = encoded === undefined ? undefined : decoded(encoded);
  if (session === undefined) throw new ResourceNotFoundError(uri);
  try {
    if (what === 'output') {
      return textOf(uri, await outputOf(session, { client, signal }), hasBoundary);
    }
    const format = what === 'screen.png' ? 'png' : 'full';
    const screen = await client.request('session.snapshot', { session, format }, { signal });
    if (format === 'full') return textOf(uri, screen.text ?? '', hasBoundary);
    return { contents: [{ uri, mimeType: 'image/png', blob: screen.data_base64 ?? '' }] };
  } catch (error) {
    const isGone = error instanceof RequestError && error.code === 'SESSION_NOT_FOUND';
    if (isGone || (error instanceof ConnectionError && error.isAbsent)) throw new ResourceNotFoundError(uri);
    throw error;
  }
}

async function outputOf(
  session: string,
  { client, signal }: Pick<Reading, 'client' | 'signal'>,
): Promise<string> {
  const collected = new Collected();
  let last: { stream: string | undefined; hasEnded: boolean } | undefined;
  const onEvent = ({ output = '', stream }: { output?: string; stream?: string }) => {
    if (output === '') return;
    // A line is of one stream.
    const isCut = last !== undefined && stream !== last.stream && !last.hasEnded;
    collected.add(Buffer.from(isCut ? `\n${output}` : output));
    last = { stream, hasEnded: output.endsWith('\n') };
  };
  await client.request('session.output', { session }, { signal, onEvent });
  return collected.text;
}

/** @throws ResourceNotFoundError */
async function readRecording(
  uri: string,
  file: string,
  { client, hasBoundary, signal }: Omit<Reading, 'longTexts'>,
): Promise<ReadResourceResult> {
  const collected = new Collected();
  try {
    const onEvent = ({ text }: { text: string }) => collected.add(Buffer.from(text));
    await client.request('recording.read', { file }, { signal, onEvent });
  } catch (error) {
    const isGone = error instanceof RequestError && error.code === 'UNAVAILABLE';
    if (isGone || (error instanceof ConnectionError && error.isAbsent)) throw new ResourceNotFoundError(uri);
    throw error;
  }
  // Between marks it is none that a player reads.
  return textOf(uri, collected.text, hasBoundary, hasBoundary ? TEXT : CAST);
}

function textOf(uri: string, printed: string, hasBoundary: boolean, mimeType = TEXT): ReadResourceResult {
  const plain = plainSentence(printed);
  const text = hasBoundary ? marked(plain, newNonce()) : plain;
  return { contents: [{ uri, mimeType, text }] };
}

function decoded(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}
