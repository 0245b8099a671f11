/**
 * A gateway of the test's own daemon, and a real browser on the page it serves. `test` from here hands both
 * to the test and closes them; whatever the browser complained about, a policy that was violated included,
 * fails the test unless the test says that it is part of what it does.
 *
 * To start a browser costs more than most tests, so those of a file share one; what a test has seen or kept in
 * it is its own.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
} from 'playwright-core';
import { expect } from 'vitest';
import { type Pilotty, test as pilottyTest, type Running } from '../harness/pilotty.ts';
import { needs, PATH, pathOf } from '../harness/programs.ts';
import { until } from '../harness/until.ts';

/** Debian has the one; the machines of GitHub, and many people's, the other. */
const BROWSERS = ['chromium', 'google-chrome'];

/** Nothing that reaches out, nothing kept; and no GPU, so that terminals are made of elements that can be read. */
const ARGUMENTS = [
  ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-3d-apis', '--disable-quic', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
];

/** Of each wait: only what would never have come ends by it, and says what that was before vitest ends the test. */
const DEADLINE_MS = 50_000;

export class Web {
  readonly #pilotty: Pilotty;
  readonly #browser: Browser;
  readonly #contexts: BrowserContext[] = [];
  readonly #complaints: string[] = [];
  readonly #expected: RegExp[] = [];
  #gateway: Running | undefined;
  /** Of the page, with a slash at its end. */
  url = '';

  constructor(pilotty: Pilotty, browser: Browser) {
    this.#pilotty = pilotty;
    this.#browser = browser;
  }

  /** @param words before the command, such as another host */
  async startGateway(bind: string, ...words: string[]): Promise<void> {
    const gateway = this.#pilotty.start(...words, 'serve', '--bind', bind);
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

  async killGateway(): Promise<void> {
    const { pid } = JSON.parse(this.#gateway?.stdout() ?? '') as { pid: number };
    process.kill(pid, 'SIGKILL');
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
    const context = await this.#browser.newContext({ viewport: { width: 1200, height: 800 }, ...options });
    this.#contexts.push(context);
    context.setDefaultTimeout(DEADLINE_MS);
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
    await Promise.all(this.#contexts.map((context) => context.close()));
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

/** Started for the first test that needs it. */
class SharedBrowser {
  readonly #home = mkdtempSync(join(tmpdir(), 'pt-browser-'));
  #browser: Promise<Browser> | undefined;

  open(): Promise<Browser> {
    const executablePath = BROWSERS.map(pathOf).find((path) => path !== undefined);
    if (executablePath === undefined) needs('chromium');
    this.#browser ??= chromium.launch({ executablePath, args: ARGUMENTS, env: { PATH, HOME: this.#home } });
    return this.#browser;
  }

  async close(): Promise<void> {
    await (await this.#browser)?.close();
    rmSync(this.#home, { recursive: true, force: true });
  }
}

export const test = pilottyTest.extend<{ browser: SharedBrowser; web: Web }>({
  browser: [
    // biome-ignore lint/correctness/noEmptyPattern: vitest reads from here what a fixture needs
    async ({}, use) => {
      const browser = new SharedBrowser();
      try {
        await use(browser);
      } finally {
        await browser.close();
      }
    },
    { scope: 'file' },
  ],
  web: async ({ pilotty, browser }, use) => {
    const web = new Web(pilotty, await browser.open());
    try {
      await web.startGateway('127.0.0.1:0');
      await use(web);
    } finally {
      await web.close();
    }
    // Thrown here, it would keep the daemon from being stopped.
    expect.soft(web.complaints, 'what the browser complained about').toEqual([]);
  },
});
