import { expect } from 'vitest';
import { type Pilotty, test } from '../harness/pilotty.ts';
import { needs, program } from '../harness/programs.ts';

async function listening(pilotty: Pilotty, ...modes: string[]): Promise<void> {
  await pilotty.run('spawn', ...program('mouse.cjs', ...modes));
  await pilotty.run('wait-for', 'listening');
}

async function shows(pilotty: Pilotty, text: string): Promise<void> {
  const answer = await pilotty.run('wait-for', text);
  expect(answer.code, answer.transcript).toBe(0);
}

test('a click is sent as the program asked for it', async ({ pilotty }) => {
  await listening(pilotty, '1000', '1006');
  expect((await pilotty.run('click', '3', '5')).json()).toMatchObject({ type: 'clicked', row: 3, col: 5 });
  await shows(pilotty, '^[<0;6;4M^[<0;6;4m');
  await pilotty.run('click', '3', '5', '--button', 'right', '--ctrl', '--count', '2');
  await shows(pilotty, '^[<18;6;4M^[<18;6;4m^[<18;6;4M^[<18;6;4m');
});

test('what is still being drawn is clicked and chosen once it is there', async ({ pilotty }) => {
  const script =
    'stty raw -echo; printf "\\033[?1000h\\033[?1006hWhich?\\r\\n"; sleep 0.1; printf "Blue\\r\\n"; exec cat -v';
  await pilotty.run('spawn', '--name', 'late', '--wait-text', 'Which?', 'sh', '-c', script);
  expect((await pilotty.run('click', '-s', 'late', '--text', 'Blue')).json()).toMatchObject({
    row: 1,
    col: 1,
  });
});

test('a click finds an element by its ref and by its text', async ({ pilotty }) => {
  await listening(pilotty, '1000', '1006');
  const { elements } = (await pilotty.run('snapshot', '--elements')).json();
  const cancel = elements.find(({ text }: { text: string }) => text === 'Cancel');
  expect(cancel).toMatchObject({ kind: 'button', row: 0, col: 8 });
  const clicked = (await pilotty.run('click', cancel.ref)).json();
  expect(clicked.element).toMatchObject({ ref: cancel.ref, text: 'Cancel' });
  await shows(pilotty, `^[<0;${clicked.col + 1};1M`);
  expect((await pilotty.run('click', '--text', 'OK')).json().element.text).toBe('OK');
  expect((await pilotty.run('click', '--text', 'listening')).json().row).toBe(1);
  expect((await pilotty.run('click', '--text', 'nowhere')).error().code).toBe('REF_NOT_FOUND');
  expect((await pilotty.run('click', '@e99')).error().code).toBe('REF_NOT_FOUND');
});

test('a program that does not listen is sent nothing, unless it is forced', async ({ pilotty }) => {
  await listening(pilotty);
  for (const args of [
    ['click', '1', '1'],
    ['scroll', 'down'],
    ['mouse', 'move', '1', '1'],
  ]) {
    const answer = await pilotty.run(...args);
    expect(answer.code).toBe(1);
    expect(answer.error()).toMatchObject({
      code: 'MOUSE_DISABLED',
      suggestion: expect.stringContaining('choose'),
    });
  }
  await pilotty.run('click', '1', '1', '--force');
  await shows(pilotty, '^[<0;2;2M^[<0;2;2m');
});

test('outside of the screen there is nothing to click on', async ({ pilotty }) => {
  await listening(pilotty, '1000', '1006');
  expect((await pilotty.run('click', '24', '0')).error()).toMatchObject({ code: 'INVALID_INPUT' });
  expect((await pilotty.run('click', '0')).code).toBe(2);
});

test('the wheel, a drag, and moves where they are heard', async ({ pilotty }) => {
  await listening(pilotty, '1002', '1006');
  expect((await pilotty.run('scroll', 'down', '2', '--row', '1', '--col', '1')).json().by).toBe('wheel');
  await shows(pilotty, '^[<65;2;2M^[<65;2;2M');
  await pilotty.run('mouse', 'drag', '5', '5', '5', '7');
  await shows(pilotty, '^[<0;6;6M^[<32;7;6M^[<32;8;6M^[<0;8;6m');
  // Mode 1002 reports moves with a button held only.
  expect((await pilotty.run('mouse', 'move', '1', '1')).error().code).toBe('MOUSE_DISABLED');
});

test('less gets arrow keys for the wheel, as a terminal sends them', async ({ pilotty }) => {
  needs('less');
  await pilotty.run('spawn', 'sh', '-c', "printf '\\033[?1007h'; seq 1 100 | less");
  await pilotty.run('wait-for', '-r', '^23$');
  expect((await pilotty.run('scroll', 'down', '3')).json().by).toBe('arrow keys');
  await shows(pilotty, '26');
});

test('choose moves by keys, looks, and presses only what has the focus', async ({ pilotty }) => {
  needs('dialog');
  const menu = ['--menu', 'Fruit', '15', '40', '5', 'a', 'Apple', 'b', 'Banana', 'c', 'Cherry'];
  await pilotty.run(
    'spawn',
    '--name',
    'one',
    'sh',
    '-c',
    'dialog "$@" 2>answer; clear; cat answer -',
    'sh',
    ...menu,
  );
  await pilotty.run('wait-for', '-s', 'one', 'Cherry');
  const chosen = (await pilotty.run('choose', '-s', 'one', '--text', 'Cherry')).json();
  expect(chosen).toMatchObject({
    keys: ['Down', 'Down', 'Enter'],
    element: { text: 'c Cherry', focused: true },
  });
  expect((await pilotty.run('wait-for', '-s', 'one', '-r', '^c$')).code).toBe(0);
  const stale = await pilotty.run('choose', '-s', 'one', chosen.element.ref);
  expect(stale.error()).toMatchObject({ code: 'REF_STALE', details: { elements: expect.any(Array) } });
});

test('choose ticks a checkbox, and says so when no key gets there', async ({ pilotty }) => {
  needs('dialog');
  const list = ['--checklist', 'Extras', '15', '40', '5', 'm', 'Milk', 'off', 's', 'Sugar', 'off'];
  await pilotty.run('spawn', 'dialog', ...list);
  await pilotty.run('wait-for', 'Sugar');
  const { element } = (await pilotty.run('choose', '--text', 's Sugar')).json();
  const { elements } = (await pilotty.run('snapshot', '--elements', '--settle', '50')).json();
  expect(elements.find(({ ref }: { ref: string }) => ref === element.ref)).toMatchObject({
    kind: 'checkbox',
    checked: true,
  });
  await pilotty.run('kill');
  await pilotty.run('spawn', 'sh', '-c', 'stty -echo; echo "[ OK ]  [ Cancel ]"; exec sleep 1000');
  await pilotty.run('wait-for', 'Cancel');
  expect((await pilotty.run('choose', '--text', 'Cancel')).error()).toMatchObject({
    code: 'CONDITION_FAILED',
  });
});
