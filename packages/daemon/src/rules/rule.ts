/** What a rule is, and what is known of it: plain values, so that they can be written down and handed over. */
import { ALL_SCOPES, type Exit, type ParsedParams, type Result } from '@pilotty/protocol';

export type Declaration = ParsedParams<'rules.add'>;
export type RuleFacts = Result<'rules.list'>['rules'][number];

export interface RuleRecord {
  rule: string;
  made_by: string;
  created_at: string;
  /** The moment it was made. */
  made: number;
  declaration: Declaration;
  state: 'armed' | 'done';
  note?: string | undefined;
  firings: number;
  failures: number;
  suppressed: number;
  /** Of `suppressed`, those since it fired last. */
  suppressed_since: number;
  /** A session that it is about has been there. */
  had_session: boolean;
  last_fired_at?: string | undefined;
  last_error?: string | undefined;
  last_output?: string | undefined;
}

/** One time that a rule fires, with all that its actions say. */
export interface Firing {
  rule: string;
  fired: 'met' | 'ended' | 'test';
  met: string[];
  /** The session as it was called then; undefined where a rule that watches none is tried. */
  session?: { id: string; name: string; tags: string[] } | undefined;
  match_text?: string | undefined;
  /** The row of the screen that it stands on. */
  line?: string | undefined;
  exit?: Exit | undefined;
  screen: string;
  event_cursor: number;
  occurred_at: string;
}

export type ActionName = 'run' | 'input' | 'post' | 'notify';

export interface ActionResult {
  ok: boolean;
  reason?: string;
  output?: string;
}

export function newRecord(id: string, madeBy: string, made: number, declaration: Declaration): RuleRecord {
  const created_at = new Date(made / 1000).toISOString();
  return {
    ...{ rule: id, made_by: madeBy, created_at, made, declaration },
    ...{ state: 'armed', firings: 0, failures: 0, suppressed: 0, suppressed_since: 0 },
    had_session: false,
  };
}

/** What is no condition of a declaration. */
const OTHERS: ReadonlySet<string> = new Set<keyof Declaration>([
  'sessions',
  'tags',
  'scope',
  'all',
  'repeat',
  'every_ms',
  'ended',
  'run',
  'input',
  'post',
  'notify',
  'cwd',
  'env',
  'ephemeral',
]);

export function conditionsIn(declaration: Declaration): Record<string, unknown> {
  const given = Object.entries(declaration).filter(
    ([name, value]) => !OTHERS.has(name) && value !== undefined && value !== false,
  );
  return Object.fromEntries(given);
}

/** As a client is told: without the environment, the secret, and what of a URL may be one. */
export function factsOf(
  record: RuleRecord,
  also: Pick<RuleFacts, 'kept' | 'watching' | 'pending_posts'>,
): RuleFacts {
  const { declaration, made: _made, suppressed_since: _since, had_session: _had, ...counted } = record;
  const { sessions, tags, scope, all, repeat, every_ms, ended, run, input, post, notify } = declaration;
  return {
    ...counted,
    ...(scope !== undefined && scope !== ALL_SCOPES && { scope }),
    ...(sessions && { session_names: sessions }),
    ...(tags && { tags }),
    conditions: conditionsIn(declaration),
    ...{ all, repeat, ended },
    ...(every_ms !== undefined && { every_ms }),
    ...(run && { run }),
    ...(input && { sends: input }),
    ...(post && {
      post: {
        to: new URL(post.url).origin,
        signed: (post.secret ?? post.secret_file) !== undefined,
      },
    }),
    ...(notify && { notify }),
    ...also,
  };
}
