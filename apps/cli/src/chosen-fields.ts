/**
 * `--fields a,b.c`: of an answer in JSON only these members, in each of its elements where it is a list. A name that the
 * answer cannot have is refused before anything is asked of the daemon; one that it can have and has not is left out.
 */
import { type Client, nearest } from '@pilotty/client';
import { resultMembers } from './answer-members.ts';
import type { Command } from './command.ts';
import { withMembersOfFleet } from './fleet/fleet-members.ts';
import type { Io, Output } from './io.ts';
import { type Members, memberOf, namesIn, parseMembers } from './members.ts';

import { printJson, printJsonLine } from './output.ts';
import { UsageError } from './usage-error.ts';

export class ChosenFields {
  readonly #paths: readonly string[];
  readonly #command: Command;
  readonly #chosen: Members;
  #isChecked = false;

  /** @throws UsageError where the command's own answer has not all of them */
  constructor(paths: readonly string[], command: Command) {
    this.#paths = paths;
    this.#command = command;
    this.#chosen = treeOf(paths);
    const { answer } = command;
    if (answer && 'only' in answer) this.#check(parseMembers(answer.only));
  }

  /**
   * The same client, whose first request is the one that the answer comes from.
   * @param env of the command: it says whether a fleet is asked
   */
  before(client: Client, { PILOTTY_FLEET: fleet, PILOTTY_HOST: host }: Io['env']): Client {
    const checked: Pick<Client, 'request' | 'disconnected'> = {
      disconnected: () => client.disconnected(),
      request: async (method, params, options) => {
        const { answer } = this.#command;
        const besides = answer && 'besides' in answer ? parseMembers(answer.besides) : {};
        const members = { ...resultMembers(method), ...besides };
        if (!this.#isChecked) this.#check(fleet && !host ? withMembersOfFleet(method, members) : members);
        return await client.request(method, params, options);
      },
    };
    // Commands call nothing else.
    return checked as Client;
  }

  /** stdout of the command: takes what it prints as JSON. */
  into(stdout: Output): Output {
    return {
      isTty: stdout.isTty,
      writeObject: (object) => printJson(stdout, this.#of(object)),
      writeLine: (object) => printJsonLine(stdout, this.#of(object)),
      write: async () => {
        throw new UsageError(
          `--fields chooses from an answer in JSON, and ${this.#command.name} prints none`,
        );
      },
    };
  }

  #of(object: unknown): unknown {
    // Of a command that asks the daemon nothing, the answer itself shows what it has.
    if (!this.#isChecked) this.#check(membersIn(object));
    return choose(object, this.#chosen);
  }

  #check(known: Members): void {
    this.#isChecked = true;
    for (const path of this.#paths) checkPath(path, known);
  }
}

/** @throws UsageError */
function checkPath(path: string, known: Members): void {
  let members = known;
  const parents: string[] = [];
  for (const name of path.split('.')) {
    const inner = memberOf(members, name);
    if (inner !== undefined) {
      members = inner;
      parents.push(name);
      continue;
    }
    const names = namesIn(members).sort();
    const place = parents.length > 0 ? `'${parents.join('.')}' of the answer` : 'the answer';
    const near = nearest(name, names);
    throw new UsageError(
      `--fields: ${place} has no member '${name}'`,
      names.length === 0
        ? `Write ${parents.join('.')}: it has no members.`
        : `${near === undefined ? '' : `Did you mean ${near}? `}It has ${names.join(', ')}.`,
    );
  }
}

/** A path that is there as a whole has no part of it chosen. */
function treeOf(paths: readonly string[]): Members {
  const tree: Record<string, Members> = {};
  for (const path of [...paths].sort((a, b) => b.length - a.length)) {
    const names = path.split('.');
    const last = names.pop() as string;
    let at = tree;
    for (const name of names) {
      at[name] ??= {};
      at = at[name] as Record<string, Members>;
    }
    at[last] = {};
  }
  return tree;
}

function choose(value: unknown, chosen: Members): unknown {
  if (Array.isArray(value)) return value.map((element) => choose(element, chosen));
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).filter(([name]) => Object.hasOwn(chosen, name));
  return Object.fromEntries(
    members.map(([name, member]) => {
      const inner = chosen[name] as Members;
      return [name, Object.keys(inner).length === 0 ? member : choose(member, inner)];
    }),
  );
}

function membersIn(value: unknown): Members {
  if (Array.isArray(value)) return Object.assign({}, ...value.map(membersIn));
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, membersIn(member)]));
}
