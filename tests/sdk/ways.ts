/** The three ways from the SDK to a daemon, each with a daemon of the test's own. */
import type { Pilotty } from '../../packages/sdk/src/index.ts';
import type { Pilotty as Harness } from '../harness/pilotty.ts';
import { sdk, startLocal } from './built.ts';

export type Way = 'in process' | 'over the socket' | 'through a gateway';

export const ways: Way[] = ['in process', 'over the socket', 'through a gateway'];

export async function openBy(way: Way, harness: Harness): Promise<Pilotty> {
  if (way === 'in process') return await startLocal();
  if (way === 'over the socket') return await sdk.connect({ socketDir: harness.socketDir });
  return await sdk.connect(await gatewayOf(harness));
}

export async function gatewayOf(
  harness: Harness,
  ...words: string[]
): Promise<{ url: string; token: string }> {
  const started = await harness.run('serve', '--detach', '--bind', '127.0.0.1:0', ...words);
  const { url } = JSON.parse(started.stdout || started.stderr);
  const { token } = JSON.parse((await harness.run('serve', '--show-token')).stdout);
  return { url, token };
}

/** After the test: a gateway is ended by who has started it. */
export async function endGateway(harness: Harness): Promise<void> {
  await harness.run('serve', '--stop');
}
