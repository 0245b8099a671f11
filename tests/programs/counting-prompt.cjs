// A program at a prompt that counts. It knows: `NUMBER + NUMBER`, `say TEXT` without a newline, `{` to begin
// a block that `}` ends, `until FILE` which waits for it, `quiet` without an answer, `quit`.
const { existsSync } = require('node:fs');
const readline = require('node:readline');
const lines = readline.createInterface({ input: process.stdin });
let count = 1;
let block;

const prompt = () => process.stdout.write(block === undefined ? `calc[${count++}]> ` : '... ');
const answers = {
  '{': () => {
    block = [];
  },
  quit: () => process.exit(7),
  quiet: () => {},
};

lines.on('line', (line) => {
  if (block !== undefined && line !== '}') block.push(line);
  else if (line === '}') {
    console.log(block.join('|'));
    block = undefined;
  } else if (answers[line]) answers[line]();
  else if (line.startsWith('say ')) process.stdout.write(line.slice(4));
  else if (line.startsWith('until ')) return waitFor(line.slice(6));
  else if (/^[\d+ ]+$/.test(line)) console.log(line.split('+').reduce((sum, part) => sum + Number(part), 0));
  else console.log(`what is '${line}'?`);
  prompt();
});

function waitFor(file) {
  console.log('waiting');
  const timer = setInterval(() => {
    if (!existsSync(file)) return;
    clearInterval(timer);
    console.log('there');
    prompt();
  }, 10);
}
prompt();
