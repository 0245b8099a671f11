/** The project that a command is about, and what the daemon has of it. The reader of its file is loaded with the first. */
import { type Client, plainSentence } from '@pilotty/client';
import type { Project, Summary } from '@pilotty/project';
import { nonEmpty, value } from '../command.ts';
import type { Io } from '../io.ts';
import { streamFile } from '../read-file.ts';

export const fileOption = value(
  'FILE',
  nonEmpty,
  'the project file (default: pilotty.json here, or in the nearest directory above)',
);

export const onThisHost = () => 'the file and the directories of a project are on this host';

interface Opening {
  /** Compiles the regular expressions, for who waits for them. */
  asking?: Client;
  /** Called with the path of each file before it is read. */
  onRead?: (path: string) => void;
}

/** @throws RequestError INVALID_INPUT */
export async function openProject(
  file: string | undefined,
  io: Io,
  { asking, onRead = () => {} }: Opening = {},
): Promise<Project> {
  const { askingForRegexes, findProjectFile, readProject } = await import('@pilotty/project');
  const read = async (path: string) => {
    onRead(path);
    return await readText(path, io);
  };
  return await readProject(
    findProjectFile(io.cwd, file),
    read,
    asking && askingForRegexes(asking, io.signal),
  );
}

async function readText(path: string, io: Io): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const part of streamFile(path, io)) parts.push(part);
  return Buffer.concat(parts).toString();
}

/** Those of our scope, or of none, as what is started here is; also those that have ended. */
export async function sessionsOf(client: Client, io: Io): Promise<Summary[]> {
  const { sessions } = await client.request('session.list', { all: true }, { signal: io.signal });
  return sessions.filter(({ scope }) => scope === (io.env.PILOTTY_SCOPE || undefined));
}

/** Beside the answer, for people. */
export async function printNotes(io: Io, notes: readonly string[]): Promise<void> {
  if (notes.length > 0) await io.stderr.write(notes.map((note) => `${plainSentence(note)}\n`).join(''));
}
