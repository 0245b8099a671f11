// Answers as a language model does: in bursts of a few words with pauses in between, some of them long,
// then its prompt again. The arguments are the pauses in milliseconds.
const pauses = process.argv.slice(2).map(Number);
const readline = require('node:readline');
const lines = readline.createInterface({ input: process.stdin });
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

process.stdout.write('you> ');
lines.on('line', async (question) => {
  process.stdout.write('model: ');
  for (const [index, ms] of pauses.entries()) {
    for (const word of ['some', 'words', String(index)]) process.stdout.write(`${word} `);
    await pause(ms);
  }
  process.stdout.write(`\nthat is all about ${question.length} letters.\nyou> `);
});
