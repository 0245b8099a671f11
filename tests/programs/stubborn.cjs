// Ignores every signal that can be ignored, and has a child in a session of its own that does the
// same: what a kill of the pid, or of the group, does not reach. Prints both pids when it is ready.
const { spawn } = require('node:child_process');

for (const signal of ['SIGTERM', 'SIGHUP', 'SIGINT']) process.on(signal, () => {});
setInterval(() => {}, 60_000);
if (process.argv[2] === 'child') {
  process.stdout.write(`child ${process.pid} ready\n`);
} else {
  process.stdout.write(`parent ${process.pid} ready\n`);
  spawn(process.execPath, [__filename, 'child'], { detached: true, stdio: 'inherit' });
}
