// Asks the terminal what programs ask at their start, one question after the other, and shows the
// answers with ESC as ^. A question that is not answered leaves the program waiting, as it does vim or fish.
const questions = [
  ['device attributes', '\x1b[c', /\x1b\[\?[\d;]*c/],
  ['secondary attributes', '\x1b[>c', /\x1b\[>[\d;]*c/],
  ['status', '\x1b[5n', /\x1b\[0n/],
  ['cursor position', '\x1b[6n', /\x1b\[\d+;\d+R/],
];

process.stdin.setRawMode(true);
let pending = '';
function ask() {
  const [question] = questions;
  if (question === undefined) {
    process.stdout.write('all answered\r\n');
    process.stdin.setRawMode(false);
    process.stdin.destroy();
    return;
  }
  process.stdout.write(`${question[0]}: `);
  process.stdout.write(question[1]);
}
process.stdin.on('data', (bytes) => {
  pending += bytes.toString('latin1');
  const answer = questions[0]?.[2].exec(pending)?.[0];
  if (answer === undefined) return;
  pending = '';
  process.stdout.write(`${answer.replace('\x1b', '^')}\r\n`);
  questions.shift();
  ask();
});
ask();
