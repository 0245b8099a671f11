import { command, rest, sessionOf, sessionOption } from '../command.ts';
import { printJson } from '../output.ts';
import { UsageError } from '../usage-error.ts';

export const declaration = command({
  name: 'tag',
  summary: "show or change a session's tags",
  description: 'Without a change it shows the tags there are.',
  arguments: { changes: rest('+TAG adds a tag, -TAG takes it away', change) },
  options: { session: sessionOption },
  takesDashWords: true,
  examples: [
    ['pilotty tag -s build +ci +nightly', 'add two tags'],
    ['pilotty tag -s build +done -nightly', 'add one and take one away'],
    ['pilotty tag -s build', 'show them'],
  ],
  startsDaemon: true,
  async run({ changes, session }, io, client) {
    const params = {
      session: sessionOf({ session }, io),
      add: changes.filter(({ isAdded }) => isAdded).map(({ tag }) => tag),
      remove: changes.filter(({ isAdded }) => !isAdded).map(({ tag }) => tag),
    };
    await printJson(io.stdout, await client.request('session.tag', params, { signal: io.signal }));
    return 0;
  },
});

function change(word: string): { isAdded: boolean; tag: string } {
  if (word === '+' || word === '-') throw new UsageError(`has '${word}' without a tag after it`);
  const [, sign, tag] = /^([+-])(.+)$/s.exec(word) ?? [];
  if (tag === undefined)
    throw new UsageError(`has '${word}': write +${word} to add it, -${word} to take it away`);
  return { isAdded: sign === '+', tag };
}
