/** The tools that are one method of the protocol each, answered as it answers: JSON, in the reference's words. */
import type { MethodName, Params } from '@pilotty/client';
import { methods } from '@pilotty/protocol/schemas';
import * as z from 'zod';
import { DEFAULT_MAX_BYTES } from '../limits.ts';
import { type Tool, tool } from '../tool.ts';

type PlainMethod = Extract<
  MethodName,
  | 'session.status'
  | 'session.commands'
  | 'session.rename'
  | 'session.tag'
  | 'session.inspect'
  | 'recording.start'
  | 'recording.stop'
  | 'recording.mark'
  | 'recording.list'
  | 'daemon.info'
  | 'daemon.gc'
>;

const NAMES: Partial<Record<PlainMethod, string>> = {
  'recording.start': 'record_start',
  'recording.stop': 'record_stop',
  'recording.mark': 'record_mark',
  'recording.list': 'record_list',
};

/** @param isDestructive of one that is not read-only */
function plainTool<M extends PlainMethod>(method: M, isDestructive = false): Tool {
  const { title, description, readOnly, params } = methods[method];
  const { shape } = params as z.ZodObject;
  const named =
    'session' in shape && method !== 'recording.list'
      ? { session: z.string().min(1).describe('its name') }
      : {};
  return tool({
    name: NAMES[method] ?? method.replace(/^.*\./, ''),
    title,
    description,
    readOnly,
    destructive: isDestructive,
    openWorld: false,
    isDefault: false,
    params: z.strictObject({ ...shape, ...named }),
    async run(given, { request, longTexts }) {
      // The method's own parameters, and only a session that must be named.
      const answer = JSON.stringify(await request(method, given as Params<M>));
      return longTexts.show(answer, DEFAULT_MAX_BYTES, title);
    },
  });
}

export const plainMethods: readonly Tool[] = [
  plainTool('session.status'),
  plainTool('session.commands'),
  plainTool('session.rename'),
  plainTool('session.tag'),
  plainTool('session.inspect'),
  plainTool('recording.start'),
  plainTool('recording.stop'),
  plainTool('recording.mark'),
  plainTool('recording.list'),
  plainTool('daemon.info'),
  plainTool('daemon.gc', true),
];
