/** Real programs through the SDK, by each way to a daemon. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import type { Pilotty } from '../../packages/sdk/src/index.ts';
import { test as base } from '../harness/pilotty.ts';
import { needs, program } from '../harness/programs.ts';
import { sdk } from './built.ts';
import { endGateway, openBy, type Way, ways } from './ways.ts';

const test = base.extend<{ way: Way; daemon: Pilotty }>({
  way: 'in process',
  daemon: async ({ pilotty, way }, use) => {
    const daemon = await openBy(way, pilotty);
    await use(daemon);
    await daemon.close();
    if (way === 'through a gateway') await endGateway(pilotty);
  },
});

describe.each(ways)('%s', (way) => {
  const here = test.extend<{ way: Way }>({ way });

  here('vim edits a file', async ({ daemon, pilotty }) => {
    needs('vim');
    const file = join(pilotty.home, 'notes.txt');
    writeFileSync(file, 'one apple\ntwo apples\n');
    const vim = await daemon.spawn(['vim', '-N', '-u', 'NONE', '-i', 'NONE', '-n', file], {
      size: { cols: 60, rows: 12 },
      wait: { text: 'two apples' },
      snapshot: {},
    });
    expect(vim.created?.screen?.text).toContain('one apple');
    await vim.send([':%s/apple/pear/g', 'Enter'], { wait: { text: 'two pears' } });
    expect(await vim.getByText(/(one|two) pears?/).count()).toBe(2);
    expect(await vim.getByText('two pears', { exact: true }).bounds()).toEqual({
      row: 1,
      col: 0,
      width: 9,
      height: 1,
    });
    await vim.send([':wq', 'Enter'], { wait: { exit: true } });
    expect(readFileSync(file, 'utf8')).toBe('one pear\ntwo pears\n');
    expect((await vim.status()).exit).toMatchObject({ exit_code: 0 });
  });

  here('python defines, computes, fails and recovers', async ({ daemon }) => {
    needs('python3');
    await using python = await daemon.spawn(['python3', '-q'], { wait: { prompt: true } });
    expect(await python.exec('def double(n):\n    return 2 * n\n')).toMatchObject({ error: false });
    expect(await python.exec('double(21)')).toMatchObject({ stdout: '42\n', error: false });
    const failed = await python.exec('1 / 0');
    expect(failed.error).toBe(true);
    expect(failed.stdout + failed.stderr).toContain('ZeroDivisionError');
    await python.type('double("ab")', { enter: true, wait: { text: "'abab'" } });
    expect(await python.text()).toContain("'abab'");
  });

  here('a dialog is answered by what it shows', async ({ daemon }) => {
    needs('dialog');
    const dialog = await daemon.spawn(['dialog', '--stdout', '--yesno', 'Install it?', '7', '40']);
    await dialog.getByText('Install it?').waitFor();
    const no = dialog.getByElement('button', { text: 'No' });
    expect(await no.element()).toMatchObject({ kind: 'button', text: 'No' });
    expect(await dialog.getByElement('button', { focused: true }).textContent()).toBe('Yes');
    await no.choose({ wait: { exit: true } });
    expect((await dialog.status()).exit).toMatchObject({ exit_code: 1 });
  });

  here('a click arrives where the locator has found it', async ({ daemon }) => {
    const mouse = await daemon.spawn(program('mouse.cjs', '1000', '1006'), { wait: { text: 'listening' } });
    await mouse.getByText('Cancel').click({ wait: { text: '^[<0;13;1m' } });
    await mouse
      .getByElement('button', { text: /^ok$/i })
      .click({ button: 'right', wait: { text: '^[<2;3;1m' } });
    await mouse.scroll('up', { wait: { text: '^[<64;' } });
  });

  here('output is followed to its end, to the byte', async ({ daemon }) => {
    const seq = await daemon.spawn(['sh', '-c', 'read x; seq 1 30000; printf "\\377end"'], {
      env: { LANG: 'C' },
    });
    const read = (async () => {
      const parts: Uint8Array[] = [];
      for await (const { bytes, missed_bytes: missed } of seq.followBytes({ since: 0 })) {
        expect(missed).toBeUndefined();
        parts.push(bytes);
      }
      return Buffer.concat(parts);
    })();
    await seq.key('Enter');
    const lines = Array.from({ length: 30_000 }, (_, index) => `${index + 1}\r\n`).join('');
    const bytes = await read;
    expect(bytes.subarray(0, 2).toString()).toBe('\r\n');
    expect(bytes.subarray(2, -4).toString()).toBe(lines);
    expect([...bytes.subarray(-4)]).toEqual([0xff, ...Buffer.from('end')]);
    const whole = await seq.outputBytes();
    expect(Buffer.from(whole.bytes)).toEqual(bytes);
    expect((await seq.output({ tail: 1 })).output).toContain('end');
  });

  here(
    'a program is started in the directory and with the variables that are given',
    async ({ daemon, pilotty }) => {
      const shell = await daemon.spawn(['sh', '-c', 'echo "$PWD:$GREETING"'], {
        cwd: pilotty.home,
        env: { GREETING: 'hello' },
        wait: { exit: true },
      });
      expect((await shell.output()).output).toBe(`${pilotty.home}:hello\n`);
    },
  );

  here('what is waited for and does not come is thrown, with the screen', async ({ daemon }) => {
    const cat = await daemon.spawn('cat');
    const typed = cat.type('abc', { enter: true, wait: { text: 'xyz', timeout_ms: 100 } });
    const error = await typed.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(sdk.TimeoutError);
    expect(error).toMatchObject({
      code: 'TIMEOUT',
      answer: { type: 'typed', bytes: 4 },
      screen: { text: expect.stringContaining('abc') },
      message: expect.stringMatching(/text "xyz"[\s\S]*│abc {77}│/),
    });
    const gone = cat.waitFor({ text: 'xyz' }).catch((reason: unknown) => reason);
    await cat.key('Ctrl+D');
    expect(await gone).toBeInstanceOf(sdk.SessionExitedError);
    await expect(cat.key('Enter')).rejects.toBeInstanceOf(sdk.SessionExitedError);
    await expect(daemon.attach('nobody')).rejects.toBeInstanceOf(sdk.SessionNotFoundError);
    await expect(daemon.spawn('/no/such/program')).rejects.toBeInstanceOf(sdk.SpawnFailedError);
    await expect(cat.key('Bogus+X')).rejects.toBeInstanceOf(sdk.InvalidKeyError);
  });
});
