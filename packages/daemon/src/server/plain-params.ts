/**
 * Parameters of the requests that come by the thousand, in the few forms in which nearly all of them come: checked without
 * the schema, which takes as long as all else that a request to look or to press a key waits for. What has any other
 * form is the schema's to check; and what is left out, the schema says, once for each method.
 */
import type { MethodName } from '@pilotty/protocol';
import { methods } from '@pilotty/protocol/schemas';

type Fits = (value: unknown) => boolean;

interface Form {
  /** Without it the request is incomplete. */
  needs?: string;
  /** What may be given, and nothing else. */
  given: ReadonlyMap<string, Fits>;
  /** Of a request that is complete, and gives no more than it needs. */
  least: object;
}

const isText: Fits = (value) => typeof value === 'string';
const isSomeText: Fits = (value) => typeof value === 'string' && value !== '';
const isFlag: Fits = (value) => typeof value === 'boolean';
/** Each is allowed with all else left out. */
const isFormat: Fits = (value) => value === 'compact' || value === 'text' || value === 'full';

const forms: Readonly<Partial<Record<MethodName, Form>>> = {
  'session.key': {
    needs: 'keys',
    given: new Map([
      ['session', isSomeText],
      ['keys', isSomeText],
    ]),
    least: { keys: 'a' },
  },
  'session.type': {
    needs: 'text',
    given: new Map([
      ['session', isSomeText],
      ['text', isText],
      ['enter', isFlag],
    ]),
    least: { text: '' },
  },
  'session.snapshot': {
    given: new Map([
      ['session', isSomeText],
      ['format', isFormat],
    ]),
    least: {},
  },
  'session.list': { given: new Map(), least: {} },
};

/** As the schema has each of them, where it is made when it is needed first. */
const leastOf = new Map<MethodName, object>();

/** @returns what the method's schema makes of them; undefined where they have another form, whether they fit or not */
export function plainParams(method: MethodName, params: unknown): object | undefined {
  const form = forms[method];
  if (form === undefined || typeof params !== 'object' || params === null || Array.isArray(params))
    return undefined;
  const given = params as Readonly<Record<string, unknown>>;
  for (const name in given) if (form.given.get(name)?.(given[name]) !== true) return undefined;
  if (form.needs !== undefined && given[form.needs] === undefined) return undefined;
  return { ...leastParams(method, form), ...given };
}

function leastParams(method: MethodName, { least }: Form): object {
  const known = leastOf.get(method);
  if (known !== undefined) return known;
  const made = methods[method].params.parse(least) as object;
  leastOf.set(method, made);
  return made;
}
