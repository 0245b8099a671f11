/** Which screens ask a person something, and what can be answered: pure, by the rows of real programs. */
import { expect, test } from 'vitest';
import { type Answer, questionOn } from '../../packages/terminal/src/read/question.ts';

const LINE = { isByLine: true, isReading: true };
const RAW = { isByLine: false, isReading: true };

function ask(rows: string[], reader: { isByLine: boolean; isReading: boolean | null } = LINE, more = {}) {
  const row = rows.length - 1;
  const cursor = { row, col: (rows[row] ?? '').length };
  return questionOn({ rows, cursor, elements: [], isAlternate: false, ...more }, reader);
}

function sent(answers: readonly Answer[] | undefined): string[] | undefined {
  return answers?.map((answer) =>
    'text' in answer ? `${answer.text}⏎` : 'keys' in answer ? answer.keys : `<${answer.choose}>`,
  );
}

test.each<[string, string[], boolean, string[]]>([
  ['apt', ['Need to get 12 MB.', 'Do you want to continue? [Y/n] '], true, ['y⏎', 'n⏎']],
  ['ssh', ['Are you sure you want to continue connecting (yes/no/[fingerprint])? '], true, ['yes⏎', 'no⏎']],
  ['npm', ['Ok to proceed? (y) '], true, []],
  ['a script that reads below its question', ['continue? [y/n]', ''], true, ['y⏎', 'n⏎']],
  ['a script that says more and reads below', ['continue? [y/n], then Enter:', ''], true, ['y⏎', 'n⏎']],
  ['what is typed and not sent yet', ['continue? [y/n] y'], true, ['y⏎', 'n⏎']],
  ['rm -i', ["rm: remove regular file 'a.txt'? "], true, []],
  ['one key is enough', ['Overwrite? (y/N) '], false, ['y', 'n']],
  ['a name is asked for', ['Name: '], true, []],
  ['a default stands behind the question', ['Which branch? [main]: '], true, []],
  ['pacman', ['(1/1) installing', 'Press any key to continue . . . '], true, ['Enter']],
  ['vim', ['swap file', '[O]pen Read-Only, (E)dit anyway, (R)ecover, (Q)uit:'], false, ['O', 'E', 'R', 'Q']],
  ['git, by a name in quotes', ["Username for 'https://example.org': "], true, []],
  ['inquirer', ['? Pick one: (Use arrow keys)', '❯ red', '  blue'], false, []],
  [
    'inquirer, by boxes to tick',
    ['? Which parts? (Press <space> to', 'select)', '❯◉ docs', ' ◯ src'],
    false,
    [],
  ],
  ['survey', ['? Which protocol?  [Use arrows to move]', '> HTTPS', '  SSH'], false, []],
  ['clack', ['◆  Pick one:', '│  ● red', '│  ○ blue', '└'], false, []],
  ['clack, by a text', ['◆  Name:', '│  app', '└'], false, []],
  ['prompts, by a text', ['? Name: › app'], false, []],
  ['an agent, without numbers', ['Allow this?', '  rm -r build', '', '❯ Yes', '  No'], false, []],
  ['select of bash', ['1) red', '2) blue', '#? '], true, ['1⏎', '2⏎']],
  [
    'an agent',
    [
      '│ Do you want to proceed?      │',
      '│ ❯ 1. Yes                     │',
      '│   2. No, and say why         │',
    ],
    false,
    ['1', '2'],
  ],
])('asks: %s', (_name, rows, isByLine, answers) => {
  expect(sent(ask(rows, isByLine ? LINE : RAW)?.answers)).toEqual(answers);
});

test.each<[string, string[], boolean, boolean | null]>([
  ['a shell', ['user@host:~$ '], false, true],
  ['a shell after a question that was answered', ['Continue? [y/n] y', 'done', '$ '], true, true],
  ['a question that was answered, by what reads on', ['Deploy? [y/N] y', ''], true, true],
  ['one that was answered in full', ['Are you sure (yes/no/[fingerprint])? yes', ''], true, true],
  ['a choice that was made', ['1) red', '2) blue', '#? 2', ''], true, true],
  ['sqlite', ['Enter ".help" for usage hints.', 'sqlite> '], false, true],
  ['python', ['Type "help" for more information.', '>>> '], false, true],
  ['less, at its colon', ['some text', ':'], false, true],
  ['a build that says what comes', ['Compiling:'], true, false],
  ['where the kernel does not say who reads, a colon alone', ['Compiling:'], true, null],
  ['a question that nobody reads the answer to', ['Ready? [y/n] '], true, false],
  ['a numbered list', ['Steps', '1. build', '2. test', '$ '], true, true],
  ['cat', [''], true, true],
  ['a server that takes keys', ['ready in 320 ms', '  ➜  press h + enter to show help'], false, true],
  ['a watcher that lists its keys', [' › Press a to run all.', ' › Press Enter to run.'], false, true],
  ['an agent that has a key for its help', ['> ', '? for shortcuts'], false, true],
  ['a prompt with a pointer under a question', ['What is this?', '❯ ls', '  '], false, true],
  ['a quotation under a question', ['Why?', '> because', '  of that'], false, true],
])('does not ask: %s', (_name, rows, isByLine, isReading) => {
  expect(ask(rows, { isByLine, isReading })).toBe(undefined);
});

test('a whole screen asks in its last row, or above its keys, and not in a text that it shows', () => {
  const shown = (rows: string[], row: number, more = {}) => {
    const cursor = { row, col: (rows[row] ?? '').length };
    return questionOn({ rows, cursor, elements: [], isAlternate: true, ...more }, RAW)?.lines;
  };
  const hint = (row: number) => ({ kind: 'key_hint', text: 'Y', row });
  expect(shown(['text', '~', 'Press ENTER or type command to continue'], 2)).toEqual(expect.anything());
  expect(shown(['text', 'Save it?', ' Y Yes'], 1, { elements: [hint(2)] })).toEqual(expect.anything());
  expect(shown(['why?', '~', '-- INSERT --'], 0)).toBe(undefined);
  expect(shown(['text', '~', '/why?'], 2)).toBe(undefined);
  expect(shown(['  Permission required', '', '  Allow once   Reject    ⇆ select'], 2)).toEqual([
    'Permission required',
  ]);
});

test('a dialog asks by its buttons, a file manager with a button bar does not', () => {
  const button = (text: string) => ({
    ref: '@e1',
    kind: 'button' as const,
    row: 3,
    col: 1,
    width: 5,
    height: 1,
    text,
  });
  const rows = [
    '┌──────────────┐',
    '│ Deploy now?  │',
    '├──────────────┤',
    '│ <Yes>  <No>  │',
    '└──────────────┘',
  ];
  const dialog = { isAlternate: true, cursor: { row: 3, col: 3 } };
  const asked = ask(rows, RAW, { ...dialog, elements: [button('Yes'), button('No')] });
  expect([asked?.lines, sent(asked?.answers)]).toEqual([['Deploy now?'], ['<Yes>', '<No>']]);
  expect(ask(rows, RAW, { ...dialog, elements: [button('Help'), button('Menu')] })).toBe(undefined);
});
