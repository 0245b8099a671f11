/**
 * Stands in for PowerShell, which cannot be installed here: what it documents of its options, of the functions `prompt` and
 * PSConsoleHostReadLine, of $? and $LASTEXITCODE. It does not run the script that it is given: it has the same hooks.
 * Its commands are those of sh, `Get-Item`, which fails with an error of its own, and `Read-Host`, which asks.
 */
const { spawnSync } = require('node:child_process');
const { readFileSync } = require('node:fs');

const options = process.argv.slice(2);
const at = options.findIndex((word) => /^-c(ommand)?$/i.test(word));
const [, script] = /^try \{ \. '(.*)' \} catch \{ \}$/.exec(options.slice(at + 1).join(' ')) ?? [];
const isMarked = at >= 0 && hasHooks(readFileSync(script.replaceAll("''", "'"), 'utf8'));

const shell = {
  succeeded: true,
  code: undefined,
  errors: 0,
  history: 0,
  isStopped: false,
  before: undefined,
};

function hasHooks(text) {
  const names = [...text.matchAll(/^function Global:(\S+?)(?:\(.*)? \{$/gm)].map(([, name]) => name);
  return names.includes('prompt') && names.includes('PSConsoleHostReadLine');
}

function exitCode({ before }) {
  if (shell.history === before.history || shell.isStopped) return '';
  if (shell.succeeded) return ';0';
  if (!shell.code) return ';1';
  return shell.errors === before.errors ? `;${shell.code}` : '';
}

function prompt() {
  const text = `${process.env.PROMPT ?? `PS ${process.cwd()}>`} `;
  if (!isMarked) return text;
  const ended = shell.before && `\x1b]133;D${exitCode(shell)}\x07`;
  shell.before = undefined;
  return `${ended ?? ''}\x1b]7;file://host${encodeURI(process.cwd())}\x07\x1b]133;A\x07${text}\x1b]133;B\x07`;
}

function begins(line) {
  if (!isMarked || line.trim() === '') return;
  shell.before = { errors: shell.errors, history: shell.history };
  const shown = line.replaceAll('\\', '\\\\').replaceAll(';', '\\x3b').replaceAll('\n', '\\x0a');
  process.stdout.write(`\x1b]633;E;${shown}\x07\x1b]133;C\x07`);
}

async function run(line) {
  if (line.trim() === '') return;
  shell.history += 1;
  shell.isStopped = false;
  shell.succeeded = true;
  for (const statement of line.split(/(?<=^Get-Item .*); |\n/)) await runOne(statement.trim());
}

async function runOne(statement) {
  const [name, argument, ...more] = statement.split(' ');
  if (name === 'Get-Item') {
    shell.succeeded = false;
    if (more.length > 0) return;
    shell.errors += 1;
    console.log(`Get-Item: Cannot find path '${argument}' because it does not exist.`);
  } else if (name === 'Read-Host') {
    process.stdout.write(`${argument}: `);
    console.log(`was told ${await readLine()}`);
  } else if (name === 'cd') process.chdir(argument);
  else if (statement === '$LASTEXITCODE') console.log(shell.code);
  else {
    process.stdin.setRawMode(false);
    const { status, signal } = spawnSync('sh', ['-c', statement], { stdio: 'inherit' });
    process.stdin.setRawMode(true);
    shell.isStopped = signal === 'SIGINT';
    shell.code = status ?? 128;
    shell.succeeded = status === 0;
  }
}

/** What PSReadLine does: an unfinished statement goes on behind `>> `. */
async function readCommand() {
  let line = await readLine();
  while (line.split('{').length > line.split('}').length) {
    process.stdout.write('>> ');
    line += `\n${await readLine()}`;
  }
  return line.replaceAll(/[{}]/g, '');
}

let arrived = '';
let wake = () => {};
process.stdin.setRawMode(true).setEncoding('utf8');
process.stdin.on('data', (text) => {
  arrived += text;
  wake();
});
process.on('SIGINT', () => {});

async function readLine() {
  let line = '';
  for (;;) {
    while (arrived === '')
      await new Promise((resolve) => {
        wake = resolve;
      });
    const key = arrived[0];
    arrived = arrived.slice(1);
    if (key === '\x03') line = '';
    if (key === '\x03' || key === '\r') {
      process.stdout.write('\r\n');
      return line;
    }
    line += key;
    process.stdout.write(key);
  }
}

async function main() {
  for (;;) {
    process.stdout.write(prompt());
    const line = await readCommand();
    if (line === 'exit') process.exit(0);
    begins(line);
    await run(line);
  }
}
void main();
