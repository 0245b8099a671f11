// greeter.cjs NODE PILOTTY VERSION [PROTOCOL] WORDS: runs pilotty, whose greeting then has that version.
const { spawn } = require('node:child_process');
const [node, pilotty, version, ...rest] = process.argv.slice(2);
const protocol = /^\d+$/.test(rest[0]) ? Number(rest.shift()) : undefined;
const child = spawn(node, [pilotty, ...rest], { stdio: ['inherit', 'pipe', 'inherit'] });
let text = '';
child.stdout.on('data', function greet(chunk) {
  text += chunk.toString('latin1');
  const [, before, greeting, after] = /^(\n\S+ )([^\n]*)\n(.*)$/s.exec(text) ?? [];
  if (greeting === undefined) return;
  child.stdout.off('data', greet);
  const said = JSON.parse(greeting);
  process.stdout.write(`${before}${JSON.stringify({ ...said, version, ...(protocol && { protocol }) })}\n`);
  process.stdout.write(Buffer.from(after, 'latin1'));
  child.stdout.pipe(process.stdout);
});
child.on('exit', (code) => {
  process.exitCode = code ?? 1;
});
