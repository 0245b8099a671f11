/**
 * The file in which rules survive their daemon, with the requests that are still to be sent; it is ours alone, as what is kept
 * of sessions is, in the same directory. What is written is all there is by then, in one step; writes that are asked for
 * meanwhile become one.
 */
import fs from 'node:fs/promises';
import path from 'node:path';
import { methods } from '@pilotty/protocol/schemas';
import * as z from 'zod';
import { makePrivateDirectory, readPrivate, writePrivate } from '../kept/private-files.ts';
import type { PendingPost } from './posts.ts';
import type { RuleRecord } from './rule.ts';

/** A thousand rules of the longest kind, and the requests that wait. */
const MAX_FILE_BYTES = 64 * 1024 * 1024;

const record = () =>
  z.object({
    rule: z.string(),
    made_by: z.string(),
    created_at: z.string(),
    made: z.int(),
    declaration: methods['rules.add'].params,
    state: z.enum(['armed', 'done']),
    note: z.string().optional(),
    firings: z.int(),
    failures: z.int(),
    suppressed: z.int(),
    suppressed_since: z.int(),
    had_session: z.boolean(),
    last_fired_at: z.string().optional(),
    last_error: z.string().optional(),
    last_output: z.string().optional(),
  });

const post = () =>
  z.object({
    rule: z.string(),
    id: z.string(),
    url: z.string(),
    body: z.string(),
    secret: z.string().optional(),
    secret_file: z.string().optional(),
    failures: z.int(),
    next_at: z.number(),
  });

interface KeptRules {
  /** Number of the rule that was made last. */
  last: number;
  rules: RuleRecord[];
  posts: PendingPost[];
}

export class RuleFile {
  readonly #path: string;
  #writing: Promise<void> | undefined;
  /** The write after the one that is under way. */
  #next: Promise<void> | undefined;

  constructor(file: string) {
    this.#path = file;
  }

  /**
   * @returns undefined where there is none
   * @throws Error for what is no such file, or another user could have written; it is set aside
   */
  async read(): Promise<KeptRules | undefined> {
    const text = await readPrivate(this.#path, MAX_FILE_BYTES);
    if (text === undefined) return undefined;
    const file = z.object({
      version: z.literal(1),
      last: z.int(),
      rules: z.array(record()),
      posts: z.array(post()),
    });
    try {
      return file.parse(JSON.parse(text.toString()));
    } catch (error) {
      await fs.rename(this.#path, `${this.#path}.unusable`);
      throw error;
    }
  }

  /** @param contents is asked when it is written @throws what the system throws */
  write(contents: () => KeptRules): Promise<void> {
    if (this.#writing === undefined) {
      this.#writing = this.#write(contents).finally(() => {
        this.#writing = undefined;
      });
      return this.#writing;
    }
    const before = this.#writing.catch(() => {});
    this.#next ??= before.then(() => {
      this.#next = undefined;
      return this.write(contents);
    });
    return this.#next;
  }

  async #write(contents: () => KeptRules): Promise<void> {
    const kept = contents();
    if (kept.rules.length === 0 && kept.last === 0) return;
    await makePrivateDirectory(path.dirname(this.#path));
    await writePrivate(this.#path, JSON.stringify({ version: 1, ...kept }));
  }
}
