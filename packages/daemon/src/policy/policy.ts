/**
 * A daemon's policy: which acts of which clients it does. Asked before anything of an act is done; each decision is in the
 * audit trail before the act is, and how it ended after.
 *
 * Acts are decided in the order they came: all but spawns at once, and without waiting.
 */
import fs from 'node:fs';
import { type MethodName, type ParsedParams, RequestError } from '@pilotty/protocol';
import type { Call } from '../call.ts';
import type { SessionKeeper } from '../kept/session-keeper.ts';
import { isIn } from '../session/selection.ts';
import type { Session } from '../session/session.ts';
import { asName } from '../session/session-name.ts';
import type { SessionStore } from '../session/session-store.ts';
import { actsOf, type GovernedAct } from './acts.ts';
import type { AuditedAct, AuditTrail } from './audit.ts';
import { NOTIFIERS } from './notifiers.ts';
import { type PolicyRules, type Rule, readPolicy } from './policy-file.ts';
import { findProgram, fits, fitsProgram, type ProgramFacts } from './programs.ts';
import { TypedLines, typedText } from './typed-text.ts';

/** What a policy looks at. */
export interface Governed {
  sessions: Pick<SessionStore, 'get'>;
  kept: Pick<SessionKeeper, 'lost' | 'requireLoaded'>;
}

interface Asked {
  method: MethodName | 'rules.run';
  acts: readonly GovernedAct[];
  call: Call;
  session: Session | undefined;
  programs: readonly ProgramFacts[];
  /** The names, tags and the like by which it selects several. */
  selected: object | undefined;
  /** What it types, as lines; and alone, without what was typed before. */
  lines: readonly string[] | undefined;
  text: string | undefined;
}

interface Decision {
  decision: Rule['decision'];
  rule: string;
  say?: string | undefined;
}

/** Nothing is lost when these are done without a trail. */
const ENDS_SOMETHING: readonly GovernedAct[] = ['kill', 'signal', 'stop'];

export class Policy {
  readonly #path: string;
  readonly #audit: AuditTrail;
  readonly #governed: Governed;
  readonly #typed = new TypedLines();
  #rules: PolicyRules | RequestError;
  #version: string;

  constructor(path: string, audit: AuditTrail, governed: Governed) {
    this.#path = path;
    this.#audit = audit;
    this.#governed = governed;
    this.#version = versionOf(path);
    this.#rules = rulesOf(path);
  }

  get facts(): { file: string; rules: number | null; problem?: string } {
    this.#reload();
    const rules = this.#rules;
    if (rules instanceof RequestError) return { file: this.#path, rules: null, problem: rules.message };
    return { file: this.#path, rules: rules.rules.length };
  }

  /** Does what was asked, if that is allowed. @throws RequestError POLICY_DENIED, with nothing done */
  async govern<M extends MethodName>(
    method: M,
    params: ParsedParams<M>,
    call: Call,
    run: () => unknown,
  ): Promise<unknown> {
    const acts = actsOf(method, params);
    if (acts.length === 0) return await run();
    const text = acts.includes('type') ? typedText(method, params) : undefined;
    const session = this.#sessionOf(method, params as { session?: string });
    const lines = text === undefined ? undefined : this.#typed.with(session, text);
    const programs = acts.includes('spawn') ? await this.#programsOf(method, params, session) : [];
    const selected = selectedBy(params as Selection);
    const number = this.#decide({ method, acts, call, session, selected, programs, lines, text });
    if (session && lines) this.#typed.typed(session, lines);
    try {
      const result = await run();
      this.#ended(number, 'done', createdBy(result));
      return result;
    } catch (error) {
      this.#ended(number, error instanceof RequestError ? error.code : 'INTERNAL_ERROR');
      throw error;
    }
  }

  /**
   * A command that a rule runs, when it fires: as a spawn of its program by the client that made the rule.
   * @throws RequestError POLICY_DENIED, with nothing done
   */
  async governCommand<T>(
    { argv, cwd, path }: { argv: readonly string[]; cwd: string; path: string | undefined },
    call: Call,
    run: () => Promise<T>,
  ): Promise<T> {
    const asked = {
      method: 'rules.run',
      acts: ['spawn'],
      call,
      session: undefined,
      programs: [await findProgram(argv[0] ?? '', cwd, path)],
      selected: undefined,
      lines: undefined,
      text: undefined,
    } as const;
    const number = this.#decide(asked);
    try {
      const result = await run();
      this.#ended(number, 'done');
      return result;
    } catch (error) {
      this.#ended(number, 'INTERNAL_ERROR');
      throw error;
    }
  }

  /** What was typed of a line that is not submitted yet, for a daemon that goes on with the session. */
  lineBegunIn(session: Session): string | undefined {
    return this.#typed.pendingIn(session);
  }

  adopt(session: Session, lineBegun: string): void {
    this.#typed.typed(session, [lineBegun]);
  }

  close(): void {
    this.#audit.close();
  }

  /** @returns the number of the act in the audit trail @throws RequestError POLICY_DENIED */
  #decide(asked: Asked): number | undefined {
    const { method, acts, call, session, selected, programs, text } = asked;
    const decided = this.#decisionOn(asked);
    const isDone = decided.decision === 'allow' || (decided.decision === 'person' && isPerson(asked));
    const number = this.#audit.decided({
      method,
      acts,
      client: call.client,
      session: session?.reference,
      ...(selected && { selected }),
      ...(programs.length > 0 && { programs: programs.map(({ real, given }) => real ?? given) }),
      ...(text !== undefined && { characters: text.length }),
      decision: isDone ? 'allow' : decided.decision,
      rule: decided.rule,
    });
    if (!isDone) {
      this.#ended(number, 'POLICY_DENIED');
      throw denied(asked, decided);
    }
    if (number === undefined && !acts.some((act) => ENDS_SOMETHING.includes(act))) throw noTrail();
    return number;
  }

  /** The strictest of what is said to each of its acts. */
  #decisionOn(asked: Asked): Decision {
    this.#reload();
    const rules = this.#rules;
    if (rules instanceof RequestError)
      return {
        decision: 'deny',
        rule: 'none',
        say: `${rules.message}. Until it is corrected nothing is allowed.`,
      };
    const decisions = asked.acts.flatMap((act) =>
      act === 'spawn' && asked.programs.length > 0
        ? asked.programs.map((program) => decisionOnAct(rules, act, asked, program))
        : [decisionOnAct(rules, act, asked, undefined)],
    );
    return (
      decisions.find(({ decision }) => decision === 'deny') ??
      decisions.find(({ decision }) => decision === 'person') ??
      (decisions[0] as Decision)
    );
  }

  #reload(): void {
    const version = versionOf(this.#path);
    if (version === this.#version) return;
    this.#version = version;
    this.#rules = rulesOf(this.#path);
  }

  #ended(number: number | undefined, outcome: string, session?: AuditedAct['session']): void {
    if (number !== undefined) this.#audit.ended(number, outcome, session);
  }

  /** Undefined also where there is none of this name: the handler refuses it. */
  #sessionOf(method: MethodName, { session }: { session?: string }): Session | undefined {
    if (!method.startsWith('session.') || method === 'session.spawn') return undefined;
    try {
      return this.#governed.sessions.get(session);
    } catch {
      return undefined;
    }
  }

  async #programsOf(
    method: MethodName,
    params: ParsedParams<MethodName>,
    session: Session | undefined,
  ): Promise<ProgramFacts[]> {
    if (method === 'session.spawn') {
      const { argv, cwd, env, in: inside } = params as ParsedParams<'session.spawn'>;
      return await programsStarted({ argv, in: inside }, cwd, env.PATH);
    }
    if (method === 'daemon.upgrade') return await successorOf(params as ParsedParams<'daemon.upgrade'>);
    if (method === 'rules.add') return await programsOfRule(params as ParsedParams<'rules.add'>);
    if (session) return await programsStarted(session, session.hostDirectory, session.environment.PATH);
    const { sessions, all, scope, env } = params as ParsedParams<'sessions.restore'>;
    // As the handler does: what is not known yet could be any program.
    await this.#governed.kept.requireLoaded();
    const meant = this.#governed.kept.lost.filter(
      ({ id, name }) =>
        (all && isIn(scope, name)) || sessions?.some((word) => word === id || asName(word) === name),
    );
    const programs = meant.map((lost) => programsStarted(lost, lost.cwd, env.PATH));
    return (await Promise.all(programs)).flat();
  }
}

/** In a container it is the runtime's command that is started on this host; which file the program is there is not known. */
async function programsStarted(
  { argv, in: inside }: { argv: readonly string[]; in?: { place: string } | undefined },
  cwd: string,
  searchPath: string | undefined,
): Promise<ProgramFacts[]> {
  const program = argv[0] ?? '';
  if (inside === undefined) return [await findProgram(program, cwd, searchPath)];
  const [runtime = ''] = inside.place.split(':', 1);
  return [await findProgram(runtime, cwd, searchPath), { given: program }];
}

/** Node, and the file that it runs, which need not be executable. */
function successorOf({ node, program }: ParsedParams<'daemon.upgrade'>): Promise<ProgramFacts[]> {
  return Promise.all([
    findProgram(node ?? process.execPath, '/'),
    findProgram(program ?? process.argv[1] ?? '', '/', '', fs.constants.R_OK),
  ]);
}

/** What it would run: the command, and what shows notifications, which is sought on the path that it is given. */
function programsOfRule({ run, notify, cwd, env }: ParsedParams<'rules.add'>): Promise<ProgramFacts[]> {
  const named = [run?.argv[0] ?? [], notify ? NOTIFIERS : []].flat();
  return Promise.all(named.map((program) => findProgram(program, cwd, env.PATH)));
}

function decisionOnAct(
  { rules, otherwise }: PolicyRules,
  act: GovernedAct,
  { call, lines, text }: Asked,
  program: ProgramFacts | undefined,
): Decision {
  const rule = rules.find(
    ({ acts, clients, programs, text: pattern }) =>
      acts.includes(act) &&
      (clients === undefined || clients.some((glob) => fits(glob, call.client.label))) &&
      (programs === undefined || programs.some((glob) => program && fitsProgram(glob, program))) &&
      (pattern === undefined || [...(lines ?? []), text ?? ''].some((line) => pattern.matches(line))),
  );
  return rule === undefined
    ? { decision: otherwise, rule: 'default' }
    : { decision: rule.decision, rule: rule.name, say: rule.say };
}

/**
 * Who is attached to the session and may type: their keys come by the same connection. Not from within another session,
 * where the one who types may be anyone.
 */
function isPerson({ session, call }: Asked): boolean {
  const attachment = session?.attachments.person(call.client);
  return attachment !== undefined && attachment.inside === undefined;
}

interface Selection {
  sessions?: readonly string[] | undefined;
  tags?: readonly string[] | undefined;
  all?: boolean | undefined;
}

function selectedBy({ sessions, tags, all }: Selection): object | undefined {
  if (!(sessions || tags || all)) return undefined;
  return { ...(sessions && { sessions }), ...(tags && { tags }), ...(all && { all }) };
}

function createdBy(result: unknown): AuditedAct['session'] {
  const { type, name, session_id } = (result ?? {}) as Record<string, string>;
  return type === 'session_created' && name && session_id ? { session: name, session_id } : undefined;
}

function denied({ method, call, session }: Asked, { decision, rule, say }: Decision): RequestError {
  const where = session === undefined ? '' : ` in session '${session.name}'`;
  const what = decision === 'person' ? 'leaves this to a person' : 'does not allow this';
  const message = `The policy ${what}: ${method}${where} by ${call.client.label}, rule '${rule}'. Nothing was done`;
  const handOver = `Ask a person to do it: 'pilotty hand-over -s ${session?.name ?? 'NAME'} --until-released --message WHAT'.`;
  const suggestion = say ?? (decision === 'person' ? handOver : undefined);
  return new RequestError('POLICY_DENIED', message, {
    ...(suggestion !== undefined && { suggestion }),
    details: { rule, ...session?.reference },
  });
}

function noTrail(): RequestError {
  return new RequestError('UNAVAILABLE', 'The audit trail cannot be written; nothing was done', {
    suggestion: "Make room on the disk of the socket directory, which 'pilotty info' names.",
  });
}

function rulesOf(path: string): PolicyRules | RequestError {
  try {
    return readPolicy(path);
  } catch (error) {
    if (error instanceof RequestError) return error;
    throw error;
  }
}

/** Whether it is still the file that was read. */
function versionOf(path: string): string {
  const facts = fs.statSync(path, { throwIfNoEntry: false, bigint: true });
  return facts === undefined
    ? 'none'
    : `${facts.dev} ${facts.ino} ${facts.size} ${facts.mtimeNs} ${facts.ctimeNs}`;
}
