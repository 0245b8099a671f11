/** The SDK against the table of methods: nothing missing, nothing that there is not, and the same types. */
import { expect, test } from 'vitest';
import type {
  MethodName,
  MethodTable,
  Params,
  Result,
  StreamEvent,
} from '../../packages/protocol/src/index.ts';
import { methods } from '../../packages/protocol/src/schemas.ts';
import type { ProtocolMethods } from '../../packages/sdk/src/index.ts';
import { sdk, startLocal } from './built.ts';

/** The last word of a method is its name in the SDK, but for these. */
const OTHERWISE: Partial<Record<MethodName, string>> = {
  'session.wait': 'waitFor',
  'sessions.wait': 'waitFor',
  'session.hand_over': 'handOver',
  'events.follow': 'events',
  'recording.start': 'startRecording',
  'recording.stop': 'stopRecording',
  'recording.mark': 'markRecording',
  'recording.list': 'recordings',
  'recording.read': 'readRecording',
  'rules.add': 'addRule',
  'rules.list': 'rules',
  'rules.remove': 'removeRules',
  'rules.test': 'testRule',
  'rules.wait': 'waitForRule',
};
/** About more than a session: of Pilotty. `session.kill` is of both. */
const OF_PILOTTY =
  /^(daemon\.|sessions\.|events\.|rules\.|session\.(?:spawn|list)$|recording\.(?:list|read)$)/;

/** What is in the SDK besides. */
const MORE = {
  pilotty: ['session', 'attach', 'kill', 'up', 'down', 'ps', 'tail', 'request', 'close', 'socketDir'],
  session: [
    'name',
    'text',
    'execRest',
    'outputBytes',
    'followOutput',
    'followBytes',
    'events',
    'changes',
    'getByText',
    'getByElement',
    'detach',
  ],
};

test('every method of the protocol is a method of the SDK, and no other is', async () => {
  await using pilotty = await startLocal();
  const names = Object.keys(methods) as MethodName[];
  const inSdk = (name: MethodName) => OTHERWISE[name] ?? name.split('.').at(-1) ?? '';
  const ofPilotty = names.filter((name) => OF_PILOTTY.test(name)).map(inSdk);
  const ofSession = names.filter((name) => !OF_PILOTTY.test(name)).map(inSdk);
  expect(membersOf(pilotty)).toEqual([...ofPilotty, ...MORE.pilotty].sort());
  expect(membersOf(pilotty.session('x'))).toEqual([...ofSession, ...MORE.session].sort());
});

function membersOf(object: object): string[] {
  return Object.getOwnPropertyNames(Object.getPrototypeOf(object))
    .filter((name) => name !== 'constructor')
    .sort();
}

test('every code has a class, by which an error is known', () => {
  for (const [code, ErrorClass] of Object.entries(sdk.errorClasses)) {
    const error = new (ErrorClass as unknown as new (...given: unknown[]) => Error)(code, 'x', {
      suggestion: 'y',
    });
    expect(error).toBeInstanceOf(sdk.PilottyError);
    expect(error).toMatchObject({ code, name: ErrorClass.name, suggestion: 'y' });
    const others = Object.values(sdk.errorClasses).filter((Other) => error instanceof Other);
    expect(others).toEqual([ErrorClass]);
  }
});

// Compiled, not run: what the SDK declares is what the protocol takes and answers.
type Declared<M extends MethodName> = {
  params: ProtocolMethods[M]['params'];
  result: ProtocolMethods[M]['result'];
  part: ProtocolMethods[M]['part'];
};
type Spoken<M extends MethodName> = {
  params: Params<M>;
  result: Result<M>;
  part: MethodTable[M] extends { stream?: infer S } ? (unknown extends S ? never : StreamEvent<M>) : never;
};
type Both<A, B> = [A] extends [B] ? ([B] extends [A] ? true : 'missing in the SDK') : 'not in the protocol';

test('the types of the SDK are those of the protocol', () => {
  const params: { [M in MethodName]: Both<Declared<M>['params'], Spoken<M>['params']> } = allTrue();
  const results: { [M in MethodName]: Both<Declared<M>['result'], Spoken<M>['result']> } = allTrue();
  const names: Both<keyof ProtocolMethods, MethodName> = true;
  expect([params, results, names]).toBeDefined();
});

function allTrue(): Record<MethodName, true> {
  return Object.fromEntries(Object.keys(methods).map((name) => [name, true])) as Record<MethodName, true>;
}
