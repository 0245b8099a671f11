import { command } from '../command.ts';
import { printJson } from '../output.ts';

export const declaration = command({
  name: 'agent-context',
  summary: 'print commands, options, conditions and errors as JSON',
  description: `Everything that the help says, as one object for programs: commands with their arguments, options and
examples, conditions to wait for, exit codes, errors, keys, variables and limits. An agent that reads text needs less: pilotty
help agents.`,
  examples: [
    ["pilotty agent-context | jq -r '.commands[].name'", 'the names of all commands'],
    ['pilotty agent-context | jq \'.commands[] | select(.name == "send")\'', 'one command'],
    ['pilotty agent-context --fields errors,exit_codes', 'a part of it'],
  ],
  startsDaemon: false,
  answer: {
    only: `type version protocol guide commands{*} options_of_every_command{*} shared_options{*} conditions{*}
      exit_codes{code meaning} errors{code exit_code http_status meaning suggestion} keys{modifiers names}
      environment{name meaning} limits{*}`,
  },
  async run(_given, io, _client, _runLine, _calledAs, table) {
    const { agentContext } = await import('../agent-context.ts');
    await printJson(io.stdout, await agentContext(table));
    return 0;
  },
});
