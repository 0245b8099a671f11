// Turns mouse reporting on in the modes given as arguments ('1000' '1006'), shows what it is sent with
// ESC as ^, and ends at Ctrl+D.
const modes = process.argv.slice(2);
process.stdin.setRawMode(true);
process.stdout.write(modes.map((mode) => `\x1b[?${mode}h`).join(''));
process.stdout.write('[ OK ]  [ Cancel ]\r\nlistening\r\n');
process.stdin.on('data', (bytes) => {
  process.stdout.write(`${bytes.toString('latin1').replaceAll('\x1b', '^')} `);
  if (bytes.includes(4)) process.stdin.destroy();
});
