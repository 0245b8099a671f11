/**
 * Stands for a coding agent: an input line while it is idle, a spinner that is drawn every 80 ms while it works, a box with
 * options while it asks. It works from Enter on; then `a` has it ask, `d` be done, `n` be done with a notification, and `s`
 * be done while its spinner goes on. An answer has it work again.
 *
 * As one agent it draws a frame around its input line and hides the cursor; as the other it has a status line with a clock.
 */
const kind = process.argv[2] ?? 'framed';
const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
let state = 'idle';
let tick = 0;
let started = Date.now();
let drawn = 0;
let spins = false;

const idleLines = {
  framed: [
    '╭──────────────────────────────────────╮',
    '│ >                                    │',
    '╰──────────────────────────────────────╯',
    '  ? for shortcuts',
  ],
  lined: ['› ', '', `  100% context left`],
};
const questions = {
  framed: [
    '╭──────────────────────────────────────╮',
    '│ Bash command                         │',
    '│   rm -r build                        │',
    '│ Do you want to proceed?              │',
    '│ ❯ 1. Yes                             │',
    '│   2. Yes, and do not ask again       │',
    '│   3. No, and say why                 │',
    '╰──────────────────────────────────────╯',
  ],
  lined: [
    'Allow command?',
    '  rm -r build',
    '› 1. Yes',
    '  2. No, and tell it what to do',
    '  Press Enter to confirm',
  ],
};

function lines() {
  const spinner = `${FRAMES[tick % FRAMES.length]} Working… (${Math.floor((Date.now() - started) / 1000)}s • esc to interrupt)`;
  const shown = state === 'asking' ? questions[kind] : idleLines[kind];
  const isSpinning = state === 'working' || spins;
  const clock = kind === 'lined' && state !== 'working' ? [new Date().toISOString().slice(11, 19)] : [];
  return [...(isSpinning ? [spinner] : []), ...shown, ...clock];
}

/** As terminals of agents are drawn: up over what was drawn last, and all of it again. */
function draw() {
  const now = lines();
  const up = drawn > 1 ? `\x1b[${drawn - 1}A` : '';
  process.stdout.write(`\x1b[?2026h\r${up}\x1b[J${now.join('\r\n')}\x1b[?2026l`);
  drawn = now.length;
}

process.stdin.setRawMode(true);
process.stdin.on('data', (bytes) => {
  for (const key of bytes.toString()) {
    if (key === '\x03') process.exit(0);
    if (state === 'idle' && key === '\r') {
      spins = false;
      state = 'working';
      started = Date.now();
    } else if (state === 'working' && 'adns'.includes(key)) {
      state = key === 'a' ? 'asking' : 'idle';
      spins = key === 's';
      if (key === 'n') process.stdout.write('\x1b]777;notify;Agent;Turn complete\x07');
    } else if (state === 'asking' && (key === '\r' || /[1-3]/.test(key))) state = 'working';
  }
  draw();
});
setInterval(() => {
  tick += 1;
  if (state === 'working' || spins || (kind === 'lined' && tick % 12 === 0)) draw();
}, 80);
process.stdout.write(`${kind === 'framed' ? '\x1b[?25l' : ''}Welcome.\r\n\r\n`);
draw();
