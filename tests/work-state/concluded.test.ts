/** What follows from which facts: pure, fact by fact. */
import { expect, test } from 'vitest';
import {
  concludedFrom,
  concludesAnewInMs,
  dependsOnKernel,
  type Facts,
} from '../../packages/daemon/src/work-state/concluded.ts';

const WELL = { exit_code: 0, signal: null, success: true };
const exited = (how: object) => ({
  exit: { ...WELL, killed_by_client: false, lifetime_over: false, output_complete: true, ...how },
});
const LONG_AGO = 60_000;

function factsOf(some: Partial<Facts>): Facts {
  return {
    exit: undefined,
    isBetweenPrograms: false,
    askedFor: undefined,
    set: undefined,
    hasUnreadInput: false,
    prompt: undefined,
    reader: 'polls',
    isStopped: false,
    isRelay: false,
    asksForPassword: false,
    lastLine: '',
    question: undefined,
    isAtPromptText: false,
    progress: undefined,
    call: undefined,
    quietMs: LONG_AGO,
    quietFrom: 7,
    stillMs: some.quietMs ?? LONG_AGO,
    said: undefined,
    ended: undefined,
    ...some,
  };
}

const set = { name: 'asking', text: 'Delete?', since: 5 } as const;
const called = (text: string | undefined, kind: 'notification' | 'bell' = 'notification') => ({
  call: { kind, text, since: 6 },
});
const running = { progress: { state: 'running', percent: 40 } } as const;
const error = { progress: { state: 'error', percent: undefined } } as const;
const question = { text: 'Proceed?', shownMs: LONG_AGO };
const newQuestion = { ...question, shownMs: 150 };
const promptAfter = (exitCode: number | undefined) => ({
  prompt: { since: 3, command: { line: 'make', exitCode } },
});
const spins = { quietMs: 80, stillMs: LONG_AGO };
const underWay = { isUnderWay: true, hasInputLine: false };
const inputLine = { isUnderWay: false, hasInputLine: true };
const SIGNAL = { success: false, exit_code: null, signal: 'SIGTERM' };

test.each<[string, Partial<Facts>, object | undefined]>([
  [
    'it has ended well',
    { ...exited({}), ended: 9 },
    { name: 'done', why: 'exit', text: 'exit code 0', since: 9 },
  ],
  ['it has failed', exited({ success: false, exit_code: 2 }), { name: 'failed', text: 'exit code 2' }],
  ['a signal has ended it', exited(SIGNAL), { name: 'failed', text: 'ended by SIGTERM' }],
  ['a client has ended it', exited({ ...SIGNAL, killed_by_client: true }), { name: 'done' }],
  ['its program is to be started again', { ...running, isBetweenPrograms: true, set }, undefined],
  ['its end counts, whatever it has set', { ...exited({}), set }, { name: 'done', why: 'exit' }],
  [
    'what it has set counts, whatever it looks like',
    { set, reader: 'none', hasUnreadInput: true },
    { name: 'asking', why: 'set', text: 'Delete?', since: 5 },
  ],
  [
    'what it asks by its askpass program counts first of all',
    { askedFor: 'Password:', set: { name: 'working', text: undefined, since: 5 }, reader: 'none' },
    { name: 'asking', why: 'password', text: 'Password:' },
  ],
  ['input waits to be read', { hasUnreadInput: true, question }, { name: 'working', why: 'input' }],
  ['a first prompt', { prompt: { since: 3 }, reader: 'reads' }, { name: 'idle', why: 'prompt', since: 3 }],
  ['a command has ended well', promptAfter(0), { name: 'done', why: 'command', text: 'make', since: 3 }],
  ['a command has failed', promptAfter(2), { name: 'failed', text: 'exit code 2: make' }],
  ['a command has ended, nobody knows how', promptAfter(undefined), { name: 'idle' }],
  ['it is stopped', { isStopped: true, reader: 'none' }, undefined],
  ['it computes', { reader: 'none' }, { name: 'working', why: 'runs' }],
  ['it computes, and reports an error', { reader: 'none', ...error }, { name: 'failed', why: 'progress' }],
  ['what draws another terminal waits for that', { reader: 'none', isRelay: true }, undefined],
  [
    'a password',
    { reader: 'reads', asksForPassword: true, lastLine: 'Password:' },
    { name: 'asking', why: 'password', text: 'Password:' },
  ],
  [
    'a question, read at once',
    { reader: 'reads', question: newQuestion, quietMs: 150 },
    { name: 'asking', why: 'question', text: 'Proceed?' },
  ],
  ['a question that was only just drawn', { question: newQuestion, quietMs: 150 }, { name: 'working' }],
  ['a question beside a spinner', { question, quietMs: 20 }, { name: 'asking', text: 'Proceed?' }],
  ['a question, while it reports progress', { question, ...running }, { name: 'asking' }],
  ['it is blocked in a read', { reader: 'reads' }, { name: 'idle', why: 'reads', since: 7 }],
  ['it has only just printed', { reader: 'reads', quietMs: 20 }, { name: 'working', why: 'output' }],
  [
    'a prompt for code, read at once',
    { reader: 'reads', isAtPromptText: true, quietMs: 150 },
    { name: 'idle', why: 'prompt' },
  ],
  ['a prompt for code', { isAtPromptText: true, quietMs: 1_500 }, { name: 'idle', why: 'prompt' }],
  ['a prompt, and it draws', { isAtPromptText: true, quietMs: 80 }, { name: 'working', why: 'output' }],
  ['a prompt behind ssh', { isAtPromptText: true, isRelay: true }, { name: 'idle', why: 'prompt' }],
  ['nothing behind ssh', { isRelay: true }, undefined],
  ['nobody knows what it waits for', { reader: 'unknown' }, undefined],
  ['nobody knows, and it draws', { reader: 'unknown', quietMs: 500 }, { name: 'working' }],
  ['it draws every three seconds', { quietMs: 3_000 }, { name: 'working', why: 'output' }],
  ['it has been quiet', {}, { name: 'idle', why: 'quiet', since: 7 }],
  ['it is quiet, and reports progress', running, { name: 'working', why: 'progress', text: '40 %' }],
  ['progress is old where it reads a line', { ...running, reader: 'reads' }, { name: 'idle' }],
  [
    'it says that it has finished',
    called('Agent: turn complete'),
    { name: 'done', why: 'notification', text: 'Agent: turn complete', since: 6 },
  ],
  ['it asks for a permission', called('Claude needs your permission to use Bash'), { name: 'asking' }],
  ['it asks a question', called('Which branch?'), { name: 'asking', why: 'notification' }],
  ['it has called, and draws again', { ...called('turn complete'), quietMs: 80 }, { name: 'working' }],
  ['it has called, and only a spinner turns', { ...called('turn complete'), ...spins }, { name: 'done' }],
  [
    'it has called, and its spinner says that it works',
    { ...called('turn complete'), ...spins, said: underWay },
    { name: 'working', why: 'output' },
  ],
  ['a spinner alone', spins, { name: 'working', why: 'output' }],
  ['an ornament beside an input line, or work', { ...spins, said: inputLine }, undefined],
  [
    'an input line beside what can be interrupted',
    { ...spins, said: { ...underWay, hasInputLine: true } },
    { name: 'working' },
  ],
  ['it is quiet, and says that something is under way', { said: underWay }, undefined],
  ['a bell', called(undefined, 'bell'), { name: 'done', why: 'bell' }],
])('%s', (_, some, expected) => {
  const concluded = concludedFrom(factsOf(some));
  if (expected === undefined) expect(concluded).toBeUndefined();
  else expect(concluded).toMatchObject(expected);
});

test('time alone changes what depends on silence, and nothing after that', () => {
  expect(concludesAnewInMs(factsOf({ quietMs: 20 }))).toBe(80);
  expect(concludesAnewInMs(factsOf({ quietMs: 2_500 }))).toBe(1_500);
  expect(concludesAnewInMs(factsOf({ question: { text: 'Proceed?', shownMs: 400 } }))).toBe(600);
  expect(concludesAnewInMs(factsOf({}))).toBeUndefined();
  expect(concludesAnewInMs(factsOf({ set, quietMs: 20 }))).toBeUndefined();
});

test('what only the kernel knows is polled, and what waits for input is not', () => {
  expect(dependsOnKernel(factsOf({ reader: 'none' }))).toBe(true);
  expect(dependsOnKernel(factsOf({ hasUnreadInput: true }))).toBe(true);
  expect(dependsOnKernel(factsOf({ reader: 'reads' }))).toBe(false);
  expect(dependsOnKernel(factsOf({ reader: 'none', set }))).toBe(false);
});
