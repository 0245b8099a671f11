// A daemon that is to take over and fails, at the step that its first argument names.
const net = require('node:net');

const [step] = process.argv.slice(2);
const control = new net.Socket({ fd: 3 });
const say = (said) => control.write(`${JSON.stringify(said)}\n`);
const loaded = { type: 'loaded', formats: [1], version: '99.0.0' };
let received = '';
control.on('error', () => {});
control.on('close', () => process.exit(0));

if (step === 'exits') process.exit(3);
if (step === 'closes') control.destroy();
if (step === 'malformed') control.write('what\n');
if (step === 'unordered') say({ type: 'serving', pid: process.pid });
if (step === 'format') say({ ...loaded, formats: [99] });
if (['cut', 'refuses', 'ready', 'go', 'waits'].includes(step)) {
  say(loaded);
  control.on('data', (bytes) => {
    if (step === 'cut') process.exit(1);
    received += bytes;
    const lines = received.split('\n');
    const isWhole = lines.length > 1 && lines.length - 2 >= JSON.parse(lines[0]).sessions;
    if (!isWhole) return;
    if (step === 'refuses') return say({ type: 'refused', reason: 'it does not like it' });
    if (step === 'go' && lines.includes('go')) process.exit(1);
    if (step !== 'waits' && !lines.includes('go')) say({ type: 'ready' });
    if (step === 'ready') process.exit(1);
  });
}
