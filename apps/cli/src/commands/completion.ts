import type { Client } from '@pilotty/client';
import { type CommandTable, command, oneOf, optional, value } from '../command.ts';
import type { Io } from '../io.ts';
import { printJson } from '../output.ts';
import { UsageError } from '../usage-error.ts';

const lists = ['sessions', 'running', 'tags'] as const;

export const declaration = command({
  name: 'completion',
  summary: 'print the completion script of a shell',
  description: `Completes commands, options, values, keys, files, and the names and tags of sessions, which the script asks
the running daemon for. bash: put 'source <(pilotty completion bash)' into ~/.bashrc. zsh: put 'source <(pilotty completion
zsh)' into ~/.zshrc, after compinit. fish: 'pilotty completion fish > ~/.config/fish/completions/pilotty.fish'.`,
  arguments: { shell: optional('bash, zsh or fish', oneOf('bash', 'zsh', 'fish')) },
  options: {
    list: value(
      'KIND',
      oneOf(...lists),
      'what the scripts ask: names of sessions, of running sessions, or tags, a line each; nothing without a daemon',
    ),
  },
  examples: [
    ['source <(pilotty completion bash)', 'in ~/.bashrc'],
    ['source <(pilotty completion zsh)', 'in ~/.zshrc, after compinit'],
    ['pilotty completion fish > ~/.config/fish/completions/pilotty.fish', 'once, and after an upgrade'],
    ['pilotty completion --list sessions', 'the names that complete -s'],
  ],
  startsDaemon: false,
  answer: { only: 'type shell script list names' },
  async run({ shell, list, json }, io, client, _runLine, _calledAs, table) {
    if ((shell === undefined) === (list === undefined))
      throw new UsageError('give a shell: bash, zsh or fish', 'Such as pilotty completion bash.');
    if (list !== undefined) {
      // A key that completes must not be what makes ssh ask for a password.
      const names = io.surroundings !== undefined ? [] : await namesOf(list, io, client);
      if (json) await printJson(io.stdout, { type: 'completion_list', list, names });
      else await io.stdout.write(names.map((name) => `${name}\n`).join(''));
      return 0;
    }
    const script = await scriptOf(shell, table);
    if (json) await printJson(io.stdout, { type: 'completion', shell, script });
    else await io.stdout.write(script);
    return 0;
  },
});

async function scriptOf(shell: 'bash' | 'zsh' | 'fish' | undefined, commands: CommandTable): Promise<string> {
  const { completionTable } = await import('../completion/table.ts');
  const table = await completionTable(commands);
  if (shell === 'zsh') return (await import('../completion/zsh.ts')).zshCompletion(table);
  if (shell === 'fish') return (await import('../completion/fish.ts')).fishCompletion(table);
  return (await import('../completion/bash.ts')).bashCompletion(table);
}

/** Nothing where the daemon cannot be asked: a key that completes reports no errors. */
async function namesOf(list: (typeof lists)[number], io: Io, client: Client): Promise<string[]> {
  try {
    const { sessions } = await client.request(
      'session.list',
      { all: list !== 'running' },
      { signal: io.signal },
    );
    const names = list === 'tags' ? sessions.flatMap(({ tags }) => tags) : sessions.map(({ name }) => name);
    return [...new Set(names)].sort();
  } catch {
    io.signal.throwIfAborted();
    return [];
  }
}
