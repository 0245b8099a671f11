/** The link that `pilotty serve` shows a person on a terminal, and its QR code. */
import { generate } from 'lean-qr';
import { expect } from 'vitest';
import { linkFor, qrCode } from '../../apps/cli/src/login-link.ts';
import { builtProgram, processTest as test } from '../harness/pilotty.ts';
import { until } from '../harness/until.ts';

const LAN = 'http://192.168.1.7:8080/#ticket=abc';

test('the code has every module of the library, with the light frame that the standard wants', () => {
  const code = generate(LAN);
  const lines = qrCode(LAN)
    .replaceAll(/\x1b\[[\d;]*m/g, '')
    .trimEnd()
    .split('\n');
  const rows = lines.flatMap((line) => [
    [...line].map((cell) => cell === '█' || cell === '▀'),
    [...line].map((cell) => cell === '█' || cell === '▄'),
  ]);
  expect(rows[0]).toHaveLength(code.size + 8);
  for (const [y, row] of rows.entries())
    expect(row, `row ${y}`).toEqual(row.map((_, x) => code.get(x - 4, y - 4)));
});

test('a phone is shown what it can open', () => {
  expect(linkFor('http://127.0.0.1:8080/#ticket=abc', 600_000)).toBe(
    '\nTo log in, within 10 minutes: http://127.0.0.1:8080/#ticket=abc\n',
  );
  const everywhere = linkFor('http://0.0.0.0:8080/#ticket=abc', 86_400_000, ['192.168.1.7']);
  expect(everywhere).toBe(`\nTo log in, within 24 hours: ${LAN}\n\n${qrCode(LAN)}`);
  expect(linkFor('http://[::]:8080/#ticket=abc', 600_000, [])).toContain('http://localhost:8080/');
});

test('on a terminal the gateway begins with a link that logs in, once', async ({ pilotty }) => {
  const argv = [process.execPath, builtProgram('pilotty.cjs'), 'serve', '--bind', '127.0.0.1:0'];
  const session = await pilotty.spawn('gateway', argv);
  const { client } = pilotty;
  const wait = await client.request('session.wait', { session, regex: 'http://\\S+#ticket=[\\w-]{43}' });
  const link = new URL(wait.match?.text ?? '');
  const logIn = async () => {
    const body = JSON.stringify({ ticket: link.hash.slice('#ticket='.length) });
    const headers = { 'content-type': 'application/json' };
    return (await fetch(new URL('login', link), { method: 'POST', headers, body })).status;
  };
  expect([await logIn(), await logIn()]).toEqual([204, 401]);
  await pilotty.run('serve', '--stop');
  await until(
    'its end',
    async () => (await client.request('session.status', { session })).state === 'exited',
  );
});
