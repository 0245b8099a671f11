/**
 * Node's own prompt. The code goes to the evaluation of the prompt itself, so that declarations stay
 * and `await` works; what it prints through process.stdout and process.stderr is turned to the channels.
 */
import { type Dialect, eraseRows, type Line, mark, REPORT_END } from './dialect.ts';

export const nodeDialect: Dialect = {
  name: 'node',
  isRepl: true,
  lineToType: (path) => `eval(require('fs').readFileSync(${JSON.stringify(path)}, 'utf8'))`,
  filesFor: (line, code) => ({ [line.files.run]: runText(line), [line.files.code]: code }),
};

function runText({ files, nonce, rows, isPty }: Line): string {
  const literal = (text: string) => JSON.stringify(text);
  return `(() => {
  const fs = require('fs');
  const { inspect } = require('util');
  const server = require('repl').repl;
  const { stdout, stderr } = process;
  const say = (text) => {
    // For reading as well: opening a FIFO to write waits for a reader.
    const reports = fs.openSync(${literal(files.say)}, 'r+');
    fs.writeSync(reports, text + ${literal(REPORT_END)});
    fs.closeSync(reports);
  };
  if (server.history[0] && server.history[0].includes(${literal(files.directory)})) server.history.shift();
  stdout.write(${literal(eraseRows(rows) + (isPty ? mark(nonce, 'begin') : ''))});
  say('begun ${nonce} ');
  const { ignoreUndefined, output } = server;
  server.ignoreUndefined = true;
  setImmediate(() => { server.ignoreUndefined = ignoreUndefined; });
  const turned = ${isPty ? '[]' : `[[stdout, ${literal(files.out)}], [stderr, ${literal(files.err)}]]`}.map(([stream, path]) => {
    const own = Object.getOwnPropertyDescriptor(stream, 'write');
    const descriptor = fs.openSync(path, 'w');
    const write = stream.write.bind(stream);
    stream.write = (data, encoding, then) => {
      const bytes = typeof data === 'string' ? Buffer.from(data, typeof encoding === 'string' ? encoding : 'utf8') : data;
      for (let at = 0; at < bytes.length; ) at += fs.writeSync(descriptor, bytes, at);
      const called = typeof encoding === 'function' ? encoding : then;
      if (called) process.nextTick(called);
      return true;
    };
    if (stream === stdout) server.output = Object.create(stdout, { write: { value: write } });
    return () => {
      delete stream.write;
      if (own) Object.defineProperty(stream, 'write', own);
      fs.closeSync(descriptor);
    };
  });
  // The prompt shows what was thrown itself, unless it is heard here.
  const heard = server._domain.listeners('error');
  server._domain.removeAllListeners('error');
  server._domain.on('error', (error) => ended(error));
  let isEnded = false;
  const ended = (error, value) => {
    if (isEnded) return;
    isEnded = true;
    server._domain.removeAllListeners('error');
    for (const listener of heard) server._domain.on('error', listener);
    if (error !== null && error !== undefined) stderr.write('Uncaught ' + inspect(error instanceof SyntaxError || !error.err ? error : error.err).split(/\\n    at (?:ContextifyScript|Script)\\.runIn/)[0] + '\\n');
    else if (value !== undefined) {
      server.last = value;
      stdout.write(inspect(value, { ...server.writer.options, colors: false }) + '\\n');
    }
    server.output = output;
    for (const back of turned) back();
    ${isPty ? `stdout.write(${literal(mark(nonce, 'end'))});` : ''}
    say('done ${nonce} ' + (error === null || error === undefined ? 0 : 1) + ' ' + process.cwd());
  };
  try {
    server.eval(fs.readFileSync(${literal(files.code)}, 'utf8'), server.context, 'exec', ended);
  } catch (error) {
    ended(error);
  }
})()`;
}
