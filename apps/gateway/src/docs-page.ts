/** The routes for people: one page without scripts, generated from /openapi.json. */
import type { JsonSchema } from './json-schema.ts';
import type { OpenApi, Operation } from './openapi.ts';

const STYLE = `body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
h2{font:600 1rem/1.5 ui-monospace,monospace;margin-top:2.5rem;border-top:1px solid #8884;padding-top:1rem}
table{border-collapse:collapse}td{padding:.1rem 1rem .1rem 0;vertical-align:top}
code{font-family:ui-monospace,monospace}:root{color-scheme:light dark}`;

export function docsPage({ paths }: OpenApi): string {
  const sections = Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => section(method, path, operation)),
  );
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>pilotty over HTTP</title>
<meta name="viewport" content="width=device-width"><style>${STYLE}</style>
<h1>pilotty over HTTP</h1>
<p>Every request carries <code>Authorization: Bearer TOKEN</code>; <code>pilotty serve --show-token</code> prints it.
For programs: <a href="openapi.json">openapi.json</a>. An error is
<code>{"code","message","suggestion"}</code>. WebSockets: <code>/ws/json</code> speaks JSON-RPC 2.0 with the methods
under <code>/rpc</code>; <code>/sessions/{session}/ws/raw</code> carries the bytes of a terminal both ways.</p>
${sections.join('\n')}</html>`;
}

function section(method: string, path: string, { summary, parameters = [], requestBody }: Operation): string {
  const body = requestBody?.content['application/json']?.schema;
  const rows = [
    ...parameters.map(({ name, in: place, required, description, schema }) =>
      row(name, place, { ...schema, description }, required),
    ),
    ...Object.entries(body?.properties ?? {}).map(([name, schema]) =>
      row(name, 'body', schema, body?.required?.includes(name) ?? false),
    ),
  ];
  const table = rows.length > 0 ? `<table>${rows.join('')}</table>` : '';
  return `<h2>${method.toUpperCase()} ${escaped(path)}</h2><p>${escaped(summary)}</p>${table}`;
}

function row(name: string, place: string, schema: JsonSchema, isRequired: boolean): string {
  const absent = schema.default === undefined ? '' : ` (${JSON.stringify(schema.default)})`;
  const mark = isRequired ? '' : '?';
  return `<tr><td><code>${escaped(name)}${mark}</code><td>${place}<td>${escaped((schema.description ?? '') + absent)}`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
