import { broadcast } from '../broadcast.ts';
import { command, rest } from '../command.ts';
import { printJson } from '../output.ts';
import { selectorOf, selectorOptions } from '../selector.ts';
import { UsageError } from '../usage-error.ts';

export const declaration = command({
  name: 'tag',
  summary: "show or change a session's tags",
  description: 'Without a change it shows the tags.',
  arguments: { changes: rest('+TAG adds a tag, -TAG takes it away', change) },
  options: selectorOptions,
  takesDashWords: true,
  examples: [
    ['pilotty tag -s build +ci +nightly', 'add two tags'],
    ['pilotty tag -s build +done -nightly', 'add one and take one away'],
    ['pilotty tag -s build', 'show them'],
  ],
  startsDaemon: true,
  async run({ changes, ...given }, io, client) {
    const params = {
      add: changes.filter(({ isAdded }) => isAdded).map(({ tag }) => tag),
      remove: changes.filter(({ isAdded }) => !isAdded).map(({ tag }) => tag),
    };
    const which = selectorOf(given, io);
    if (which.many) return broadcast('session.tag', which.many, params, io, client);
    const request = { session: which.session, ...params };
    await printJson(io.stdout, await client.request('session.tag', request, { signal: io.signal }));
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
