// Runs a program on a terminal and reads what it prints, without looking at it, until the mark:
// what any terminal written for Node takes at least. Prints the milliseconds, and those of CPU time.
const { spawn } = require('node-pty');

const [mark, file, ...args] = process.argv.slice(2);
const began = performance.now();
const usedBefore = process.cpuUsage();
const program = spawn(file, args, { encoding: null, cols: 80, rows: 24 });
program.onData((bytes) => {
  // The mark comes in one write of a few bytes, so it stands at the end of what was read with it.
  if (!bytes.subarray(-64).includes(mark)) return;
  const { user, system } = process.cpuUsage(usedBefore);
  process.stdout.write(`${performance.now() - began} ${(user + system) / 1000}`);
  process.exit();
});
