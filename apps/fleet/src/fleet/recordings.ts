/** Recordings of all hosts. A file is called HOST/PATH: its host, and its path there. */
import {
  type MethodName,
  type Params,
  RequestError,
  type RequestOptions,
  type Result,
} from '@pilotty/client';
import type { Answered } from './ask-all.ts';
import type { Hosts } from './hosts.ts';
import { placeOf, qualified, requireQualified } from './selection.ts';

/** @param askAll asks every host. @throws RequestError, ConnectionError */
export async function listRecordings(
  hosts: Hosts,
  askAll: () => Promise<Answered<Result<'recording.list'>>>,
  { session }: Params<'recording.list'>,
  { signal }: RequestOptions<MethodName>,
): Promise<object> {
  if (session !== undefined) {
    const { host, name } = requireQualified(session);
    await hosts.knownAs([host]);
    const options = signal === undefined ? {} : { signal };
    const answer = await hosts.client(host).request('recording.list', { session: name }, options);
    return { ...qualified(host, answer), type: 'fleet_recordings', unreachable: [] };
  }
  const { answers, unreachable } = await askAll();
  return {
    type: 'fleet_recordings',
    recordings: answers.flatMap(({ host, result }) => qualified(host, result).recordings),
    unreachable,
  };
}

/** @throws RequestError, ConnectionError */
export async function readRecording(
  hosts: Hosts,
  { file }: Params<'recording.read'>,
  options: RequestOptions<MethodName>,
): Promise<object> {
  const { host, name } = placeOf(file);
  if (!host || name === undefined)
    throw new RequestError('INVALID_INPUT', `'${file}' is no recording of a fleet`, {
      suggestion: "Such as build-1//home/me/demo.cast: as 'pilotty record list' names it.",
    });
  await hosts.knownAs([host]);
  const read = await hosts
    .client(host)
    .request('recording.read', { file: name }, options as RequestOptions<'recording.read'>);
  return { ...read, file };
}
