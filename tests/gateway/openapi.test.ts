/** The description of the routes: by a validator, and by a client that is generated from it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import openapiTypes, { astToString } from 'openapi-typescript';
import ts from 'typescript';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { type OpenApi, openApiOf } from '../../apps/gateway/src/openapi.ts';
import { routes } from '../../apps/gateway/src/routes/index.ts';
import { methods } from '../../packages/protocol/src/schemas.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** As an integrator would write it; each line fails to compile where a name or a type is missing. */
const PROGRAM = `
import type { components, operations } from './api.js';

type Session = components['schemas']['Session'];
type Screen = components['schemas']['Screen'];
type Body<O extends { responses: object }, Status extends keyof O['responses']> =
  O['responses'][Status] extends { content: { 'application/json': infer T } } ? T : never;

export function running(answer: Body<operations['listSessions'], 200>): string[] {
  const sessions: Session[] = answer.sessions;
  return sessions.filter(({ state }) => state === 'running').map(({ name }) => name);
}

export function exitCode({ exit }: components['schemas']['SessionStatus']): number | null {
  return exit?.exit_code ?? null;
}

export function lines(screen: Screen): string[] {
  return (screen.text ?? '').split('\\n');
}

export const shown: (answer: Body<operations['getScreen'], 200>) => string[] = lines;

export const wait: NonNullable<operations['waitForSessions']['requestBody']>['content']['application/json'] = {
  tags: ['ci'],
  idle_ms: 1000,
};

// @ts-expect-error: there is no such state
export const none: Session['state'] = 'sleeping';

export const event = ({ type, session }: components['schemas']['Event']): string => type + session;
export const code = (error: components['schemas']['Error']): boolean => error.code === 'SESSION_NOT_FOUND';
export const rpc = (answer: Body<operations['rpcSessionWait'], 200>): components['schemas']['WaitResult'] => answer;
`;

let api: OpenApi;
beforeAll(() => {
  api = openApiOf(routes, '');
});

function operations() {
  return Object.values(api.paths).flatMap((path) => Object.values(path));
}

test('a client is generated from it, and a program in its names compiles', async () => {
  const directory = mkdtempSync(join(root, 'node_modules/.cache/openapi-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  // It validates the document first, and throws for what is no OpenAPI 3.1.
  // A member with a default need not be sent: the generator takes that for its answers otherwise.
  const types = await openapiTypes(JSON.stringify(api), { silent: true, defaultNonNullable: false });
  writeFileSync(join(directory, 'api.ts'), astToString(types));
  writeFileSync(join(directory, 'program.ts'), PROGRAM);
  const program = ts.createProgram([join(directory, 'program.ts')], {
    strict: true,
    noEmit: true,
    // Of TypeScript's own declarations, which take longer than all the rest.
    skipLibCheck: true,
    types: [],
    lib: ['lib.es2023.d.ts'],
    module: ts.ModuleKind.NodeNext,
    target: ts.ScriptTarget.ES2023,
  });
  const problems = ts.getPreEmitDiagnostics(program).map(({ messageText, file, start }) => {
    const line = file?.text.slice(0, start).split('\n').length;
    return `${line}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
  });
  expect(problems).toEqual([]);
});

test('every operation has a name of its own, a group that is described, and an answer', () => {
  const ids = operations().map(({ operationId }) => operationId);
  expect(new Set(ids).size).toBe(routes.length);
  expect(ids.filter((id) => !/^[a-z][A-Za-z]+$/.test(id))).toEqual([]);
  const groups = api.tags.map(({ name }) => name);
  const used = [...new Set(operations().flatMap(({ tags }) => tags))];
  expect(used.sort()).toEqual(groups.sort());
});

test('every answer of a method and every shape that methods share has a name', () => {
  const { schemas } = api.components;
  const references = new Set(
    [...JSON.stringify(api).matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name),
  );
  expect([...references].filter((name) => !Object.hasOwn(schemas, name ?? ''))).toEqual([]);
  expect(Object.keys(schemas).filter((name) => !references.has(name))).toEqual([]);
  const unnamed = operations().filter(({ responses }) =>
    Object.values(responses).some(({ content }) => {
      const json = content?.['application/json'];
      return json !== undefined && json.schema?.$ref === undefined;
    }),
  );
  expect(unnamed.map(({ operationId }) => operationId)).toEqual([]);
  const { schema } = api.paths['/sessions']?.get?.responses[200]?.content?.['application/json'] ?? {};
  expect(schema).toEqual({ $ref: '#/components/schemas/Sessions' });
  // An answer may have more members than are listed.
  expect(schemas.Session).not.toHaveProperty('additionalProperties');
});

/**
 * 395 kB where each answer was written out; daemon.upgrade and daemon.log take 2 each, a restart policy and a project 5,
 * scopes and output streams 3.
 */
test('it is no longer than it must be', () => {
  expect(JSON.stringify(api).length).toBeLessThan(241_000);
});

test('what a route reads or changes is what the methods say that it stands for', () => {
  for (const [name, { readOnly }] of Object.entries(methods)) {
    const route = routes.find(({ path }) => path === `/rpc/${name}`);
    expect(route?.effect, name).toBe(readOnly ? 'reads' : 'changes');
  }
});
