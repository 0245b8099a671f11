// Shows the bytes it is sent, in hexadecimal, as they come; ends at Ctrl+D.
// Arguments are modes to set first, as they stand after ESC [: '?1h' '?2004h'.
const END = 0x04;

process.stdin.setRawMode(true);
process.stdout.write(
  process.argv
    .slice(2)
    .map((mode) => `\x1b[${mode}`)
    .join(''),
);
process.stdout.write('ready\r\n');
process.stdin.on('data', (bytes) => {
  process.stdout.write(`${bytes.toString('hex')} `);
  if (bytes.includes(END)) {
    process.stdin.setRawMode(false);
    process.stdin.destroy();
  }
});
