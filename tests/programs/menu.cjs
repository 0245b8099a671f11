// A menu in the alternate screen. Up and Down change nothing but which row is highlighted: not a
// character of the text differs, and the hidden cursor stays. Enter leaves and prints the choice.
const items = ['coffee', 'tea', 'water'];
let chosen = 0;

function draw() {
  const rows = items.map((item, i) => (i === chosen ? `\x1b[7m ${item} \x1b[27m` : ` ${item} `));
  process.stdout.write(`\x1b[H${rows.join('\r\n')}\x1b[H`);
}

process.stdin.setRawMode(true);
process.stdout.write('\x1b[?1049h\x1b[?25l\x1b[2J');
draw();
process.stdin.on('data', (bytes) => {
  const keys = bytes.toString('latin1');
  if (/\x1b[[O]A/.test(keys)) chosen = Math.max(0, chosen - 1);
  if (/\x1b[[O]B/.test(keys)) chosen = Math.min(items.length - 1, chosen + 1);
  if (!/[\r\n]/.test(keys)) return draw();
  process.stdout.write(`\x1b[?25h\x1b[?1049lchose ${items[chosen]}\r\n`);
  process.stdin.setRawMode(false);
  process.stdin.destroy();
});
