import { command } from '../command.ts';
import { printJson } from '../output.ts';

const TEXT = `Edit a file in vim, as a person would:

  pilotty spawn --name editor vim notes.txt
  pilotty wait-for -s editor notes.txt       # vim shows the file's name when it is ready
  pilotty send -s editor 'iRemember the milk.' Escape -f new      # text and keys; what is new on the screen
  pilotty snapshot -s editor --format text   # all of the screen
  pilotty send -s editor ':wq' Enter --wait-exit -q
  pilotty status -s editor | jq .exit        # how vim ended

Answer a question, and wait for the answer:

  pilotty spawn --name python python3 -q
  export PILOTTY_SESSION=python              # from here on, no -s is needed
  pilotty wait-for '>>>'
  pilotty type '6 * 7' --enter --wait-text 42

See what a key has changed:

  HASH=$(pilotty snapshot | jq .content_hash)
  pilotty key Enter
  pilotty snapshot --await-change $HASH --settle 50ms --format text

Run something that wants a terminal, and take its output and its exit code:

  pilotty run -t 5m stty size

Work in one shell, command by command; all that a command changes is kept:

  pilotty spawn --name work bash
  pilotty exec -s work 'cd /tmp && export MODE=test'
  pilotty exec -s work 'echo "$MODE in $PWD"' > out.log 2> errors.log
  pilotty exec -s python 'import math; math.pi'

Clean up:

  pilotty kill -s python
  pilotty stop

An AI agent finds what it needs on a page: pilotty help agents
`;

export const declaration = command({
  name: 'examples',
  summary: 'show typical sessions',
  examples: [
    ['pilotty examples', 'a walk through an editor, a prompt and a shell'],
    ['pilotty spawn --help', "one command's own examples"],
  ],
  startsDaemon: false,
  async run({ json }, io) {
    if (json) await printJson(io.stdout, { type: 'examples', text: TEXT });
    else await io.stdout.write(TEXT);
    return 0;
  },
});
