/**
 * The file of a policy: read whole, or refused with the line that is wrong. Rules are tried in their order, and the first
 * that fits an act decides; docs/security.md describes the file.
 */
import fs from 'node:fs';
import { RequestError } from '@pilotty/protocol';
import * as z from 'zod';
import { compileRegex } from '../search/regex.ts';
import { GOVERNED, type GovernedAct } from './acts.ts';

const MAX_BYTES = 256 * 1024;

export interface Rule {
  name: string;
  acts: readonly GovernedAct[];
  clients?: readonly string[] | undefined;
  programs?: readonly string[] | undefined;
  /** Found in a line that is typed. */
  text?: { matches(line: string): boolean } | undefined;
  decision: 'allow' | 'deny' | 'person';
  say?: string | undefined;
}

export interface PolicyRules {
  rules: readonly Rule[];
  otherwise: 'allow' | 'deny';
}

const words = z.array(z.string().min(1)).min(1);

const ruleSchema = z
  .strictObject({
    name: z.string().regex(/^[\w.-]{1,64}$/, 'a name is 1 to 64 letters, digits or ._-'),
    acts: z.array(z.enum(GOVERNED)).min(1),
    clients: words.optional(),
    programs: words.optional(),
    text: z.string().min(1).optional(),
    decision: z.enum(['allow', 'deny', 'person']),
    say: z.string().min(1).max(1024).optional(),
  })
  .refine(({ acts, programs }) => programs === undefined || acts.every((act) => act === 'spawn'), {
    message: "programs go with the act 'spawn' alone",
  })
  .refine(({ acts, text }) => text === undefined || acts.every((act) => act === 'type'), {
    message: "text goes with the act 'type' alone",
  })
  .refine(({ acts, decision }) => decision !== 'person' || acts.every((act) => act === 'type'), {
    message: "a person can only be asked to type: 'person' goes with the act 'type' alone",
  })
  .refine(
    ({ programs = [], decision }) =>
      decision !== 'allow' || programs.every((program) => program.startsWith('/')),
    { message: 'a rule that allows programs gives their paths: any file can have a name' },
  );

const schema = z.strictObject({
  default: z.enum(['allow', 'deny']).default('allow'),
  rules: z.array(ruleSchema).max(1000),
});

/** @throws RequestError INVALID_INPUT, which says the line; a file that others can write is refused */
export function readPolicy(path: string): PolicyRules {
  const text = readFile(path);
  const parsed = schema.safeParse(parseJson(path, text));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw malformed(path, lineOf(text, issue?.path ?? []), describe(issue));
  }
  const { rules, default: otherwise } = parsed.data;
  const again = rules.findIndex(({ name }, index) => rules.findIndex((rule) => rule.name === name) < index);
  if (again !== -1)
    throw malformed(path, lineOf(text, ['rules', again]), `another rule is called '${rules[again]?.name}'`);
  return {
    otherwise,
    rules: rules.map((rule, index) => {
      if (rule.text === undefined) return { ...rule, text: undefined };
      try {
        const regex = compileRegex(rule.text);
        return { ...rule, text: { matches: (line: string) => regex.matcher(line).find() } };
      } catch (error) {
        throw malformed(path, lineOf(text, ['rules', index]), (error as Error).message);
      }
    }),
  };
}

function readFile(path: string): string {
  let fd: number;
  try {
    fd = fs.openSync(path, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK);
  } catch (error) {
    throw unreadable(path, `cannot be read: ${(error as Error).message}`);
  }
  try {
    const facts = fs.fstatSync(fd);
    const uid = process.getuid?.() ?? -1;
    if (!facts.isFile()) throw unreadable(path, 'is not a regular file');
    if (facts.uid !== uid && facts.uid !== 0)
      throw unreadable(path, `belongs to user ${facts.uid}, not to you (${uid}) or root`);
    if (facts.mode & 0o022) throw unreadable(path, 'can be written by other users');
    if (facts.size > MAX_BYTES)
      throw unreadable(path, `has ${facts.size} bytes, and ${MAX_BYTES} is the limit`);
    return fs.readFileSync(fd, 'utf8');
  } finally {
    fs.closeSync(fd);
  }
}

function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const { message } = error as Error;
    const [, position] = /position (\d+)/.exec(message) ?? [];
    throw malformed(
      path,
      lineAt(text, position === undefined ? text.trimEnd().length : Number(position)),
      message,
    );
  }
}

function describe(issue: z.core.$ZodIssue | undefined): string {
  const place = issue?.path.slice(2).join('.');
  return `${place ? `${place}: ` : ''}${issue?.message ?? 'it is not a policy'}`;
}

/** Of a rule, where its object begins; else the first. */
function lineOf(text: string, [list, index]: readonly PropertyKey[]): number {
  if (list !== 'rules' || typeof index !== 'number') return 1;
  const tokens = text.matchAll(/"(?:[^"\\]|\\.)*"|[[\]{}]/g);
  let depth = 0;
  let rule = -1;
  for (const { 0: token, index: at } of tokens) {
    if (token === '{' || token === '[') {
      depth += 1;
      // The document, its list of rules, a rule.
      if (depth === 3 && token === '{' && ++rule === index) return lineAt(text, at);
    } else if (token === '}' || token === ']') depth -= 1;
  }
  return 1;
}

function lineAt(text: string, position: number): number {
  return text.slice(0, position).split('\n').length;
}

function malformed(path: string, line: number, problem: string): RequestError {
  return unreadable(path, `is malformed at line ${line}: ${problem}`);
}

function unreadable(path: string, problem: string): RequestError {
  return new RequestError('INVALID_INPUT', `The policy '${path}' ${problem}`, {
    suggestion: 'Correct the file that PILOTTY_POLICY names; docs/security.md has an example.',
  });
}
