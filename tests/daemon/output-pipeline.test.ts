/** Whose output is parsed when, and for how long: with a clock of the test's own. */
import { expect, test } from 'vitest';
import { OutputPipeline, type PipelineListener } from '../../packages/daemon/src/pty/output-pipeline.ts';
import { type Parsing, Scheduler } from '../../packages/daemon/src/pty/scheduler.ts';

/** A clock that stands still but for what is spent, and an event loop of single turns. */
class Loop {
  nowMs = 0;
  readonly faults: unknown[] = [];
  #turn: (() => void) | undefined;
  readonly now = () => this.nowMs;
  readonly scheduler = new Scheduler({
    now: this.now,
    failed: (error) => this.faults.push(error),
    defer: (turn) => {
      this.#turn = turn;
    },
  });

  /** @returns how long the turn took; undefined when there was none to take. */
  turn(): number | undefined {
    const turn = this.#turn;
    this.#turn = undefined;
    const began = this.nowMs;
    turn?.();
    return turn && this.nowMs - began;
  }

  all(): number[] {
    const turns: number[] = [];
    for (let took = this.turn(); took !== undefined; took = this.turn()) turns.push(took);
    return turns;
  }
}

interface Program {
  pipeline: OutputPipeline;
  /** What is on its screen. */
  text(): string;
  calls: string[];
  faults: unknown[];
}

/** A session whose output costs so much a byte. */
function programOf(loop: Loop, msPerByte: number | ((text: string) => number), scrollback = 1000): Program {
  let written = '';
  const calls: string[] = [];
  const faults: unknown[] = [];
  const screen = {
    size: { cols: 80, rows: 24 },
    scrollsAtLineEnds: true,
    topLine: 0,
    hasUndrawnLines: false,
    postpone: () => false,
    write(bytes: Uint8Array) {
      const text = Buffer.from(bytes).toString();
      loop.nowMs += typeof msPerByte === 'number' ? msPerByte * bytes.length : msPerByte(text);
      written += text;
    },
  };
  const listener: PipelineListener = {
    before: (seq) => calls.push(`before ${seq}`),
    announced: () => {},
    parsed: () => calls.push('parsed'),
    full: () => calls.push('full'),
    free: () => calls.push('free'),
    failed: (error) => faults.push(error),
  };
  const pipeline = new OutputPipeline(screen, loop.scheduler, listener, { scrollback, now: loop.now });
  return { pipeline, text: () => written, calls, faults };
}

function print({ pipeline }: Program, seq: number, text: string): void {
  pipeline.push(seq, Buffer.from(text));
  pipeline.schedule();
}

test.for([
  ['cheap', 0.00005],
  ['like a full reset of 80×24', 0.016],
  ['like a full reset of 1000×250', 0.6],
] as const)('a flood that is %s delays others by some milliseconds at a time', ([, msPerByte]) => {
  const loop = new Loop();
  const flood = programOf(loop, msPerByte);
  print(flood, 1, 'x'.repeat(64 * 1024));
  const turns = loop.all();
  expect(flood.text()).toHaveLength(64 * 1024);
  expect(Math.max(...turns)).toBeLessThan(16);
});

test('output that becomes costly in its middle delays others once, by a slice', () => {
  const loop = new Loop();
  const flood = programOf(loop, (text) => (text.match(/\x1bc/g)?.length ?? 0) * 0.06);
  // Only sequences can be dear: text alone goes in larger slices.
  print(flood, 1, 'x'.repeat(32 * 1024) + '\x1bc'.repeat(16 * 1024));
  const turns = loop.all().sort((a, b) => b - a);
  expect(turns[0]).toBeLessThan(40);
  expect(turns[3]).toBeLessThan(10);
  expect(flood.text()).toHaveLength(64 * 1024);
});

test('sessions take turns, whatever their output costs', () => {
  const loop = new Loop();
  const costly = Array.from({ length: 3 }, () => programOf(loop, 0.05));
  const quiet = programOf(loop, 0.0001);
  for (const each of costly) print(each, 1, 'x'.repeat(100_000));
  loop.turn();
  print(quiet, 1, 'ready');
  let waitedMs = 0;
  while (quiet.text() === '') waitedMs += loop.turn() ?? 0;
  expect(waitedMs).toBeLessThan(20);
  // Each of the costly ones has had about as much of the time.
  loop.turn();
  loop.turn();
  const shares = costly.map(({ text }) => text().length);
  expect(Math.max(...shares)).toBeLessThan(4 * Math.min(...shares));
});

test('order: what came before is looked at, then output counts, then listeners are asked', () => {
  const loop = new Loop();
  const program = programOf(loop, 0);
  const told: string[] = [];
  program.pipeline.follow((bytes) =>
    told.push(`${Buffer.from(bytes)} at ${program.pipeline.parsedSeq(7)} of ${program.calls.length}`),
  );
  program.pipeline.push(3, Buffer.from('one'));
  program.pipeline.push(5, Buffer.from('two'));
  expect(program.pipeline.parsedSeq(7)).toBe(2);
  expect(program.pipeline.waitingBytes).toBe(6);
  program.pipeline.schedule();
  loop.all();
  expect(program.calls).toEqual(['before 2', 'before 4', 'parsed']);
  expect(told).toEqual(['one at 7 of 2', 'two at 7 of 2']);
  expect(program.pipeline.isEmpty).toBe(true);
});

test('a program is not read while much of its output waits', () => {
  const loop = new Loop();
  const program = programOf(loop, 0.00005);
  program.pipeline.push(1, Buffer.alloc(300 * 1024, 'x'));
  expect(program.calls).toEqual(['full']);
  program.pipeline.schedule();
  loop.all();
  expect(program.calls.filter((call) => call === 'free')).toHaveLength(1);
});

test('while somebody searches, no line comes and goes before they are asked', () => {
  const loop = new Loop();
  const program = programOf(loop, 0, 0);
  const search = program.pipeline.beginSearch();
  const text = 'line\n'.repeat(500);
  let most = 0;
  let since = 0;
  program.pipeline.follow((bytes) => {
    since += Buffer.from(bytes).toString().split('\n').length - 1;
  });
  print(program, 1, text);
  for (;;) {
    const took = loop.turn();
    if (took === undefined) break;
    most = Math.max(most, since / program.calls.filter((call) => call === 'parsed').length);
  }
  expect(program.text()).toBe(text);
  // A screen of 24 rows: the turn asked once for each 22 lines.
  expect(most).toBeLessThanOrEqual(22);
  search.end();
  search.end();
  program.calls.length = 0;
  print(program, 2, text);
  loop.all();
  expect(program.calls.filter((call) => call === 'parsed')).toHaveLength(1);
});

test('where no searched word has arrived, those who search are asked as rarely as if there were none', () => {
  const loop = new Loop();
  const program = programOf(loop, 0, 0);
  program.pipeline.beginSearch('absent');
  program.pipeline.beginSearch('needle');
  const asked = (seq: number, text: string) => {
    program.calls.length = 0;
    print(program, seq, text);
    loop.all();
    return program.calls.filter((call) => call === 'parsed').length;
  };
  const text = 'line\n'.repeat(1000);
  asked(1, text);
  expect(asked(2, text)).toBe(1);
  // Cut in the middle of the word, and of the colours in it.
  expect(asked(3, `${text}a nee\x1b[3`)).toBe(1);
  expect(asked(4, `1mdle\n${text}`)).toBeGreaterThan(40);
  expect(asked(5, text)).toBe(1);
  expect(asked(6, `up\x1b[A\n${text}`)).toBeGreaterThan(1);
  expect(asked(7, text)).toBe(1);
});

test('what is waiting is parsed at once when asked, but not for ever', () => {
  const loop = new Loop();
  const [ordinary, costly] = [programOf(loop, 0.00005), programOf(loop, 0.5)];
  for (const { pipeline } of [ordinary, costly]) pipeline.push(1, Buffer.alloc(256 * 1024, 'x'));
  ordinary.pipeline.parseArrived();
  expect(ordinary.pipeline.isEmpty).toBe(true);
  loop.nowMs = 0;
  costly.pipeline.parseArrived();
  expect(costly.pipeline.isEmpty).toBe(false);
  expect(loop.nowMs).toBeLessThan(80);
});

test('who asks for the rest in the middle of a piece has it after that piece, and all see it in order', () => {
  const loop = new Loop();
  const { pipeline } = programOf(loop, 0);
  const seen: string[][] = [[], []];
  for (const [index, pieces] of seen.entries()) {
    pipeline.follow((bytes) => {
      pieces.push(Buffer.from(bytes).toString());
      if (index === 1 || pieces.length > 1) return;
      pipeline.push(2, Buffer.from('second'));
      pipeline.parseArrived();
    });
  }
  pipeline.push(1, Buffer.from('first'));
  pipeline.parseArrived();
  expect(seen).toEqual([
    ['first', 'second'],
    ['first', 'second'],
  ]);
});

test('one that throws loses what it threw at, is reported, and delays no other', () => {
  const loop = new Loop();
  const fault = new Error('from the parser');
  const broken = programOf(loop, (text) => {
    if (text.includes('!')) throw fault;
    return 0;
  });
  const other = programOf(loop, 0);
  broken.pipeline.follow(() => {
    throw new Error('from a follower');
  });
  const seen: string[] = [];
  broken.pipeline.follow((bytes) => seen.push(Buffer.from(bytes).toString()));
  print(broken, 1, '!');
  print(other, 1, 'other');
  print(broken, 2, 'later');
  loop.all();
  expect(broken.faults).toContain(fault);
  expect(broken.faults).toHaveLength(3);
  expect(broken.text()).toBe('later');
  expect(seen).toEqual(['!', 'later']);
  expect(other.text()).toBe('other');
  expect(broken.pipeline.isEmpty).toBe(true);
});

test('the scheduler goes on when one throws, and takes it up again when it asks', () => {
  const loop = new Loop();
  const parsed: string[] = [];
  const named = (name: string, throwsAt: number): Parsing => {
    let count = 0;
    return {
      parsePiece() {
        count += 1;
        if (count === throwsAt) throw new Error(name);
        parsed.push(`${name} ${count}`);
        return count < 3;
      },
    };
  };
  const broken = named('broken', 1);
  loop.scheduler.request(broken);
  loop.scheduler.request(named('sound', 0));
  loop.all();
  expect(parsed).toEqual(['sound 1', 'sound 2', 'sound 3']);
  expect(loop.faults).toMatchObject([{ message: 'broken' }]);
  loop.scheduler.request(broken);
  loop.all();
  expect(parsed.slice(3)).toEqual(['broken 2', 'broken 3']);
});

test('a session that is removed has no turn any more', () => {
  const loop = new Loop();
  const program = programOf(loop, 0);
  print(program, 1, 'never');
  program.pipeline.close();
  loop.all();
  expect(program.text()).toBe('');
});

test('what was parsed for a look is not announced again when its turn comes', () => {
  const loop = new Loop();
  const program = programOf(loop, 0.01);
  print(program, 1, 'ready> ');
  expect(program.pipeline.parsePiece()).toBe(false);
  expect(program.calls).toEqual(['before 0', 'parsed']);
  loop.all();
  expect(program.calls).toEqual(['before 0', 'parsed']);
});
