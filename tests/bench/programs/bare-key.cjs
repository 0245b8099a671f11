// The least that a daemon in Node does for a key: it parses a request, writes one byte to a terminal, and answers.
'use strict';
const { writeSync } = require('node:fs');
const { createServer } = require('node:net');
const { ReadStream } = require('node:tty');
const { native } = require('node-pty');

const env = Object.entries(process.env).map(([name, value]) => `${name}=${value}`);
const { fd } = native.fork('/bin/cat', [], env, '/', 80, 24, -1, -1, true, '', () => {});
new ReadStream(fd).resume();

createServer((socket) => {
  let text = '';
  socket.on('data', (bytes) => {
    text += bytes;
    const lines = text.split('\n');
    text = lines.pop();
    const answers = lines.map((line) => {
      const { id } = JSON.parse(line);
      writeSync(fd, '\r');
      const result = { type: 'keys_sent', session: 'quiet', seq: id, bytes: 1, keys: ['Enter'] };
      return `${JSON.stringify({ jsonrpc: '2.0', id, result })}\n`;
    });
    if (answers.length > 0) socket.write(answers.join(''));
  });
}).listen(process.argv[2], () => console.log('listening'));
