// A screen full of cells that differ from their neighbours, all linked to an address of some length; the title
// says when they are all there.
const [cols, rows, addressLength] = process.argv.slice(2).map(Number);
if (addressLength > 0) process.stdout.write(`\x1b]8;;https://a.example/${'x'.repeat(addressLength)}\x1b\\`);
const line = '\x1b[31mx\x1b[32mx'.repeat(cols / 2);
process.stdout.write(Array(rows).fill(line).join('\r\n'));
process.stdout.write('\x1b]0;full\x07');
setInterval(() => {}, 1000);
