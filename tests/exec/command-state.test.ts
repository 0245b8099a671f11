/**
 * The daemon and a shell that runs a command of exec, step by step, in every order in which their steps can come.
 *
 * The daemon's look is made of single looks at the kernel and at what was reported; the shell goes on between them. A
 * daemon may be held up for any time. What must hold in each order: the shell never waits for ever, no more lines
 * are typed than are needed, and what is said of the end is true.
 */
import { expect, test } from 'vitest';
import {
  CommandState,
  type HowEnded,
  type Outer,
  type Step,
  type View,
} from '../../packages/daemon/src/exec/command-state.ts';
import type { Report } from '../../packages/daemon/src/exec/reports.ts';
import { type Choose, everyOrder } from './every-order.ts';

/** What the shell does with the line, after it has read it. */
type ShellStep =
  | 'source'
  | 'report begun'
  | 'open streams'
  | 'start command'
  | 'read terminal'
  | 'fail'
  | 'exit'
  | 'command ends'
  | 'close streams'
  | 'report done';

const ARRIVES = ['source', 'report begun', 'open streams', 'start command'] as const;
const LEAVES = ['command ends', 'close streams', 'report done'] as const;

interface Scenario {
  command: readonly ShellStep[];
  /** How often a user presses Ctrl+C, at any time. */
  interrupts?: number;
  /** The line is read by something else than the prompt. */
  isSwallowed?: boolean;
  /** What is outside of the shell, where it is not the session's own program. */
  outer?: 'runs ours' | 'at prompt' | 'never there';
  /** The shell can go at any time before it has read the line. */
  leavesEarly?: boolean;
  canAsk?: boolean;
}

const SCENARIOS: Readonly<Record<string, Scenario>> = {
  'a command': { command: [...ARRIVES, ...LEAVES] },
  'a command that reads the terminal': { command: [...ARRIVES, 'read terminal', ...LEAVES] },
  'a command that is interrupted': { command: [...ARRIVES, ...LEAVES], interrupts: 1 },
  'a command that is interrupted twice': { command: [...ARRIVES, ...LEAVES], interrupts: 2 },
  'a reading command that is interrupted': {
    command: [...ARRIVES, 'read terminal', ...LEAVES],
    interrupts: 1,
  },
  'an error that sends the shell back to its prompt': { command: [...ARRIVES, 'fail'] },
  'an exit of the session': { command: [...ARRIVES, 'exit'] },
  'an exit into a command of ours': { command: [...ARRIVES, 'exit'], outer: 'runs ours' },
  'an exit to a prompt': { command: [...ARRIVES, 'exit'], outer: 'at prompt' },
  'an exit to a prompt, interrupted': { command: [...ARRIVES, 'exit'], outer: 'at prompt', interrupts: 1 },
  'an exit into something else': { command: [...ARRIVES, 'exit'], outer: 'never there' },
  'a line that is swallowed': { command: [...ARRIVES, ...LEAVES], isSwallowed: true },
  'a session that ends before': { command: [...ARRIVES, ...LEAVES], leavesEarly: true },
  // The shell outside may get the line instead. It has the streams open when it reports, so that it is found.
  'a shell that ends before': {
    command: ['source', 'open streams', 'report begun', 'start command', ...LEAVES],
    leavesEarly: true,
    outer: 'at prompt',
  },
  'a REPL': { command: [...ARRIVES, ...LEAVES], canAsk: false },
};

/** Longer than all that the daemon waits for. */
const LONG_MS = 10_000;

/** The shell, its files and its terminal. */
class World {
  readonly scenario: Scenario;
  /** Typed, and not yet handed on by the kernel; then readable. */
  inFlight: string[] = [];
  readable: string[] = [];
  /** Left of what it runs; undefined at its prompt. */
  steps: ShellStep[] | undefined;
  isAlive = true;
  isOutside = false;
  holdsFiles = false;
  said: Report[] = [];
  ran: 'no' | 'runs' | 'ended' = 'no';
  /** As the shell has it; as the command ended. */
  status = '0';
  trueStatus: string | undefined;
  interruptsLeft: number;
  outerReport: 'none' | 'running' | 'made' = 'none';
  /** Times that a shell came to its prompt without a report that was due. */
  lostReports = 0;
  questions = 0;
  runFileIsThere = true;
  filesAreThere = true;
  fifoIsRead = true;
  /** A part of the shell that was suspended, and goes on later, may still open the FIFO. */
  lateOpens = 0;

  constructor(scenario: Scenario) {
    this.scenario = scenario;
    this.interruptsLeft = scenario.interrupts ?? 0;
  }

  get isReading(): boolean {
    if (!this.isAlive && !this.isOutside) return false;
    if (this.steps) return this.steps[0] === 'read terminal';
    return this.readable.length === 0;
  }

  get isOuterAtPrompt(): boolean {
    return !this.isAlive && this.scenario.outer === 'at prompt' && this.readable.length === 0 && !this.steps;
  }

  /** What can happen next, by name. */
  enabled(): { name: string; happen: () => void }[] {
    const events: { name: string; happen: () => void }[] = [];
    const add = (name: string, happen: () => void) => events.push({ name, happen });
    const { outer, leavesEarly } = this.scenario;
    if (this.inFlight.length > 0) add('deliver', () => this.readable.push(this.inFlight.shift() ?? ''));
    const runs = this.isAlive || outer === 'at prompt';
    if (this.steps && runs) add(`shell: ${this.steps[0]}`, () => this.#step());
    else if (this.readable.length > 0 && runs) add('shell: read line', () => this.#readLine());
    if (leavesEarly && this.isAlive && !this.steps && this.ran === 'no')
      add('shell: leaves', () => this.#exit());
    if (this.interruptsLeft > 0 && runs) add('Ctrl+C', () => this.#interrupt());
    if (this.outerReport === 'running') {
      add('outer: report', () => {
        this.outerReport = 'made';
      });
    }
    if (this.lateOpens > 0) {
      add('late: open', () => {
        this.lateOpens -= 1;
        this.#openFifo();
      });
    }
    return events;
  }

  #readLine(): void {
    const line = this.readable.shift();
    if (line === 'run' && !this.scenario.isSwallowed) this.steps = [...this.scenario.command];
    if (line === 'ask') this.steps = ['report done'];
  }

  #step(): void {
    const step = this.steps?.shift();
    switch (step) {
      case 'source':
        if (!this.runFileIsThere || !this.filesAreThere) this.#toPrompt('1');
        break;
      case 'report begun':
        this.#report({ type: 'begun' });
        break;
      case 'open streams':
        this.#openFifo();
        this.holdsFiles = true;
        break;
      case 'start command':
        this.ran = 'runs';
        break;
      case 'read terminal':
        break;
      case 'fail':
        this.#leave('1');
        break;
      case 'exit':
        this.#commandEnds('3');
        this.#exit();
        break;
      case 'command ends':
        this.#commandEnds('7');
        break;
      case 'close streams':
        this.holdsFiles = false;
        break;
      case 'report done':
        this.#report({ type: 'done', status: this.status, cwd: '/' });
        break;
    }
    if (this.steps?.length === 0) this.steps = undefined;
  }

  /** Back to the prompt, without a report. */
  #leave(status: string): void {
    this.lostReports += 1;
    this.lateOpens += this.lateOpens === 0 ? 1 : 0;
    if (this.ran === 'runs') this.#commandEnds(status);
    this.#toPrompt(status);
  }

  #commandEnds(status: string): void {
    this.ran = 'ended';
    this.status = status;
    this.trueStatus = status;
  }

  #toPrompt(status: string): void {
    this.holdsFiles = false;
    this.steps = undefined;
    this.status = status;
  }

  #interrupt(): void {
    this.interruptsLeft -= 1;
    // The kernel drops what has not been read.
    const wasAsked = [...this.readable, ...this.inFlight].includes('ask');
    const wasTyped = [...this.readable, ...this.inFlight].includes('run');
    this.readable = [];
    this.inFlight = [];
    if (this.steps) this.#leave('130');
    else if (wasAsked) this.lostReports += 1;
    if (!this.steps && !wasTyped) this.status = '130';
  }

  #exit(): void {
    this.isAlive = false;
    this.#toPrompt(this.status);
    this.readable = [];
    this.inFlight = [];
    if (this.scenario.outer === 'at prompt') this.lostReports += 1;
    if (this.scenario.outer === 'runs ours') this.outerReport = 'running';
  }

  #openFifo(): boolean {
    if (!this.filesAreThere) return false;
    if (!this.fifoIsRead) throw new Error('the shell waits for ever for a reader of its FIFO');
    return true;
  }

  #report(report: Report): void {
    if (this.#openFifo()) this.said.push(report);
  }
}

class Daemon {
  readonly state: CommandState;
  howEnded: HowEnded | undefined;
  nowMs = 0;
  pendingLine: 'run' | 'ask' | undefined = 'run';
  hasOtherInput = false;
  hasSeenEnd = false;
  readonly #world: World;
  readonly #choose: Choose;
  /** What it has seen in this look, and how long it has been as it is. */
  #seen: string[] = [];
  #changedAtMs = 0;
  readonly #view: View;

  constructor(world: World, choose: Choose) {
    this.#world = world;
    this.#choose = choose;
    this.state = new CommandState(world.scenario.canAsk ?? true);
    const { scenario } = world;
    const isInner = scenario.outer !== undefined;
    const look = <T>(name: string, value: () => T): T => {
      this.letOthersGoOn();
      const seen = value();
      this.#seen.push(`${name} ${JSON.stringify(seen)}`);
      return seen;
    };
    this.#view = {
      hasSessionEnded: () => look('session ended', () => !isInner && !world.isAlive),
      hasShellEnded: () =>
        look('ended', () => {
          const hasEnded = isInner && !world.isOutside && !world.isAlive;
          this.hasSeenEnd ||= hasEnded;
          return hasEnded;
        }),
      isReplaced: () => false,
      isReading: () => look('reading', () => world.isReading),
      holdsFiles: () => look('holds', () => world.holdsFiles),
      // A daemon that was held up finds it quiet, whatever it is.
      isQuiet: () => look('quiet', () => this.#choose('quiet', 2) === 1),
      hasOtherInput: () => look('other input', () => this.hasOtherInput),
      reports: () => look('reports', () => world.said.splice(0)),
      outer: () => look('outer', () => this.#lookOutside()),
    };
  }

  /** Everything the order of what follows depends on. */
  get key(): string {
    const { state, howEnded, pendingLine, hasOtherInput, hasSeenEnd } = this;
    const isLate = this.nowMs - this.#changedAtMs >= LONG_MS;
    return JSON.stringify([
      state.is,
      howEnded,
      pendingLine,
      hasOtherInput,
      hasSeenEnd,
      isLate,
      this.#seen,
      this.#world,
    ]);
  }

  letOthersGoOn(): void {
    for (;;) {
      const events = this.#world.enabled();
      const choice = this.#choose('others', events.length + 1);
      if (choice === 0) return;
      const event = events[choice - 1];
      if (event?.name === 'Ctrl+C') this.hasOtherInput = true;
      event?.happen();
    }
  }

  look(ms: number): void {
    this.nowMs += ms;
    const before = this.state.is;
    this.do(this.state.look(this.#view, this.nowMs));
    this.#seen = [];
    if (this.state.is !== before) this.#changedAtMs = this.nowMs;
  }

  hear(): void {
    this.do(this.state.hear(this.#world.said.splice(0)));
  }

  lineIsWritten(): void {
    const line = this.pendingLine ?? '';
    this.pendingLine = undefined;
    if (line === 'ask') this.hasOtherInput = false;
    this.#world.inFlight.push(line);
    if (line === 'run') this.state.typed();
    else {
      this.#world.questions += 1;
      this.state.asked(this.nowMs);
      this.#changedAtMs = this.nowMs;
    }
  }

  do(step: Step): void {
    if (step.do === 'withdraw') this.#world.runFileIsThere = false;
    if (step.do === 'end') this.howEnded = step.howEnded;
    if (step.do !== 'ask') return;
    if (step.isOuter) this.#world.isOutside = true;
    this.pendingLine = 'ask';
  }

  #lookOutside(): Outer {
    const { scenario, outerReport, status, isOuterAtPrompt, holdsFiles } = this.#world;
    if (scenario.outer === 'at prompt' && holdsFiles) return { is: 'running this' };
    if (scenario.outer === 'runs ours')
      return outerReport === 'made' ? { is: 'reported', status, cwd: '/' } : { is: 'running' };
    return isOuterAtPrompt ? { is: 'at prompt' } : { is: 'not there' };
  }
}

function play(scenario: Scenario, choose: Choose): void {
  const world = new World(scenario);
  const daemon: Daemon = new Daemon(world, (what, count) => choose(`${what} ${daemon.key}`, count));
  while (!daemon.howEnded) {
    const events = world.enabled();
    const canHear = world.said.length > 0;
    if (events.length === 0 && !canHear && daemon.pendingLine === undefined) break;
    const choices = [
      ...events.map(({ name, happen }) => () => {
        if (name === 'Ctrl+C') daemon.hasOtherInput = true;
        happen();
      }),
      ...(canHear ? [() => daemon.hear()] : []),
      ...(daemon.pendingLine ? [() => daemon.lineIsWritten()] : []),
      () => daemon.look(50),
      () => daemon.look(LONG_MS),
    ];
    choices[choose(daemon.key, choices.length)]?.();
  }
  settle(daemon, world);
  if (!daemon.howEnded) expect(world.steps?.[0]).toBe('read terminal');
  else checkEnd(daemon.howEnded, world, choose);
  expect(world.questions).toBeLessThanOrEqual(world.lostReports);
}

/** The others have nothing left to do: looks alone must lead to the end, unless the command waits for its user. */
function settle(daemon: Daemon, world: World): void {
  for (let looks = 0; !daemon.howEnded && looks < 20; looks++) {
    daemon.look(LONG_MS);
    if (daemon.pendingLine) daemon.lineIsWritten();
    for (let events = world.enabled(); events.length > 0; events = world.enabled()) events[0]?.happen();
  }
}

function checkEnd(howEnded: HowEnded, world: World, choose: Choose): void {
  const goOn = () => {
    for (;;) {
      const events = world.enabled();
      const choice = choose(`end ${JSON.stringify([howEnded, world])}`, events.length + 1);
      if (choice === 0) return;
      events[choice - 1]?.happen();
    }
  };
  if (howEnded.how === 'reported') {
    // Ctrl+C at the prompt just after an end that was not reported gives the shell another status.
    const statuses = [world.trueStatus, ...(world.scenario.interrupts && world.questions > 0 ? ['130'] : [])];
    expect(world.ran).not.toBe('runs');
    expect(statuses).toContain(howEnded.status);
  }
  if (howEnded.how === 'unknown' && howEnded.hasBegun) expect(world.ran).not.toBe('runs');
  if (howEnded.how === 'session ended') expect(world.isAlive).toBe(false);
  // As SourcedExecution ends: the files first, then who reads the FIFOs.
  goOn();
  world.filesAreThere = false;
  goOn();
  world.fifoIsRead = false;
  for (let events = world.enabled(); events.length > 0; events = world.enabled()) events[0]?.happen();
  if (howEnded.how === 'not begun') expect(world.ran).toBe('no');
}

test.for(Object.entries(SCENARIOS))('in every order: %s', ([, scenario]) => {
  const orders = everyOrder((choose) => play(scenario, choose));
  expect(orders).toBeGreaterThan(10);
});
