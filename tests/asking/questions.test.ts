/** The open questions of a session by themselves: their bounds, and that each ends once. */
import { expect, test } from 'vitest';
import { ClientIdentity } from '../../packages/daemon/src/client-identity.ts';
import { type QuestionEvent, Questions } from '../../packages/daemon/src/session/questions.ts';

const ada = new ClientIdentity({ name: 'ada' });

function questions() {
  const events: QuestionEvent[] = [];
  const asked = new Questions(
    () => 's',
    (event) => events.push(event),
  );
  const ask = (prompt = 'Password:', continued?: string) =>
    asked.ask({ prompt, program: 'sudo -A true', timeoutMs: 60_000, continued });
  return { asked, ask, events };
}

test('a question ends once, whatever comes after', () => {
  const { asked, ask, events } = questions();
  const question = ask();
  asked.answer(question.id, 'secret', ada);
  asked.withdraw(question, 'timed_out');
  expect(() => asked.answer(question.id, undefined, ada)).toThrow('nothing was answered');
  asked.close();
  expect(question.end).toEqual({ outcome: 'answered', text: 'secret' });
  expect(events.map(({ type }) => type)).toEqual(['asked', 'question_ended']);
  expect(JSON.stringify(events)).not.toContain('secret');
});

test('so many are open at most, and of a prompt so much is shown', () => {
  const { asked, ask } = questions();
  for (let count = 0; count < 16; count++) ask('x'.repeat(100_000));
  expect(() => ask()).toThrow('16 open questions');
  expect(asked.facts.every(({ prompt }) => prompt.length === 1024)).toBe(true);
  expect(() => asked.answer(undefined, 'secret', ada)).toThrow('has 16 open questions');
  asked.close();
  expect(asked.facts).toEqual([]);
});

test('one that another daemon was asked is announced by that alone, and is one question', () => {
  const { ask, events } = questions();
  expect(ask('Password:', 'abcd').id).toBe('abcd');
  expect(events).toEqual([]);
  expect(() => ask('Password:', 'abcd')).toThrow('is open already');
});
