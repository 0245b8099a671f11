/**
 * Stands for programs that a test cannot run: draws what such a program shows, in raw mode, again and again where it does, and
 * reads keys without an answer to them. The argument says which; each screen is written down from the program it stands for.
 */
const DOTS = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const STARS = ['·', '✢', '✳', '✶', '✻', '✽'];
const spinner = (tick, frames = DOTS) => frames[tick % frames.length];
const framed = (...texts) => [
  `╭${'─'.repeat(58)}╮`,
  ...texts.map((text) => `│ ${text.padEnd(56)} │`),
  `╰${'─'.repeat(58)}╯`,
];
const INPUT = ['─'.repeat(60), '> ', '─'.repeat(60)];
const seconds = (ms) => Math.floor(ms / 1000);

/** Lines for a number of ticks and of milliseconds since the start; drawn every so many milliseconds, or once. */
const SCREENS = {
  // Claude Code and its like: an input line between rules, a line of state above it.
  'agent-trust': {
    lines: () => framed('Do you trust the files in this folder?', '', '❯ 1. Yes, proceed', '  2. No, exit'),
  },
  'agent-asks-while-it-spins': {
    everyMs: 120,
    lines: (tick, ms) => [
      `${spinner(tick, STARS)} Brewing… (${seconds(ms) + 8}s · ↑ 1.2k tokens · esc to interrupt)`,
      ...framed('Do you want to make this edit to a.ts?', '❯ 1. Yes', '  2. No, and tell me why (esc)'),
    ],
  },
  'agent-thinks': {
    everyMs: 120,
    lines: (tick, ms) => [
      `${spinner(tick, STARS)} Brewing… (${seconds(ms)}s · ↑ 1.2k tokens · esc to interrupt)`,
      ...INPUT,
      '  ? for shortcuts',
    ],
  },
  'agent-is-quiet-at-work': {
    lines: () => ['• Working (8s • esc to interrupt)', '', '› ', '', '  gpt-5 · 80% context left'],
  },
  'agent-done': {
    lines: () => ['● I have fixed the test.', '', '✻ Brewed for 12s', '', ...INPUT, '  ? for shortcuts'],
  },
  'agent-done-with-bell': {
    everyMs: 120,
    bellAtMs: 1_500,
    lines: (tick) => [`${spinner(tick)} All tests pass`, ...INPUT],
  },
  'agent-done-with-a-moving-logo': {
    everyMs: 120,
    lines: (tick) => [`${spinner(tick, ['◐', '◓', '◑', '◒'])} helper 1.2`, '', ...INPUT, '  ? for shortcuts'],
  },
  'agent-blinks-its-cursor': {
    everyMs: 500,
    lines: (tick) => ['● Done.', '', '─'.repeat(60), `> ${tick % 2 ? '█' : ' '}`, '─'.repeat(60)],
  },
  'agent-asks-without-numbers': {
    lines: () => ['Allow this command?', '  rm -r build', '', '❯ Yes', '  No', '  Always'],
  },
  'agent-asks-by-buttons': {
    isWhole: true,
    lines: () => [
      '  △ Permission required',
      '    # Remove the build',
      '    $ rm -r build',
      '',
      '   Allow once   Allow always   Reject          ⇆ select  enter confirm',
    ],
  },
  // aider
  'aider-prompt': {
    lines: () => [
      'Aider v0.86.0',
      'Git repo: .git with 12 files',
      'Repo-map: using 1024 tokens',
      '─'.repeat(60),
      '> ',
    ],
  },
  'aider-asks': {
    lines: () => ["Add src/a.py to the chat? (Y)es/(N)o/(D)on't ask again [Yes]: "],
  },
  // inquirer, clack, survey
  'list-inquirer': {
    lines: () => ['? Pick a framework: (Use arrow keys)', '❯ Vanilla', '  Vue', '  React'],
  },
  'confirm-inquirer': { lines: () => ['? Overwrite package.json? (y/N) '] },
  'checkbox-inquirer': {
    lines: () => [
      '? Which features? (Press <space> to select, <a> to toggle all, <enter> to proceed)',
      '❯◉ TypeScript',
      ' ◯ ESLint',
      ' ◯ Tests',
    ],
  },
  'text-prompts': { lines: () => ['? Project name: › my-app'] },
  'list-clack': {
    lines: () => ['◆  Select a framework:', '│  ● Vanilla', '│  ○ Vue', '│  ○ React', '└'],
  },
  'text-clack': { lines: () => ['◆  Project name:', '│  my-app█', '└'] },
  'list-survey': {
    lines: () => [
      '? What is your preferred protocol?  [Use arrows to move, type to filter]',
      '> HTTPS',
      '  SSH',
    ],
  },
  countdown: {
    everyMs: 250,
    lines: (_tick, ms) => [`Install the updates now? [y/N] (no in ${60 - seconds(ms)}s) `],
  },
  // Development servers and test runners that take keys.
  'dev-server': {
    lines: () => [
      '  VITE v7.1.0  ready in 320 ms',
      '',
      '  ➜  Local:   http://localhost:5173/',
      '  ➜  Network: use --host to expose',
      '  ➜  press h + enter to show help',
    ],
  },
  'test-watcher': {
    lines: () => [
      'Tests:       12 passed, 12 total',
      '',
      'Watch Usage',
      ' › Press a to run all tests.',
      ' › Press q to quit watch mode.',
      ' › Press Enter to trigger a test run.',
    ],
  },
  // Installers that keep their terminal raw, and say nothing for a while.
  'download-stalls': { lines: () => ['Resolving packages', '[####################----------] 66%'] },
  'install-stalls': { lines: () => ['[2/4] Fetching packages...'] },
  'installer-spins': { everyMs: 80, lines: (tick) => [`${spinner(tick)} idealTree: timing`] },
  // A REPL on a line editor of its own that answers, and one that is busy with its prompt still in sight.
  'psql-prompt': { lines: () => ['psql (15.8)', 'Type "help" for help.', '', 'postgres=# '] },
  'psql-more': { lines: () => ['postgres=# select 1', 'postgres-# '] },
};

const screen = SCREENS[process.argv[2]];
const began = Date.now();
let tick = 0;
let drawn = 0;
let hasRung = false;

function draw() {
  const ms = Date.now() - began;
  const lines = screen.lines(tick, ms);
  const up = drawn > 1 ? `\x1b[${drawn - 1}A` : '';
  const bell = !hasRung && ms >= (screen.bellAtMs ?? Number.POSITIVE_INFINITY) ? '\x07' : '';
  hasRung ||= bell !== '';
  process.stdout.write(`\x1b[?2026h\r${up}\x1b[J${lines.join('\r\n')}${bell}\x1b[?2026l`);
  drawn = lines.length;
}

process.stdin.setRawMode(true);
process.stdin.on('data', (bytes) => {
  if (bytes.includes(3)) process.exit(0);
});
if (screen.isWhole) process.stdout.write('\x1b[?1049h\x1b[H\x1b[?25l');
draw();
if (screen.everyMs !== undefined)
  setInterval(() => {
    tick += 1;
    draw();
  }, screen.everyMs);
