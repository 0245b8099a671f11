/** What the output stream of a test's fleet has, as any client of NATS with the right to reads it. */
import { connectNats } from '../../apps/fleet/src/nats/connect.ts';
import { until } from '../harness/until.ts';
import type { TestFleet } from './test-fleet.ts';

export interface Stored {
  subject: string;
  from: number;
  to: number;
  text: string;
}

export async function storedOutput({
  nats: { port },
}: TestFleet): Promise<{ outputs: Stored[]; bytes: number }> {
  const server = { server: `127.0.0.1:${port}`, isEncrypted: false };
  const nats = await connectNats(server, { credentials: undefined, inboxPrefix: undefined, name: 'test' });
  try {
    const { connection } = nats;
    const info = await connection.request('$JS.API.STREAM.INFO.pilotty_ci_output');
    const { state } = info.json<{ state: { first_seq: number; last_seq: number; bytes: number } }>();
    const outputs: Stored[] = [];
    for (let seq = Math.max(1, state.first_seq); seq <= state.last_seq; seq++) {
      const get = '$JS.API.DIRECT.GET.pilotty_ci_output';
      const { headers, data } = await connection.request(get, JSON.stringify({ seq }));
      // It was discarded meanwhile.
      if (headers?.code === 404) continue;
      const of = (name: string) => headers?.get(name) ?? '';
      const [from, to] = [Number(of('Pilotty-From')), Number(of('Pilotty-To'))];
      outputs.push({ subject: of('Nats-Subject'), from, to, text: Buffer.from(data).toString() });
    }
    return { outputs, bytes: state.bytes };
  } finally {
    await nats.close();
  }
}

/** Until the stream has a text of any session. */
export async function untilKept(fleet: TestFleet, text: string): Promise<void> {
  await until(`'${text}' to be kept`, async () =>
    (await storedOutput(fleet)).outputs.some((one) => one.text.includes(text)),
  );
}
