/** The routes for people: one page without scripts, generated from /openapi.json: a tour, the routes, the shapes. */
import { PREPARATION, tour } from './docs-tour.ts';
import type { JsonSchema } from './json-schema.ts';
import { type OpenApi, type Operation, resolved } from './openapi.ts';

const STYLE = `body{font:16px/1.5 system-ui,sans-serif;max-width:64rem;margin:2rem auto;padding:0 1rem}
h2{margin-top:3rem;border-top:1px solid #8884;padding-top:1rem}h3{font:600 1rem/1.5 ui-monospace,monospace;margin-top:2rem}
table{border-collapse:collapse;width:100%}td,th{padding:.15rem 1rem .15rem 0;vertical-align:top;text-align:left}
tr{border-top:1px solid #8882}pre{overflow-x:auto;padding:.6rem .8rem;background:#8881;border-radius:.4rem}
code,pre{font-family:ui-monospace,monospace;font-size:.9em}nav a{margin-right:1rem}:root{color-scheme:light dark}`;

export function docsPage(api: OpenApi): string {
  const base = `http://127.0.0.1:8080${api.servers[0]?.url === '/' ? '' : (api.servers[0]?.url ?? '')}`;
  const groups = api.tags.map(({ name, description }) => groupSection(api, name, description));
  const shapes = Object.entries(api.components.schemas).map(([name, schema]) => shapeSection(name, schema));
  const links = [['tour', 'Tour'], ...api.tags.map(({ name }) => [name, name]), ['shapes', 'Shapes']];
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>pilotty over HTTP</title>
<meta name="viewport" content="width=device-width"><style>${STYLE}</style>
<h1>pilotty over HTTP</h1>
<nav>${links.map(([id, title]) => `<a href="#${id}">${title}</a>`).join(' ')}</nav>
<p>Every request carries <code>Authorization: Bearer TOKEN</code>; <code>pilotty serve --show-token</code> prints it.
For programs: <a href="openapi.json">openapi.json</a>. An error is
<code>{"code","message","suggestion","details"?}</code>. WebSockets: <code>/ws/json</code> speaks JSON-RPC 2.0 with the methods
under <code>/rpc</code>; <code>/sessions/{session}/ws/raw</code> carries the bytes of a terminal both ways.</p>
<h2 id="tour">Tour</h2>
<pre>BASE=${base}\n${escaped(PREPARATION)}</pre>
<ol>${tour.map(({ says, command }) => `<li><p>${prose(says)}</p><pre>${escaped(command)}</pre>`).join('\n')}</ol>
${groups.join('\n')}
<h2 id="shapes">Shapes</h2>
<p>What answers and bodies are made of. An answer may have more members than are listed.</p>
${shapes.join('\n')}</html>`;
}

function groupSection(api: OpenApi, tag: string, description: string): string {
  const sections = Object.entries(api.paths).flatMap(([path, operations]) =>
    Object.entries(operations)
      .filter(([, { tags }]) => tags.includes(tag))
      .map(([method, operation]) => operationSection(api, method, path, operation)),
  );
  return `<h2 id="${tag}">${tag}</h2><p>${prose(description)}</p>\n${sections.join('\n')}`;
}

function operationSection(api: OpenApi, method: string, path: string, operation: Operation): string {
  const { operationId, summary, description, parameters = [], requestBody, responses } = operation;
  const body = resolved(api, requestBody?.content['application/json']?.schema);
  const rows = [
    ...parameters.map(({ name, in: place, required, description, schema }) =>
      row(name, place, { ...schema, ...(description !== undefined && { description }) }, required),
    ),
    ...memberRows(body, 'body'),
  ];
  const answers = Object.entries(responses).flatMap(([status, { content = {} }]) => {
    const kinds = Object.entries(content).map(([type, { schema }]) =>
      schema ? `${type}: ${typeOf(schema)}` : type,
    );
    return status === 'default' ? [] : [`${status} ${kinds.join(', ')}`];
  });
  return `<h3 id="${operationId}">${method.toUpperCase()} ${escaped(path)}</h3><p>${prose(summary)}.
${description === undefined ? '' : prose(description)}</p>${table(rows)}<p>Answers ${answers.join('; ')}.</p>`;
}

function shapeSection(name: string, schema: JsonSchema): string {
  const rows = memberRows(schema, '');
  return `<h3 id="${name}">${name}</h3>${rows.length > 0 ? table(rows) : `<p>${typeOf(schema)}</p>`}`;
}

function memberRows({ properties = {}, required = [] }: JsonSchema, place: string): string[] {
  return Object.entries(properties).map(([name, schema]) =>
    row(name, place, schema, required.includes(name)),
  );
}

function table(rows: string[]): string {
  return rows.length > 0 ? `<table>${rows.join('')}</table>` : '';
}

function row(name: string, place: string, schema: JsonSchema, isRequired: boolean): string {
  const absent = schema.default === undefined ? '' : ` (default: \`${JSON.stringify(schema.default)}\`)`;
  const mark = isRequired ? '' : '?';
  return `<tr><td><code>${escaped(name)}${mark}</code><td>${place}<td>${typeOf(schema)}<td>${prose((schema.description ?? '') + absent)}`;
}

/** In HTML: what is named is a link. */
function typeOf(schema: JsonSchema): string {
  const { $ref, anyOf, oneOf, items, type, additionalProperties } = schema;
  if ($ref !== undefined) {
    const name = $ref.split('/').at(-1) ?? '';
    return `<a href="#${name}">${name}</a>`;
  }
  if (schema.const !== undefined) return `<code>${escaped(JSON.stringify(schema.const))}</code>`;
  if (schema.enum) return schema.enum.map((value) => `<code>${escaped(String(value))}</code>`).join(' ');
  const several = anyOf ?? (oneOf as JsonSchema[] | undefined);
  if (several) return several.map(typeOf).join(' or ');
  if (items) return `array of ${typeOf(items)}`;
  if (typeof additionalProperties === 'object' && additionalProperties !== null)
    return `object of ${typeOf(additionalProperties as JsonSchema)}`;
  return [type ?? 'any'].flat().join(' or ');
}

/** A sentence, whose code stands between backticks. */
function prose(text: string): string {
  return escaped(text).replaceAll(/`([^`]*)`/g, '<code>$1</code>');
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
