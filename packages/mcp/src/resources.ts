/** What can be read besides: screens and outputs of sessions, and texts that were too long for an answer. */
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

export async function listResources(client: Client, signal: AbortSignal): Promise<ListResourcesResult> {
  const { sessions } = await client
    .request('session.list', { all: true }, { signal })
    .catch((error: unknown) => {
      if (error instanceof ConnectionError && error.isAbsent) return { sessions: [] };
      throw error;
    });
  const resources = sessions
    .slice(-MAX_LISTED_SESSIONS)
    .reverse()
    .flatMap(({ name, id, command, state }) => [
      {
        uri: `pilotty://sessions/${id}/screen`,
        name: `screen of ${name}`,
        description: `${command} (${state})`,
        mimeType: TEXT,
      },
      {
        uri: `pilotty://sessions/${id}/output`,
        name: `output of ${name}`,
        description: `all that ${command} has printed`,
        mimeType: TEXT,
      },
    ]);
  return { resources };
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
  const [, encoded, what] = /^pilotty:\/\/sessions\/([^/]+)\/(screen|screen\.png|output)$/.exec(uri) ?? [];
  const session = encoded === undefined ? undefined : decoded(encoded);
  if (session === undefined) throw new ResourceNotFoundError(uri);
  try {
    if (what === 'output') {
      const collected = new Collected();
      await client.request(
        'session.output',
        { session },
        { signal, onEvent: ({ output = '' }) => collected.add(Buffer.from(output)) },
      );
      return textOf(uri, collected.text, hasBoundary);
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

function textOf(uri: string, printed: string, hasBoundary: boolean): ReadResourceResult {
  const plain = plainSentence(printed);
  const text = hasBoundary ? marked(plain, newNonce()) : plain;
  return { contents: [{ uri, mimeType: TEXT, text }] };
}

function decoded(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}
