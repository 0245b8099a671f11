/**
 * Reads a project file. All that is wrong with it is found before anything is started: syntax, settings, names that there
 * are none of, dependencies in a circle.
 */
import { createHash } from 'node:crypto';
import { basename, dirname, resolve } from 'node:path';
import { nearest, parseDuration, terminalConditions } from '@pilotty/client';
import { environmentLines } from './environment-file.ts';
import { type FileProblem, invalidFile } from './file-problem.ts';
import { problemsOf } from './issues.ts';
import { LocatedValues } from './located.ts';
import { inOrder } from './order.ts';
import { type Dependency, type Project, type ProjectSession, projectTag, type Ready } from './project.ts';
import type { RegexProblem } from './regex-problem.ts';
import { MAX_NAME_LENGTH, type ProjectFile, projectFile, type SessionSettings } from './schema.ts';
import { validPart } from './valid-part.ts';

const DEFAULT_READY_MS = 60_000;

/** @throws Error that says why it cannot be read */
export type ReadText = (path: string) => Promise<string>;

interface Ground {
  project: string;
  prefix: string;
  directory: string;
  settings: ProjectFile['sessions'];
  values: LocatedValues;
  problems: FileProblem[];
  readText: ReadText;
  regexProblem: RegexProblem;
}

/**
 * @param file absolute, without symbolic links
 * @param regexProblem for who waits for its conditions; all others need no daemon to read it
 * @throws RequestError INVALID_INPUT with all that is wrong with it
 */
export async function readProject(
  file: string,
  readText: ReadText,
  regexProblem: RegexProblem = async () => undefined,
): Promise<Project> {
  const values = new LocatedValues(await readText(file));
  if (values.syntaxProblems.length > 0) throw invalidFile(file, values.syntaxProblems);
  const parsed = projectFile.safeParse(values.value, { reportInput: true });
  const issues = parsed.success ? [] : problemsOf(parsed.error.issues, values);
  const {
    name,
    prefix = '',
    settings,
  } = parsed.success ? { ...parsed.data, settings: parsed.data.sessions } : judgedPart(values.value);
  const project = name ?? projectName(basename(dirname(file)));
  const ground: Ground = {
    project,
    prefix,
    directory: dirname(file),
    settings,
    values,
    problems: [...values.nameProblems, ...issues],
    readText,
    regexProblem,
  };
  const sessions: ProjectSession[] = [];
  for (const [key, one] of Object.entries(settings)) sessions.push(await sessionOf(key, one, ground));
  await checkConditions(ground);
  const { ordered, circles } = inOrder(sessions);
  for (const circle of circles)
    report(ground, ['sessions', circle[0] ?? '', 'depends_on'], `depends on itself: ${circle.join(' → ')}`);
  if (ground.problems.length > 0) throw invalidFile(file, ground.problems);
  const environmentFiles = Object.values(settings).flatMap((one) => pathsOf(one, dirname(file)));
  return { name: project, file, environmentFiles, sessions: ordered };
}

interface JudgedPart {
  name?: string;
  prefix?: string;
  settings: ProjectFile['sessions'];
}

/** All of it is as the schema has it, or undefined. */
function judgedPart(value: unknown): JudgedPart {
  const { sessions = {}, ...more } = (validPart(projectFile, value) ?? {}) as Partial<ProjectFile>;
  const settings = Object.entries(sessions).map(([key, one]) => [key, one ?? UNREAD]);
  return { ...more, settings: Object.fromEntries(settings) as JudgedPart['settings'] };
}

/** Of a session that is no object. */
const UNREAD = { ready: undefined };

/** Where it cannot be read, or may be what a name that there is none of was meant to be. */
function saysWhenReady(settings: SessionSettings): boolean {
  return Object.keys(settings).some((name) => name === 'ready' || !SETTINGS.has(name));
}

const SETTINGS: ReadonlySet<string> = new Set(Object.keys(projectFile.shape.sessions.valueType.shape));

function isRead<T>(value: T | undefined): value is T {
  return value !== undefined;
}

/** A directory may be called in ways that a project may not. */
function projectName(directory: string): string {
  const name = directory.replace(/[^A-Za-z0-9._-]+/g, '-').replace(/^[^A-Za-z0-9]+/, '');
  return name.slice(0, 56) || 'project';
}

function report(
  { problems, values }: Ground,
  path: readonly (string | number)[],
  message: string,
  name?: string,
): void {
  problems.push(values.problem(path, message, name));
}

async function sessionOf(key: string, settings: SessionSettings, ground: Ground): Promise<ProjectSession> {
  const { project, prefix, directory } = ground;
  const { command, size, pipe = false, tags = [], record = false } = settings;
  const name = prefix + key;
  if (name.length > MAX_NAME_LENGTH && key.length <= MAX_NAME_LENGTH)
    report(ground, ['sessions'], `with its prefix the name has more than ${MAX_NAME_LENGTH} characters`, key);
  const argv = (typeof command === 'string' ? ['sh', '-c', command] : command) as [string, ...string[]];
  const cwd = resolve(directory, settings.directory ?? '');
  const env = {
    ...(await variablesOfFiles(key, settings, ground)),
    ...Object.fromEntries(
      Object.entries(settings.environment ?? {}).map(([name, value]) => [name, String(value)]),
    ),
  };
  const restartPolicy = restartPolicyOf(settings.restart);
  const ready = readyOf(settings.ready);
  const dependsOn = dependenciesOf(key, settings, ground);
  const sized = sizeOf(key, size, ground);
  if (pipe && record) report(ground, ['sessions', key, 'record'], 'needs a terminal, which pipe leaves out');
  return {
    ...{
      key,
      name,
      argv,
      cwd,
      env,
      size: sized,
      isPipe: pipe,
      restartPolicy,
      isRecorded: record,
      ready,
      dependsOn,
    },
    tags: [projectTag(project), ...tags],
    config: hashed({
      command: argv,
      directory: cwd,
      environment: env,
      size,
      tags,
      restart: restartPolicy && settings.restart,
      record,
      ...(pipe && { pipe }),
    }),
  };
}

function pathsOf({ env_file: files = [] }: Pick<SessionSettings, 'env_file'>, directory: string): string[] {
  return (typeof files === 'string' ? [files] : files.filter(isRead)).map((file) => resolve(directory, file));
}

async function variablesOfFiles(
  key: string,
  { env_file: files = [] }: SessionSettings,
  ground: Ground,
): Promise<Record<string, string>> {
  const { directory, readText } = ground;
  const variables: Record<string, string> = {};
  for (const path of pathsOf({ env_file: files }, directory)) {
    try {
      for (const line of environmentLines(await readText(path))) {
        if ('problem' in line)
          report(ground, ['sessions', key, 'env_file'], `line ${line.line} of '${path}' ${line.problem}`);
        else variables[line.name] = line.value;
      }
    } catch (error) {
      report(ground, ['sessions', key, 'env_file'], (error as Error).message);
    }
  }
  return variables;
}

function sizeOf(key: string, size: string | undefined, ground: Ground): ProjectSession['size'] {
  if (size === undefined) return undefined;
  const [cols = 0, rows = 0] = size.split('x').map(Number);
  if (cols < 2 || rows < 1 || cols > 1000 || rows > 1000)
    report(ground, ['sessions', key, 'size'], 'must be from 2x1 to 1000x1000');
  return { cols, rows };
}

function restartPolicyOf(restart: SessionSettings['restart']): ProjectSession['restartPolicy'] {
  if (restart === undefined || restart === 'no') return undefined;
  if (typeof restart === 'string') {
    const [mode, limit] = restart.split(':');
    return { mode: mode as 'on-failure' | 'always', ...(limit !== undefined && { limit: Number(limit) }) };
  }
  const { mode, limit, delay, max_delay } = restart;
  return {
    mode,
    ...(limit !== undefined && { limit }),
    ...(delay !== undefined && { delay_ms: millisecondsOf(delay) }),
    ...(max_delay !== undefined && { max_delay_ms: millisecondsOf(max_delay) }),
  };
}

/** The schema has checked that it is one. */
function millisecondsOf(duration: string): number {
  return parseDuration(duration) ?? 0;
}

function readyOf(ready: SessionSettings['ready']): Ready | undefined {
  if (ready === undefined) return undefined;
  if (typeof ready === 'string') return { conditions: { text: ready }, timeoutMs: DEFAULT_READY_MS };
  const { timeout, settle, idle, exit, ...same } = ready;
  const conditions = {
    ...same,
    ...(settle !== undefined && { settle_ms: millisecondsOf(settle) }),
    ...(idle !== undefined && { idle_ms: millisecondsOf(idle) }),
    ...(exit !== undefined && { exit: true }),
  };
  return { conditions, timeoutMs: timeout === undefined ? DEFAULT_READY_MS : millisecondsOf(timeout) };
}

/** As the file calls them: durations without their unit. */
const NEEDS_TERMINAL = terminalConditions.map((name) => name.replace(/_ms$/, ''));

async function checkConditions(ground: Ground): Promise<void> {
  const checks = Object.entries(ground.settings).flatMap(([key, { ready, pipe }]) => {
    if (ready === undefined || typeof ready === 'string') return [];
    const given = Object.entries(ready).filter(([, value]) => value !== undefined && value !== false);
    for (const [name] of pipe ? given : [])
      if (NEEDS_TERMINAL.includes(name))
        report(ground, ['sessions', key, 'ready'], 'needs a terminal, which pipe leaves out', name);
    return (['regex', 'gone_regex'] as const).flatMap((name) => {
      const given = ready[name] ?? [];
      return [given].flat().map(async (pattern, index) => {
        const problem = isRead(pattern) ? await ground.regexProblem(pattern) : undefined;
        const place = ['sessions', key, 'ready', name, ...(Array.isArray(given) ? [index] : [])];
        if (problem !== undefined) report(ground, place, problem);
      });
    });
  });
  await Promise.all(checks);
}

function dependenciesOf(key: string, { depends_on = [] }: SessionSettings, ground: Ground): Dependency[] {
  const { settings } = ground;
  const asList = Array.isArray(depends_on);
  const given: [string | undefined, Dependency['condition'] | undefined][] = asList
    ? depends_on.map((name) => [name, undefined])
    : Object.entries(depends_on);
  return given.flatMap(([name, asked], index): Dependency[] => {
    if (name === undefined) return [];
    const path = ['sessions', key, 'depends_on', asList ? index : name];
    const dependency = Object.hasOwn(settings, name) ? settings[name] : undefined;
    if (dependency === undefined) {
      const meant = nearest(name, Object.keys(settings));
      report(
        ground,
        path,
        `there is no session '${name}'${meant === undefined ? '' : `; did you mean '${meant}'?`}`,
      );
      return [];
    }
    if (asked === 'ready' && !saysWhenReady(dependency))
      report(ground, path, `'${name}' does not say when it is ready: give it a "ready", or wait for started`);
    const { restart } = dependency;
    const mode = typeof restart === 'string' ? restart.split(':')[0] : restart?.mode;
    if (asked === 'completed' && mode === 'always')
      report(ground, path, `'${name}' is always started again, and never completed`);
    return [{ key: name, condition: asked ?? (dependency.ready === undefined ? 'started' : 'ready') }];
  });
}

/** Enough to see that something is another; not to find out what it is. */
const HASH_LENGTH = 12;

function hashed(settings: Record<string, unknown>): Record<string, string> {
  const given = Object.entries(settings).filter(([, value]) => value !== undefined);
  return Object.fromEntries(
    given.map(([name, value]) => {
      const text = JSON.stringify(isPlainObject(value) ? Object.entries(value).sort() : value);
      return [name, createHash('sha256').update(text).digest('hex').slice(0, HASH_LENGTH)];
    }),
  );
}

function isPlainObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
