/** When what a program has set, or called for, is over. */
import { expect, test } from 'vitest';
import { WorkRecord } from '../../packages/daemon/src/session/work-record.ts';

type Name = Parameters<WorkRecord['report']>[0];

const mark = (kind: 'prompt' | 'command' | 'output' | 'finished') =>
  ({
    type: 'mark',
    mark: kind,
    ...{ line: 0, col: 0, start: 0, end: 0, exitCode: undefined, hasText: false, commandLine: undefined },
  }) as const;

const occasions: Readonly<Record<string, (record: WorkRecord) => void>> = {
  'any input': (record) => record.inputSent(false),
  'a line that is sent off': (record) => record.inputSent(true),
  'a prompt': (record) => record.follow(mark('prompt')),
  'a command': (record) => record.follow(mark('output')),
  'taking it back': (record) => record.takeBack(),
  'a restart': (record) => record.startOver(),
  'a title': (record) => record.follow({ type: 'title', title: 'x' }),
};

const always = ['a line that is sent off', 'a command', 'taking it back', 'a restart'];

test.each<[Name, string[]]>([
  ['asking', ['any input', 'a prompt', ...always]],
  ['working', ['any input', 'a prompt', ...always]],
  ['done', always],
  ['failed', always],
  ['idle', always],
])('%s ends with what the program cannot have known of', (name, ends) => {
  const over = Object.entries(occasions).filter(([, happen]) => {
    const record = new WorkRecord();
    record.report(name, 'a text');
    happen(record);
    return record.set === undefined;
  });
  expect(over.map(([occasion]) => occasion).sort()).toEqual([...ends].sort());
});

test('what is set last counts, and a long text is cut', () => {
  const record = new WorkRecord();
  record.report('asking', 'Which?');
  record.report('failed', 'x'.repeat(5_000));
  expect(record.set).toMatchObject({ name: 'failed' });
  expect(record.set?.text).toHaveLength(1_024);
});

test('a notification is a call until there is input, and a bell says less than it', () => {
  const record = new WorkRecord();
  record.follow({ type: 'notification', title: 'Agent', body: 'Which branch?' });
  record.follow({ type: 'bell', count: 1 });
  expect(record.call).toMatchObject({ kind: 'notification', text: 'Agent: Which branch?' });
  record.inputSent(false);
  expect(record.call).toBeUndefined();
});

test('a bell that answers a key calls nobody', () => {
  const record = new WorkRecord();
  record.follow({ type: 'bell', count: 1 });
  expect(record.call).toMatchObject({ kind: 'bell' });
  record.inputSent(false);
  record.follow({ type: 'bell', count: 1 });
  expect(record.call).toBeUndefined();
});

test('another daemon goes on with it', () => {
  const record = new WorkRecord();
  record.report('done', 'built');
  const other = new WorkRecord();
  expect(other.key).not.toBe(record.key);
  other.adopt(JSON.parse(JSON.stringify(record.state)));
  expect(other.state).toEqual(record.state);
});
