// A person's terminal without a person: runs a program on 80x24, says its pid once READY shows, presses Enter when it gets
// a line, and prints the milliseconds from there until the mark shows. It stays until its stdin ends.
const { spawn } = require('node-pty');

const [ready, mark, file, ...args] = process.argv.slice(2);
const program = spawn(file, args, { encoding: null, cols: 80, rows: 24 });
let awaited = ready;
let beganAt = 0;
let tail = '';

program.onData((bytes) => {
  // As far as it can be a part of what is waited for.
  tail = (tail + bytes.toString('latin1')).slice(-4096);
  if (awaited === '' || !tail.includes(awaited)) return;
  tail = '';
  process.stdout.write(awaited === ready ? `${program.pid}\n` : `${performance.now() - beganAt}\n`);
  awaited = awaited === ready ? mark : '';
});
process.stdin.once('data', () => {
  beganAt = performance.now();
  program.write('\r');
});
process.stdin.once('end', () => process.exit());
