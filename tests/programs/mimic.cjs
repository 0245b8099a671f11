/** A program whose prompt looks like a shell's, that understands nothing, and that Ctrl+C ends. */
const lines = require('node:readline').createInterface({ input: process.stdin, output: process.stdout });
lines.setPrompt('user@host:~$ ');
lines.on('line', () => {
  console.log('what?');
  lines.prompt();
});
lines.on('SIGINT', () => process.exit(0));
lines.prompt();
