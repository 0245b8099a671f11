/** docs/http.md: the routes of the gateway. */
import { openApiOf, resolved } from '../../apps/gateway/src/openapi.ts';
import { routes } from '../../apps/gateway/src/routes/index.ts';
import type { Schema } from '../json-schema.ts';
import { defaultOf, memberRows, typeOf } from './members.ts';
import { page, table } from './page.ts';

export function httpReference(): string {
  const api = openApiOf(
    routes.filter(({ path }) => !path.startsWith('/rpc/')),
    '',
  );
  const { paths } = api;
  const sections = Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, { summary, parameters = [], requestBody }]) => {
      const body = resolved(api, requestBody?.content['application/json']?.schema);
      const rows = [
        ...parameters.map(({ name, in: place, required, description, schema }) => {
          const notes = [description, defaultOf(schema as Schema)].filter((note) => note !== undefined);
          return [`\`${name}\`${required ? '' : '?'}`, place, typeOf(schema as Schema), notes.join('; ')];
        }),
        ...memberRows(body as Schema, '', 1).map(([name = '', type = '', notes = '']) => [
          name,
          'body',
          type,
          notes,
        ]),
      ];
      const head = `## ${method.toUpperCase()} ${path}\n\n${summary}.`;
      return rows.length === 0 ? head : `${head}\n\n${table(['parameter', 'in', 'type', ''], rows)}`;
    }),
  );
  return page(
    'HTTP and WebSocket',
    `The routes of \`pilotty serve\`. \`GET /openapi.json\` describes them for programs, with names for generated
clients (openapi-typescript: \`--default-non-nullable false\`), \`GET /docs\` in a browser. Every
route except \`/health\`, the web page and its login requires \`Authorization: Bearer TOKEN\`;
\`pilotty serve --show-token\` prints the token. A client that cannot send headers uses a ticket, valid for one request,
or for one event stream and its reconnections.

    TOKEN=$(pilotty serve --show-token | jq -r .token)
    curl -H "Authorization: Bearer $TOKEN" http://127.0.0.1:8080/sessions

A token of \`pilotty serve --share\` is for others to look: what changes something is refused (403 FORBIDDEN), and with
\`--session\` or \`--tag\` no other session exists for it. So are the tickets and logins that are made with it, WebSockets
and MCP. It expires (\`--expires\`), and what is open by it is closed then. \`serve --read-only\` refuses changes for every
token. Logins and shared tokens survive a restart of the gateway, as hashes in \`gateway.logins\` beside the socket;
\`serve --revoke\` ends all of them.

Every method of [protocol.md](protocol.md) is also available as \`POST /rpc/METHOD\`, with its parameters as a JSON body.
A method that streams answers with lines of JSON: \`{"event"}\` for each part, then \`{"result"}\` or \`{"error"}\`. An error
is \`{"code", "message", "suggestion", "details"?}\` with the status of [errors.md](errors.md). A wait that times out is
408, with the current state in \`details\`. \`HEAD\` is answered like \`GET\`, without the body.

With the header \`Pilotty-Scope: agent-1\` names are meant in that [scope](sessions.md#scopes-names-that-do-not-collide), and lists have
its sessions alone. Without it, the names of sessions in scopes are full names, \`agent-1+build\`; in a query \`+\` is written \`%2B\`.

\`WS /ws/json\` speaks JSON-RPC 2.0 as the daemon's socket does, one message per frame; \`hello\` may be omitted.
It goes on with the next daemon when one ends. With \`?start=once\` or \`?start=false\` it is closed then, and no other is
started on its behalf; \`false\` starts none at all.
\`WS /sessions/{session}/ws/raw\` carries the bytes of a terminal in both directions: a reset and the screen first, then
output. After a resize, or when the client fell behind, a reset and the screen follow again. \`?scrollback=N\` includes
rows above the screen, \`?read_only=true\` ignores input. The program never waits for a client. The reason of the closing
frame is \`{"type":"exited","exit_code","signal"}\`. With \`?control=true\` text frames are no input but JSON: send
\`{"type":"resize","cols","rows"}\`; \`{"type":"size","cols","rows"}\` comes before each screen,
\`{"type":"exited","exit"}\` at the end, and \`{"type":"error","error"}\` for a mistake.

\`POST /mcp\` is the Model Context Protocol, for AI agents: [mcp.md](mcp.md).`,
    ...sections,
  );
}
