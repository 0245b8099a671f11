// Sets the modes given as arguments, as they stand after ESC [ ('?1003h' '>1u'), and shows on the line below what it is
// sent, with ESC as ^. Ends at Ctrl+D.
const modes = process.argv.slice(2).map((mode) => `\x1b[${mode}`);
process.stdin.setRawMode(true);
process.stdout.write(`${modes.join('')}listening\r\n`);
let received = '';
process.stdin.on('data', (bytes) => {
  received += bytes
    .toString('latin1')
    .replaceAll('\x1b', '^')
    .replace(/[\0-\x1f]/g, (c) => `<${c.charCodeAt(0)}>`);
  process.stdout.write(`\r\x1b[K${received}`);
  if (bytes.includes(4)) process.stdin.destroy();
});
