/**
 * A gateway of the test's own daemon, and a real browser on the page it serves. `test` from here hands both
 * to the test and closes them; whatever the browser complained about, a policy that was violated included,
 * fails the test unless the test says that it is part of what it does.
 */
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { expect } from 'vitest';
import { type Pilotty, test as pilottyTest, type Running } from '../harness/pilotty.ts';
import { needs, pathOf } from '../harness/programs.ts';
import { until } from '../harness/until.ts';

/** Debian has the one; the machines of GitHub, and many people's, the other. */
const BROWSERS = ['chromium', 'google-chrome'];

/** Nothing that reaches out, nothing kept; and no GPU, so that terminals are made of elements that can be read. */
const ARGUMENTS = [
  ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-3d-apis', '--disable-quic', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
];

export class Web {
  readonly #pilotty: Pilotty;
  readonly #complaints: string[] = [];
  readonly #expected: RegExp[] = [];
  #browser: Browser | undefined;
  #gateway: Running | undefined;
  /** Of the page, with a slash at its end. */
  url = '';

  constructor(pilotty: Pilotty) {
    this.#pilotty = pilotty;
  }

  async open(): Promise<void> {
    const executablePath = BROWSERS.map(pathOf).find((path) => path !== undefined);
    if (executablePath === undefined) needs('chromium');
    this.#browser = await chromium.launch({ executablePath, args: ARGUMENTS, env: this.#pilotty.env });
    await this.startGateway('127.0.0.1:0');
  }

  async startGateway(bind: string): Promise<void> {
    const gateway = this.#pilotty.start('serve', '--bind', bind);
    this.#gateway = gateway;
    const ready = await until(
      'the gateway to be ready',
      () => gateway.stdout().includes('}\n') && gateway.stdout(),
    );
    this.url = (JSON.parse(ready) as { url: string }).url;
  }

  async stopGateway(): Promise<void> {
    await this.#pilotty.run('serve', '--stop');
    await this.#gateway?.answer;
  }

  /** The address that logs one browser in, once. */
  async ticketUrl(): Promise<string> {
    return (await this.#access()).url;
  }

  async token(): Promise<string> {
    return (await this.#access()).token;
  }

  /** A fresh browser on the page, not logged in. */
  async visit(url: string, options: BrowserContextOptions = {}): Promise<Page> {
    if (this.#browser === undefined) throw new Error('the browser is not open');
    const context = await this.#browser.newContext({ viewport: { width: 1200, height: 800 }, ...options });
    const page = await context.newPage();
    page.on('pageerror', (error) => this.#complaints.push(String(error.stack)));
    page.on('console', (message) => {
      if (message.type() === 'error') this.#complaints.push(message.text());
    });
    await page.goto(url);
    return page;
  }

  /** The same, logged in. */
  async visitLoggedIn(options: BrowserContextOptions = {}): Promise<Page> {
    return this.visit(await this.ticketUrl(), options);
  }

  /** What the browser says about a connection that a test breaks is no fault. */
  expectComplaint(pattern: RegExp): void {
    this.#expected.push(pattern);
  }

  /** Unexpected messages on the browser's console. */
  get complaints(): string[] {
    return this.#complaints.filter((text) => !this.#expected.some((pattern) => pattern.test(text)));
  }

  async close(): Promise<void> {
    await this.#browser?.close();
    await this.stopGateway();
  }

  async #access(): Promise<{ token: string; url: string }> {
    return (await this.#pilotty.run('serve', '--show-token')).json();
  }
}

/** The rows of the terminal that fills the page. */
export function rowsOf(page: Page): ReturnType<Page['locator']> {
  return page.locator('.terminal-place .xterm-rows > div');
}

/** Waits for a row of the terminal to contain the text. */
export async function seeRow(page: Page, text: string): Promise<void> {
  await rowsOf(page).filter({ hasText: text }).first().waitFor();
}

/** Opens a session from its card and waits until its terminal takes keys. */
export async function openSession(page: Page, name: string): Promise<void> {
  await page.getByRole('link', { name: `Open ${name}:` }).click();
  await page.locator('.xterm-helper-textarea:focus').waitFor({ state: 'attached' });
}

export const test = pilottyTest.extend<{ web: Web }>({
  web: async ({ pilotty }, use) => {
    const web = new Web(pilotty);
    try {
      await web.open();
      await use(web);
    } finally {
      await web.close();
    }
    // Thrown here, it would keep the daemon from being stopped.
    expect.soft(web.complaints, 'what the browser complained about').toEqual([]);
  },
});
