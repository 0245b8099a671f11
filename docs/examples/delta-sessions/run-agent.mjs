/**
 * Runs an agent of this directory without a model: reads its tools from config.yaml, makes the calls of its
 * plan.json, and shows what a model would be shown.
 *
 *     node docs/examples/delta-sessions/run-agent.mjs docs/examples/delta-sessions/interactive-shell
 *
 * A tool is run as an engine runs it: stdin is a pipe with no newline at its end, arguments and options
 * follow the fixed words in the order of the parameters. The session_id of the first answer is passed
 * to every tool that takes one.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const [directory = '.'] = process.argv.slice(2);
const tools = readTools(readFileSync(join(directory, 'config.yaml'), 'utf8'));
const plan = JSON.parse(readFileSync(join(directory, 'plan.json'), 'utf8'));

let session_id;
for (const [name, ...values] of plan) {
  const tool = tools.get(name);
  if (tool === undefined) throw new Error(`config.yaml has no tool ${name}`);
  const { shown, stdin, argv } = callOf(tool, values);
  const { status, stdout, stderr, error } = spawnSync(argv[0], argv.slice(1), {
    input: stdin,
    encoding: 'utf8',
  });
  if (error) throw error;
  session_id ??= JSON.parse(stdout).session_id;
  console.log(`> ${name}(${shown.map((value) => JSON.stringify(value)).join(', ')})`);
  if (stdout !== '') console.log(stdout.replaceAll('\r\n', '\n').trimEnd());
  if (stderr !== '') console.log(`stderr: ${stderr.trimEnd()}`);
  if (status !== 0) console.log(`exit code: ${status}`);
}

function callOf({ command, parameters }, values) {
  const left = [...values];
  const argv = [...command];
  const shown = [];
  let stdin = '';
  for (const { name, inject_as, option_name } of parameters) {
    const value = name === 'session_id' ? session_id : left.shift();
    if (name !== 'session_id') shown.push(value);
    if (inject_as === 'stdin') stdin = value;
    else argv.push(...(inject_as === 'option' ? [option_name, value] : [value]));
  }
  return { shown, stdin, argv };
}

/** As much YAML as a list of tools needs. */
function readTools(yaml) {
  const tools = new Map();
  let tool;
  for (const line of yaml.split('\n')) {
    const [, dash, key, text] = /^\s+(- )?(\w+): *(.*)$/.exec(line) ?? [];
    if (key === undefined) continue;
    if (line.startsWith('  - ')) {
      tool = { command: [], parameters: [] };
      tools.set(text, tool);
    } else if (key === 'command') tool.command = text.slice(1, -1).split(', ').map(unquoted);
    else if (dash) tool.parameters.push({ [key]: text });
    else if (line.startsWith('        ')) tool.parameters.at(-1)[key] = unquoted(text);
  }
  return tools;
}

function unquoted(text) {
  return text.replace(/^"(.*)"$/, '$1');
}
