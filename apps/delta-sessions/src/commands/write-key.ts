import { command, printJson } from '../command.ts';
import { keyNames, keysInWords } from '../key-names.ts';
import { Refusal } from '../refusal.ts';
import { sendTo } from '../sending.ts';

export const writeKey = command({
  usage: 'ID KEY',
  summary: 'press a key',
  more: `Keys: ${keysInWords}.`,
  most: 2,
  examples: [
    ['delta-sessions write-key ID ctrl+c', 'interrupt what runs'],
    ['delta-sessions write-key ID arrow_down', 'move in a menu'],
  ],
  async run({ arguments: [id, name] }, around) {
    if (id === undefined || name === undefined) throw new Refusal('Missing session_id or key_name argument');
    const key = keyNames.get(name);
    if (key === undefined) {
      throw new Refusal(`Invalid key name: ${name}`, `Keys are ${[...keyNames.keys()].join(' ')}.`);
    }
    const session = await sendTo(id, around, async ({ client, target }) => {
      await client.request('session.key', { session: target, keys: key });
      return { key: name };
    });
    await printJson(around, { status: 'sent', key: name, session_id: session.id });
    return 0;
  },
});
