/** What a shell says of background jobs is not among what a later command prints. */
import { describe, expect, test as unitTest } from 'vitest';
import { JobNotices } from '../../packages/daemon/src/exec/job-notices.ts';
import { test } from './shell-session.ts';

const RUNNING = [
  '[1]   Running                 sleep 9 &',
  '[2]-  Running                 false | sleep 8 &  (wd: ~/work)',
  '[3]+  Running                 while read x; do\n    echo "[1]+ é $x";\ndone < in &',
].join('\n');

const NOTICES = [
  '[1]   Done                    sleep 9\n',
  '[2]-  Exit 1                  false\n      Done                    | sleep 8  (wd: ~/work)\n',
  '[3]+  Speicherzugriffsfehler (core dumped) while read x; do\n    echo "[1]+ é $x";\ndone < in\n',
];

/** In pieces of so many bytes. */
function filtered(text: string, size: number): { text: string; found: readonly string[] } {
  const notices = new JobNotices();
  notices.expect(`${RUNNING}\n`);
  const bytes = Buffer.from(text);
  const kept: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += size)
    kept.push(notices.filter(bytes.subarray(at, at + size), at + size >= bytes.length));
  return { text: Buffer.concat(kept).toString(), found: notices.found };
}

describe('of what a command prints', () => {
  const ofCommand = [
    '[1] of its own\n',
    'ü[2] [',
    '[3]+\n',
    '[1]+  Done                    sleep 99\n',
    '[1',
  ];
  const mixed = ofCommand.map((own, index) => own + (NOTICES[index] ?? '')).join('');

  unitTest('notices are taken out, and nothing else, however it comes in pieces', () => {
    for (let size = 1; size <= Buffer.byteLength(mixed); size++) {
      const { text, found } = filtered(mixed, size);
      expect([size, text, found.length]).toEqual([size, ofCommand.join(''), 3]);
    }
  });

  unitTest('nothing is kept back that cannot be a notice any more', () => {
    const notices = new JobNotices();
    notices.expect(`${RUNNING}\n`);
    const [first, , third] = ['[1] is no notice\n', '', '[3]+  Done'].map(Buffer.from);
    expect(notices.filter(first as Buffer, false).toString()).toBe('[1] is no notice\n');
    expect(notices.filter(third as Buffer, false).toString()).toBe('');
    expect(notices.filter(Buffer.from(' with it\n\n\n\n'), false).toString()).toBe(
      '[3]+  Done with it\n\n\n\n',
    );
  });
});

const SHELLS: [string, string[]][] = [
  ['bash', ['bash']],
  ['bash without marks', ['bash', '--norc']],
  ['dash', ['dash']],
];

test.for(SHELLS)(
  'the end of a job is not in the stderr of a later command, in a %s',
  async ([name, argv], { shells }) => {
    const session = await shells.start(argv);
    await shells.exec(session, 'mkfifo go; cat go >out &');
    // The shell sees the end with the first program that it waits for after it.
    const later = await shells.exec(
      session,
      "echo >go; sleep 0.3; sh -c 'echo its own >&2'; sleep 0.1; sh -c 'exit 3'",
    );
    expect([later.stderr, later.exit_code]).toEqual(['its own\n', 3]);
    if (name !== 'dash') expect(later.note).toBe('Ended in the background: [1]+ Done cat go > out.');
  },
);
