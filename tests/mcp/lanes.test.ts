/** The official clients walk every tool, resource and prompt, over both transports, in both versions of the protocol. */
import { expect } from 'vitest';
import { needs } from '../harness/programs.ts';
import { type Agent, lanes, test } from './agents.ts';

/** Every tool of the default profile, each with what it is for. */
async function walk(agent: Agent): Promise<void> {
  const { tools } = await agent.client.listTools();
  const used = new Set<string>();
  const ask = (name: string, given: Record<string, unknown>) => {
    used.add(name);
    return agent.ask(name, given);
  };
  expect(await ask('list', {})).toMatch(/^no sessions/);
  expect(
    await ask('spawn', {
      argv: ['bash', '--norc', '--noprofile'],
      name: 'sh',
      tags: ['t'],
      wait: { prompt: true },
    }),
  ).toMatch(/^started sh, pid \d+\noutcome: matched/);
  expect(await ask('exec', { session: 'sh', command: 'x=6; echo $((x * 7)); echo no >&2; false' })).toMatch(
    /^exit code 1.*\n42\nstderr:\nno$/,
  );
  expect(
    await ask('send', {
      session: 'sh',
      input: ['echo $x-', { text: 'Enter' }, 'Enter'],
      wait: { text: '6-Enter' },
    }),
  ).toMatch(/outcome: matched.*\n\[sh .*\]\nnew:\n.*6-Enter/s);
  expect(await ask('look', { session: 'sh' })).toMatch(
    /^\[sh · 80x24 · revision \d+ · cursor \d+,\d+\]\n *0│/,
  );
  expect(await ask('output', { session: 'sh', tail: 2 })).toContain('6-Enter');
  expect(await ask('search', { pattern: '6-Ent' })).toMatch(/sh row \d+: 6-Enter/);
  expect(await ask('wait', { session: 'sh', prompt: true, screen: 'none' })).toMatch(/^outcome: matched/);
  await ask('spawn', { argv: ['sh', '-c', 'exit 3'], name: 'job', tags: ['t'] });
  expect(await ask('wait_many', { tags: ['t'], exit: true, after: 0 })).toMatch(/job: exited, exit code 3/);
  await ask('spawn', {
    argv: [process.execPath, 'tests/programs/menu.cjs'],
    cwd: process.cwd(),
    name: 'menu',
  });
  // It takes no mouse; the answer says what it shows.
  const click = await agent.call('click', { session: 'menu', text: 'tea' });
  expect(click).toMatchObject({ isError: true, text: expect.stringMatching(/^MOUSE_DISABLED\n.*1│ tea/s) });
  used.add('click');
  expect(await ask('choose', { session: 'menu', text: 'coffee', wait: { exit: true } })).toMatch(
    /^chose list_row at 0,1 with Enter\noutcome: exited.*chose coffee/s,
  );
  expect(await ask('kill', { sessions: ['sh', 'job', 'menu'] })).toMatch(/sh: ended/);
  expect([...used].sort()).toEqual(tools.map(({ name }) => name).sort());
}

test.for(Object.keys(lanes))('%s: every tool, resource and prompt', async (lane, { connect }) => {
  needs('bash');
  const agent = await connect(lane);
  await walk(agent);
  const { client } = agent;
  const { resources } = await client.listResources();
  const screen = resources.find(({ name }) => name === 'screen of job');
  expect(screen).toBeDefined();
  const read = await client.readResource({ uri: screen?.uri.replace('screen', 'output') ?? '' });
  expect(read.contents).toMatchObject([{ mimeType: 'text/plain' }]);
  const picture = await client.readResource({ uri: `${screen?.uri}.png` });
  expect(picture.contents).toMatchObject([{ mimeType: 'image/png', blob: expect.stringMatching(/^iVBOR/) }]);
  expect((await client.listResourceTemplates()).resourceTemplates).toHaveLength(5);
  await expect(client.readResource({ uri: 'pilotty://sessions/nobody/screen' })).rejects.toThrow();
  const { prompts } = await client.listPrompts();
  for (const { name } of prompts) {
    const { messages } = await client.getPrompt({ name, arguments: { task: 'count sheep' } });
    expect(JSON.stringify(messages)).toContain('count sheep');
  }
  await expect(client.getPrompt({ name: 'nothing' })).rejects.toThrow(/nothing/);
});
