/** What a session needs of a person, judged from facts. */
import { expect, test } from 'vitest';
import { type AttentionFacts, attentionOf, byUrgency } from '../../apps/web/src/sessions/attention.ts';

const STILL: AttentionFacts = {
  state: 'running',
  isStill: true,
  lastActive: 1_000,
  asksPassword: false,
  isAtPrompt: false,
  question: undefined,
  lines: ['last line'],
  revision: 7,
  hasFailedProgress: false,
};
const question = { lines: ['Go on?'], answers: [] };
const exit = {
  exit_code: 0,
  signal: null,
  success: true,
  killed_by_client: false,
  lifetime_over: false,
  output_complete: true,
};
const call = { at: 2_000, lines: ['look'] };
const said = (name: 'asking' | 'done' | 'failed' | 'working') => ({ ...call, name, isSaid: true });
const seen = { ...call, name: 'asking', isSaid: false } as const;

test.each<[string, Partial<AttentionFacts>, string, string | undefined]>([
  ['a program that is still and asks nothing', {}, 'quiet', undefined],
  ['a question', { question }, 'asks', 'question'],
  ['a question while it prints', { question, isStill: false }, 'quiet', undefined],
  ['what looks like a question at the prompt of a shell', { question, isAtPrompt: true }, 'quiet', undefined],
  ['a password, whatever the screen shows', { asksPassword: true, question }, 'asks', 'password'],
  ['a bell', { bell: call }, 'asks', 'bell'],
  ['a bell while it prints', { bell: call, isStill: false }, 'quiet', undefined],
  ['it says that it asks, while it draws', { doing: said('asking'), isStill: false }, 'asks', 'state'],
  ['it says that it is done', { doing: said('done'), question }, 'finished', 'state'],
  ['it says that it has failed', { doing: said('failed'), isStill: false }, 'failed', 'state'],
  [
    'it says that it works, and looks like a question',
    { doing: said('working'), question },
    'quiet',
    undefined,
  ],
  ['a question that stands beside a spinner', { doing: seen, isStill: false }, 'asks', 'state'],
  ['a question with its answers', { doing: seen, question }, 'asks', 'question'],
  ['a hand-over while it prints', { handOver: call, isStill: false }, 'asks', 'hand-over'],
  ['a hand-over of a prompt', { handOver: call, asksPassword: true }, 'asks', 'hand-over'],
  ['a notification', { notification: call, bell: call }, 'asks', 'notification'],
  ['a command that failed', { command: { ...call, exitCode: 2 } }, 'failed', 'command'],
  ['a command that succeeded', { command: { ...call, exitCode: 0 } }, 'finished', 'command'],
  ['progress that reports an error', { hasFailedProgress: true }, 'failed', 'progress'],
  ['a program that succeeded', { state: 'exited', exit }, 'finished', 'exit'],
  ['a program that failed', { state: 'exited', exit: { ...exit, success: false } }, 'failed', 'exit'],
  [
    'a program that a client killed',
    { state: 'exited', exit: { ...exit, success: false, killed_by_client: true } },
    'quiet',
    undefined,
  ],
])('%s', (_name, facts, level, reason) => {
  const found = attentionOf({ ...STILL, ...facts });
  expect([found.level, found.reason]).toEqual([level, reason]);
});

test('the most urgent comes first: who has waited longest for an answer, then calls, failures and ends', () => {
  const attentions = [
    attentionOf({ ...STILL, state: 'exited', exit, lastActive: 1 }),
    attentionOf({ ...STILL, command: { at: 5, lines: [], exitCode: 1 } }),
    attentionOf({ ...STILL, bell: { at: 1, lines: [] } }),
    attentionOf({ ...STILL, question, lastActive: 9 }),
    attentionOf({ ...STILL, question, lastActive: 3 }),
  ];
  const order = attentions.sort(byUrgency).map(({ reason, since }) => `${reason} ${since}`);
  expect(order).toEqual(['question 3', 'question 9', 'bell 1', 'command 5', 'exit 1']);
});
