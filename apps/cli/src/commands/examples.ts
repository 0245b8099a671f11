import { command } from '../command.ts';
import { printJson } from '../output.ts';

const TEXT = `Edit a file in vim, as a person would:

  pilotty spawn --name editor vim notes.txt
  export PILOTTY_SESSION=editor              # from here on, no -s is needed
  pilotty wait-for notes.txt                 # vim shows the file's name when it is ready
  pilotty key i
  pilotty type 'Remember the milk.'
  pilotty snapshot --format text             # what is on the screen
  pilotty key 'Escape : w q Enter'
  pilotty status | jq .exit                  # how vim ended

Answer a question, and wait for the answer:

  pilotty spawn --name python python3 -q
  pilotty wait-for -s python '>>>'
  pilotty type -s python '6 * 7' --enter
  pilotty wait-for -s python 42

See what a key has changed:

  HASH=$(pilotty snapshot | jq .content_hash)
  pilotty key Down
  pilotty snapshot --await-change $HASH --settle 50 --format text

Run something that wants a terminal, and take its output and its exit code:

  pilotty run -t 5m npm test

Work in one shell, command by command; all that a command changes is kept:

  pilotty spawn --name work bash
  pilotty exec -s work 'cd /srv/app && export MODE=test'
  pilotty exec -s work 'npm test' > test.log 2> errors.log
  pilotty exec -s python 'import math; math.pi'

Clean up:

  pilotty kill -s python
  pilotty stop
`;

export const declaration = command({
  name: 'examples',
  summary: 'show pilotty at work',
  examples: [
    ['pilotty examples', 'a walk through an editor, a shell and a build'],
    ['pilotty spawn --help', "one command's own examples"],
  ],
  startsDaemon: false,
  async run({ json }, io) {
    if (json) await printJson(io.stdout, { type: 'examples', text: TEXT });
    else await io.stdout.write(TEXT);
    return 0;
  },
});
