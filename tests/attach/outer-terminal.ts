/**
 * A person at a terminal, as tests have one: a session with a shell, in which `pilotty attach` runs. Its screen is what
 * the person sees, its modes are what their terminal was told, and what is sent to it is what they type.
 */
import type { Params, Result } from '../../packages/client/src/index.ts';
import type { Pilotty } from '../harness/pilotty.ts';
import { until } from '../harness/until.ts';

type Status = Result<'session.status'>;

export class OuterTerminal {
  readonly name: string;
  readonly #pilotty: Pilotty;

  private constructor(pilotty: Pilotty, name: string) {
    this.#pilotty = pilotty;
    this.name = name;
  }

  /** A shell with nothing on its screen but its prompt `outer> `. */
  static async open(
    pilotty: Pilotty,
    { name = 'outer', ...more }: Partial<Params<'session.spawn'>> = {},
  ): Promise<OuterTerminal> {
    const env = { ...pilotty.env, PS1: 'outer> ' };
    await pilotty.spawn(name, ['/bin/sh', '-i'], { env, background: true, ...more });
    const outer = new OuterTerminal(pilotty, name);
    await outer.shows('outer>');
    return outer;
  }

  /** Types a command line of pilotty, as it would be typed at a prompt. */
  async run(...words: string[]): Promise<void> {
    const line = [...this.#pilotty.program, ...words].map(quoted).join(' ');
    await this.type(`${line}\r`);
  }

  /** Runs `attach` and waits until it shows the session. */
  async attach(session: string, ...options: string[]): Promise<void> {
    await this.run('attach', '-s', session, ...options);
    await until(
      'the session to be attached',
      async () => (await this.#pilotty.client.request('session.status', { session })).attached.length > 0,
    );
    await until('the terminal to be taken', async () => (await this.status()).alternate_screen);
  }

  async type(bytes: string): Promise<void> {
    const data_base64 = Buffer.from(bytes, 'latin1').toString('base64');
    await this.#pilotty.client.request('session.type', { session: this.name, data_base64 });
  }

  async status(): Promise<Status> {
    return await this.#pilotty.client.request('session.status', { session: this.name });
  }

  async screen(session = this.name): Promise<string> {
    const { text = '' } = await this.#pilotty.client.request('session.snapshot', { session });
    return text;
  }

  /** Waits until the screen has the text. */
  async shows(text: string): Promise<void> {
    let last = '';
    await until(
      `'${text}' on the screen of ${this.name}`,
      async () => {
        last = await this.screen();
        return last.includes(text);
      },
      { lastSeen: () => last },
    );
  }

  /** Waits until text, styles, cursor and modes are those of another session. */
  async equals(session: string): Promise<void> {
    let seen: [unknown, unknown] = ['', ''];
    await until(
      `${this.name} to look like ${session}`,
      async () => {
        seen = [await this.#look(this.name), await this.#look(session)];
        return JSON.stringify(seen[0]) === JSON.stringify(seen[1]);
      },
      { lastSeen: () => JSON.stringify(seen, undefined, 1) },
    );
  }

  async #look(session: string): Promise<unknown> {
    const { lines, cursor } = await this.#pilotty.client.request('session.snapshot', {
      session,
      format: 'full',
      styles: true,
    });
    const { modes, title } = await this.#pilotty.client.request('session.status', { session });
    return { lines, cursor, modes, title };
  }

  /** Waits until the shell has its terminal back. */
  async isLeft(): Promise<void> {
    await until('the terminal to be given back', async () => !(await this.status()).alternate_screen);
  }
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
