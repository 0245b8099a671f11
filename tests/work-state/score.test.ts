/**
 * How well states are known, of real programs and of stand-ins for those that a test cannot run: each is brought into a
 * state that a person knows, and is asked what it is doing. The table in docs/work-states.md is this score: it cannot become worse.
 */
import { readFileSync } from 'node:fs';
import { expect, test as plainTest } from 'vitest';
import type { Client, Result } from '../../packages/client/src/index.ts';
import { test } from '../harness/pilotty.ts';
import { needs, PATH, program } from '../harness/programs.ts';
import { until } from '../harness/until.ts';

const DOCUMENT = new URL('../../docs/work-states.md', import.meta.url);

type State = NonNullable<Result<'session.status'>['work_state']>['name'];
/** Typed once that is shown, or without it once there is a prompt. */
type Step = { shown?: string; text: string; enter?: true };

interface Case {
  program: string;
  what: string;
  argv: string[];
  steps?: Step[];
  is: State;
  /** What pilotty says, where that is something else. */
  said?: State | 'unknown';
}

const sh = (script: string) => ['sh', '-c', script];
const lines = (...texts: string[]): Step[] => texts.map((text) => ({ text, enter: true }));
const agent = (kind: string) => program('agent.cjs', kind);
const atWork = (shown: string): Step[] => [{ shown, text: 'fix it', enter: true }];

const CASES: Case[] = [
  { program: 'bash', what: 'at its first prompt', argv: ['bash'], is: 'idle' },
  { program: 'bash', what: 'after a command', argv: ['bash'], steps: lines('true'), is: 'done' },
  { program: 'bash', what: 'after one that failed', argv: ['bash'], steps: lines('false'), is: 'failed' },
  {
    program: 'bash',
    what: 'runs one that prints nothing',
    argv: ['bash'],
    steps: lines('sleep 1000'),
    is: 'working',
  },
  {
    program: 'bash',
    what: 'asks for a text',
    argv: ['bash'],
    steps: lines("read -p 'Your name: ' x"),
    is: 'asking',
  },
  { program: 'dash', what: 'at its prompt', argv: ['dash'], is: 'idle' },
  {
    program: 'dash',
    what: 'runs one that prints nothing',
    argv: ['dash'],
    steps: lines('sleep 1000'),
    is: 'working',
  },
  { program: 'zsh', what: 'after a command that failed', argv: ['zsh'], steps: lines('false'), is: 'failed' },
  { program: 'fish', what: 'after a command', argv: ['fish'], steps: lines('true'), is: 'done' },
  { program: 'ksh', what: 'at its prompt', argv: ['ksh'], is: 'idle' },
  { program: 'tcsh', what: 'at its prompt', argv: ['tcsh', '-f'], is: 'idle' },
  { program: 'python3', what: 'at its prompt', argv: ['python3', '-q'], is: 'idle' },
  {
    program: 'python3',
    what: 'asks a question',
    argv: ['python3', '-c', "input('Proceed? ')"],
    is: 'asking',
  },
  {
    program: 'python3',
    what: 'sleeps',
    argv: ['python3', '-c', 'import time; time.sleep(1000)'],
    is: 'working',
  },
  { program: 'node', what: 'at its prompt', argv: [process.execPath], is: 'idle' },
  {
    program: 'node',
    what: 'asks for a text, with a default (as npm init)',
    argv: [
      process.execPath,
      '-e',
      "require('readline').createInterface(process.stdin, process.stdout).question('package name: (app) ', () => {})",
    ],
    is: 'asking',
  },
  { program: 'node', what: 'computes', argv: [process.execPath, '-e', 'for (;;);'], is: 'working' },
  { program: 'sqlite3', what: 'at its prompt', argv: ['sqlite3'], is: 'idle' },
  { program: 'gdb', what: 'at its prompt', argv: ['gdb', '-q'], is: 'idle' },
  {
    program: 'gdb',
    what: 'asks for confirmation',
    argv: ['gdb', '-q'],
    steps: lines('define ls', 'end', 'define ls'),
    is: 'asking',
  },
  { program: 'vim', what: 'shows a file', argv: ['vim', '-u', 'NONE', '/etc/passwd'], is: 'idle' },
  { program: 'nano', what: 'shows a file', argv: ['nano', '/etc/passwd'], is: 'idle' },
  { program: 'less', what: 'shows a file', argv: ['less', '/etc/passwd'], is: 'idle' },
  { program: 'mc', what: 'shows its panels', argv: ['mc', '-u'], is: 'idle' },
  {
    program: 'git',
    what: 'asks what to add',
    argv: sh(
      'git init -q r && cd r && echo a > f && git add f && git -c user.name=u -c user.email=e commit -qm m && echo b >> f && git add -p',
    ),
    is: 'asking',
  },
  {
    program: 'dialog',
    what: 'asks yes or no',
    argv: ['dialog', '--yesno', 'Delete it?', '7', '30'],
    is: 'asking',
  },
  {
    program: 'whiptail',
    what: 'asks yes or no',
    argv: ['whiptail', '--yesno', 'Delete it?', '7', '30'],
    is: 'asking',
  },
  { program: 'top', what: 'draws every few seconds', argv: ['top'], is: 'working' },
  { program: 'watch', what: 'draws every second', argv: ['watch', '-n1', 'date +%N'], is: 'working' },
  {
    program: 'tmux',
    what: 'shows a shell',
    argv: ['tmux', '-f', '/dev/null', 'new-session', 'dash'],
    is: 'idle',
    said: 'unknown',
  },
  {
    program: 'script',
    what: 'runs a program that prints nothing',
    argv: ['script', '-qc', 'echo begun; sleep 1000', '/dev/null'],
    is: 'working',
    said: 'unknown',
  },
  {
    program: 'apt (stand-in)',
    what: 'asks to continue',
    argv: sh("printf 'After this operation, 12 MB will be used.\\nDo you want to continue? [Y/n] '; read x"),
    is: 'asking',
  },
  {
    program: 'ssh (stand-in)',
    what: 'asks about a host key',
    argv: sh("printf 'Are you sure you want to continue connecting (yes/no/[fingerprint])? '; read x"),
    is: 'asking',
  },
  {
    program: 'sudo (stand-in)',
    what: 'asks for a password',
    argv: sh("printf '[sudo] password for u: '; stty -echo; read x"),
    is: 'asking',
  },
  {
    program: 'a build',
    what: 'prints',
    argv: sh('while :; do echo compiling; sleep 0.3; done'),
    is: 'working',
  },
  { program: 'a build', what: 'ends well', argv: sh('echo built'), is: 'done' },
  { program: 'a build', what: 'ends with an error', argv: sh('echo error; exit 2'), is: 'failed' },
  {
    program: 'a build',
    what: 'reports its progress (OSC 9;4)',
    argv: sh("printf '\\033]9;4;1;40\\007'; sleep 1000"),
    is: 'working',
  },
  {
    program: 'a build',
    what: 'reports an error so',
    argv: sh("printf '\\033]9;4;2;40\\007'; sleep 1000"),
    is: 'failed',
  },
  {
    program: 'a spinner',
    what: 'turns for ever',
    argv: sh('while :; do for f in - / "|" x; do printf "\\r$f"; sleep 0.08; done; done'),
    is: 'working',
  },
  { program: 'an agent with a frame', what: 'has an input line', argv: agent('framed'), is: 'idle' },
  {
    program: 'an agent with a frame',
    what: 'works',
    argv: agent('framed'),
    steps: atWork('shortcuts'),
    is: 'working',
  },
  {
    program: 'an agent with a frame',
    what: 'asks',
    argv: agent('framed'),
    steps: [...atWork('shortcuts'), { shown: 'Working', text: 'a' }],
    is: 'asking',
  },
  {
    program: 'an agent with a frame',
    what: 'has finished, with a notification (OSC 777)',
    argv: agent('framed'),
    steps: [...atWork('shortcuts'), { shown: 'Working', text: 'n' }],
    is: 'done',
  },
  { program: 'an agent with a clock', what: 'has an input line', argv: agent('lined'), is: 'idle' },
  {
    program: 'an agent with a clock',
    what: 'works',
    argv: agent('lined'),
    steps: atWork('context left'),
    is: 'working',
  },
  {
    program: 'an agent with a clock',
    what: 'asks',
    argv: agent('lined'),
    steps: [...atWork('context left'), { shown: 'Working', text: 'a' }],
    is: 'asking',
  },
  {
    program: 'an agent with a clock',
    what: 'has finished, and its spinner goes on',
    argv: agent('lined'),
    steps: [...atWork('context left'), { shown: 'Working', text: 's' }],
    is: 'idle',
    said: 'working',
  },
];

/** So long after the last step every rule about silence has been applied. */
const ALL_RULES_MS = 5_000;

const REAL = CASES.map(({ program: name }) => name).filter((name) => /^[a-z0-9]+$/.test(name));

async function begin(client: Client, { argv, steps = [] }: Case, name: string, home: string): Promise<void> {
  const env = { PATH, HOME: home, LANG: 'C.UTF-8', TMUX_TMPDIR: home };
  await client.request('session.spawn', { argv, name, cwd: home, env });
  for (const { shown, ...typed } of steps) {
    const wait = shown === undefined ? { prompt: true } : { text: shown };
    await client.request('session.wait', { session: name, ...wait, timeout_ms: 50_000 });
    await client.request('session.type', { session: name, ...typed });
  }
}

// Elsewhere the kernel does not say who reads.
test.skipIf(process.platform !== 'linux')(
  'what real programs are doing is known, or said to be unknown',
  async ({ pilotty }) => {
    needs(...new Set(REAL));
    const { client } = pilotty;
    await Promise.all(CASES.map((one, index) => begin(client, one, `s${index}`, pilotty.home)));
    const began = performance.now();
    let wrong: string[] = [];
    await until(
      'every state',
      async () => {
        const { sessions } = await client.request('session.list', { all: true });
        wrong = CASES.flatMap(({ program: name, what, is, said = is }, index) => {
          const found =
            sessions.find((session) => session.name === `s${index}`)?.work_state?.name ?? 'unknown';
          return found === said ? [] : [`${name} ${what}: ${found}, and not ${said}`];
        });
        return wrong.length === 0 && performance.now() - began > ALL_RULES_MS;
      },
      { deadlineMs: 50_000, lastSeen: () => wrong.join('\n') },
    );
  },
);

plainTest('the document has this score', () => {
  const rows = CASES.map(({ program: name, what, is, said = is }) => [name, what, is, said]);
  const right = rows.filter(([, , is, said]) => is === said).length;
  const unknown = rows.filter(([, , , said]) => said === 'unknown').length;
  const table = [
    '| program | what it does | state | said |',
    '|---|---|---|---|',
    ...rows.map(([name, what, is, said]) => `| ${name} | ${what} | ${is} | ${said === is ? '✓' : said} |`),
    `| **${rows.length}** |  |  | **${right} right, ${unknown} unknown, ${rows.length - right - unknown} wrong** |`,
  ].join('\n');
  const document = readFileSync(DOCUMENT, 'utf8');
  expect(document).toContain(table);
});
