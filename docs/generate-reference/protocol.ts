/** docs/protocol.md: the methods, their parameters and results. */
import * as z from 'zod';
import { MAX_MESSAGE_BYTES, PROTOCOL } from '../../packages/protocol/src/index.ts';
import { type Method, methods } from '../../packages/protocol/src/schemas.ts';
import type { Schema } from '../json-schema.ts';
import { membersOf } from './members.ts';
import { page } from './page.ts';

export function protocolReference(): string {
  return page(
    'Protocol',
    `Version ${PROTOCOL}. JSON-RPC 2.0, one message a line, at most ${MAX_MESSAGE_BYTES / 1024 / 1024} MiB, on the daemon's Unix socket.
The \`id\` of a request is an integer or a string; \`params\` are an object.

The first message is \`hello\` with \`{"protocol": ${PROTOCOL}, "version": "…"}\`, and, for others to see who types,
\`"client": {"name": "…", "pid": …, "scope": "…"}\`: what it calls itself, else the process that stands for it. In a scope
its names are meant in that, and what it leaves out too ([sessions.md](sessions.md#scopes-names-that-do-not-collide)); the parameter \`scope\` of a method does the same for one request. Requests may follow in the same write and
are answered after it. Requests run side by side. The notification \`cancel\` with \`{"id"}\` ends one early, and so
does closing the connection. Parts of an answer, where a method has them, come as notifications called \`stream\`
with \`{"id", "event"}\`, before the result.

An unknown parameter is an error. A result may have more members than are listed: ignore what you do not know.
What an error looks like: [errors.md](errors.md). Its number is JSON-RPC's own where the request itself is wrong: -32700
for what is not JSON, -32600 for what is no request, -32601 for an unknown method, -32602 for parameters
(INVALID_INPUT, INVALID_KEY, INVALID_NAME); otherwise -32000.`,
    ...Object.entries<Method>(methods).map(([name, method]) => methodSection(name, method)),
  );
}

function methodSection(name: string, method: Method): string {
  const { title, description, readOnly, params, result, stream } = method;
  const parts = [
    `## ${name}`,
    `**${title}.** ${description}${readOnly ? ' Changes nothing.' : ''}`,
    membersOf('Parameters', z.toJSONSchema(params, { io: 'input' }) as Schema),
  ];
  if (stream !== undefined) parts.push(membersOf('Parts', z.toJSONSchema(stream) as Schema));
  parts.push(membersOf('Result', z.toJSONSchema(result) as Schema));
  return parts.join('\n\n');
}
