import { type Benchmark, interleave } from '../benchmark.ts';
import { floodProduct } from '../floods.ts';
import { cpuTimeOf } from '../gate/cpu-time.ts';
import { type Product, withProduct } from '../product.ts';
import { row } from '../summary.ts';

const RULES = 1000;

/** Each line has the moment at which it is printed, in seconds since 1970; bash tells it without another program. */
const TICKS = 'stty -echo; echo ready; while read -r n; do echo "tick $n $EPOCHREALTIME."; done';
/** Prints the moment at which it runs. */
const CLOCK = ['date', '+%s.%N'];

/** Rules that never fire, half of them over all sessions that are called so. */
async function addIdleRules({ client }: Product, pattern: string, count: number): Promise<void> {
  for (let number = 0; number < count; number++)
    await client.request('rules.add', {
      sessions: [number % 2 === 0 ? pattern : `${pattern.slice(0, -1)}${number % 100}`],
      repeat: 'each',
      ...(number % 4 === 3 ? { regex: `never [0-9]+ ${number}` } : { text: `never ${number}` }),
    });
}

export const rules: Benchmark = {
  name: 'rules',
  title: `With ${RULES} rules, half of them over every session: from a line that is printed to the command of a rule that has started and tells the time (its start by the daemon, through a shell that closes its input, and the start of date are included), and CPU time of the daemon for a flood in a session of none.`,
  run: ({ dist, isFull }) =>
    withProduct(dist, async (product) => {
      if (process.platform !== 'linux') return [];
      const { client } = product;
      const { PATH = '' } = product.place.env;
      const sessions = isFull ? 100 : 20;
      const pid = await product.daemonPid();
      const flood = () => floodProduct(product, 'seq 1 2000000', (work) => cpuTimeOf(pid, work));
      const { none } = await interleave(isFull ? 10 : 3, { none: flood });
      for (let number = 0; number < sessions; number++)
        await product.spawn(`s${number}`, 'bash', '-c', TICKS);
      for (let number = 0; number < sessions; number++) await product.shows(`s${number}`, 'ready');
      await addIdleRules(product, 's*', RULES - sessions);
      // One for each session: a rule may not fire as often as all of them do here.
      const firing: { rule: string; told: string }[] = [];
      for (let number = 0; number < sessions; number++) {
        const { rule } = await client.request('rules.add', {
          sessions: [`s${number}`],
          regex: 'tick [0-9]+ ([0-9.]+)[.]',
          repeat: 'each',
          env: { PATH },
          run: { argv: CLOCK },
        });
        firing.push({ rule, told: '' });
      }
      const rounds = isFull ? 1000 : 100;
      const samples: number[] = [];
      let after = 0;
      for (let round = 0; round < rounds; round++) {
        const number = round % sessions;
        const session = `s${number}`;
        const of = firing[number] as (typeof firing)[number];
        await client.request('session.type', { session, text: String(round), enter: true });
        const { event_cursor, rule_events } = await client.request('rules.wait', { after });
        after = event_cursor;
        const [, , printed = ''] = rule_events[0]?.match_text?.split(' ') ?? [];
        of.told = await toldAfter(of.told, product, of.rule);
        samples.push((Number(of.told) - Number.parseFloat(printed)) * 1000);
      }
      const { many } = await interleave(isFull ? 10 : 3, { many: flood });
      return [
        row({ what: 'a command after the line, median', unit: 'ms', samples }),
        row({ what: 'a command after the line, p99', unit: 'ms', samples, quantile: 0.99, atMost: 20 }),
        row({
          what: 'a flood besides, CPU',
          unit: 'ms',
          samples: many,
          against: { what: 'without rules', samples: none },
          atMost: 1.05,
        }),
      ];
    }),
};

/** What the command has printed that ran last, once it is not `before`. */
async function toldAfter(before: string, { client }: Product, rule: string): Promise<string> {
  for (;;) {
    const { rules: known } = await client.request('rules.list', { rules: [rule] });
    const told = known[0]?.last_output;
    if (told !== undefined && told !== before) return told;
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
