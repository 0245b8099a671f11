// Shows in hexadecimal what each of its reads took: what came within 20 ms comes in one, as in a program that
// tells a paste from typing by what it reads at once.
const fs = require('node:fs');

const pause = new Int32Array(new SharedArrayBuffer(4));
const buffer = Buffer.alloc(1000);
process.stdin.setRawMode(true);
process.stdout.write('ready\r\n');
for (;;) {
  Atomics.wait(pause, 0, 0, 20);
  let length = 0;
  try {
    length = fs.readSync(0, buffer);
  } catch (error) {
    if (error.code !== 'EAGAIN') throw error;
    continue;
  }
  if (length === 0 || buffer[0] === 0x04) break;
  fs.writeSync(1, `<${buffer.toString('hex', 0, length)}>\r\n`);
}
