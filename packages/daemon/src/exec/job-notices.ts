/**
 * bash says that a background job has ended as soon as it has waited for another program, on its stderr, and that is
 * the command's then. So what it says of jobs that ran before the command is taken out of that, by their numbers and
 * their text; jobs of the command itself are its own.
 */

/** A job of the list is `[1]+  Running                 sleep 9 &`, perhaps with a directory behind it. */
const LISTED = /^\[(?<number>\d+)\][-+ ] {2}\S+(?: \S+)* {2,}(?<text>[\s\S]*?) &(?: {2}\(wd: [^\n]*\))?\n?$/;
/** How it ended, in the language of the user, padded with spaces; and a directory as in the list. */
const STATUS = '[^\\n]{1,200}?';
const DIRECTORY = '(?: {2}\\(wd: [^\\n]*\\))?';
/** Of a pipeline whose programs ended differently, each stands on a line of its own. */
const PIPE = '(?: \\| |\\n {5,}[^\\n]{1,200}?\\| )';
/** What a notice has besides the job's text. */
const MAX_OTHER_CHARACTERS = 1000;

interface Job {
  label: string;
  notice: RegExp;
  maxLength: number;
  newlines: number;
}

export class JobNotices {
  readonly #jobs = new Map<string, Job>();
  #held = '';
  readonly #found: string[] = [];

  /** @param list of the jobs that run, as bash prints it */
  expect(list: string): void {
    const text = Buffer.from(list).toString('latin1');
    for (const entry of text.split(/^(?=\[\d+\][-+ ] )/m)) {
      const { number, text } = LISTED.exec(entry)?.groups ?? {};
      if (number !== undefined && text) this.#jobs.set(number, jobOf(number, text));
    }
  }

  /** The notices that were taken out, each on one line. */
  get found(): readonly string[] {
    return this.#found;
  }

  /** @returns the bytes without notices; what may be the beginning of one is kept back until there is more */
  filter(bytes: Buffer, isLast: boolean): Buffer {
    if (this.#jobs.size === 0 && this.#held === '') return bytes;
    // Latin-1, so that every byte stays what it is.
    const text = this.#held + bytes.toString('latin1');
    this.#held = '';
    let kept = '';
    let from = 0;
    for (let at = text.indexOf('['); at !== -1; at = text.indexOf('[', at + 1)) {
      const job = this.#jobAt(text, at);
      if (job === undefined) continue;
      if (typeof job === 'object') {
        kept += text.slice(from, at);
        from = job.end;
        at = job.end - 1;
      } else if (!isLast) {
        this.#held = text.slice(at);
        return Buffer.from(kept + text.slice(from, at), 'latin1');
      }
    }
    return Buffer.from(kept + text.slice(from), 'latin1');
  }

  /** A notice that ends at `end`, or the beginning of one; undefined where there is neither. */
  #jobAt(text: string, at: number): { end: number } | 'incomplete' | undefined {
    for (const [number, { label, notice, maxLength, newlines }] of this.#jobs) {
      if (!text.startsWith(label.slice(0, text.length - at), at)) continue;
      notice.lastIndex = at;
      const [found] = notice.exec(text) ?? [];
      if (found !== undefined) {
        this.#jobs.delete(number);
        this.#found.push(found.replace(/\s+/g, ' ').trim());
        return { end: at + found.length };
      }
      const rest = text.slice(at, at + maxLength + 1);
      if (rest.length <= maxLength && rest.split('\n').length - 1 < newlines) return 'incomplete';
    }
    return undefined;
  }
}

function jobOf(number: string, text: string): Job {
  const programs = text.split(' | ');
  const pattern = programs.map((program) => program.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join(PIPE);
  return {
    label: `[${number}]`,
    notice: new RegExp(`\\[${number}\\][-+ ] {2}${STATUS} ${pattern}${DIRECTORY}\\r?\\n`, 'y'),
    maxLength: text.length + programs.length * MAX_OTHER_CHARACTERS,
    newlines: text.split('\n').length - 1 + programs.length,
  };
}
