/** The text of a project file as a tree of values, each with its place. */
import { type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import type { FileProblem } from './file-problem.ts';

type Path = readonly (string | number)[];

export class LocatedValues {
  readonly #text: string;
  readonly #root: Node | undefined;
  readonly #errors: ParseError[] = [];

  constructor(text: string) {
    // A byte order mark is no part of it.
    this.#text = text.replace(/^\uFEFF/, '');
    this.#root = parseTree(this.#text, this.#errors, { allowTrailingComma: true });
  }

  /** What makes it no JSON with comments: nothing else can be said of it then. */
  get syntaxProblems(): FileProblem[] {
    const syntax = this.#errors.map(({ error, offset }) =>
      this.#problemAt(offset, '', `this is not JSON with comments: ${inWords(printParseErrorCode(error))}`),
    );
    if (syntax.length === 0 && this.#root === undefined) return [this.#problemAt(0, '', 'it is empty')];
    return syntax;
  }

  /** Names of which nothing would be read: JSON takes the last of two that are the same. */
  get nameProblems(): FileProblem[] {
    return this.#root === undefined ? [] : this.#unreadNames(this.#root, []);
  }

  /** Without prototypes: a name is never one of JavaScript's own. */
  get value(): unknown {
    return this.#root && toValue(this.#root);
  }

  /** @param name of a member of what is there: its name is meant, and not its value */
  problem(path: Path, message: string, name?: string): FileProblem {
    const whole = name === undefined ? path : [...path, name];
    const node = this.#nodeAt(whole);
    const place = name === undefined ? node : node?.parent;
    return this.#problemAt(place?.offset ?? 0, whole.join('.'), message);
  }

  /** The nearest that there is: what is missing has no place. */
  #nodeAt(path: Path): Node | undefined {
    let node = this.#root;
    for (const key of path) {
      const inner = node && innerNode(node, key);
      if (inner === undefined) break;
      node = inner;
    }
    return node;
  }

  #unreadNames(node: Node, path: Path): FileProblem[] {
    const { children = [] } = node;
    if (node.type === 'array')
      return children.flatMap((child, index) => this.#unreadNames(child, [...path, index]));
    if (node.type !== 'object') return [];
    const seen = new Set<unknown>();
    return children.flatMap(({ children: [name, value] = [] }) => {
      if (name === undefined || value === undefined) return [];
      const inner = [...path, String(name.value)];
      const problem = (message: string) => [this.#problemAt(name.offset, inner.join('.'), message)];
      if (name.value === '__proto__') return problem('cannot be a name');
      if (seen.has(name.value)) return problem('stands here a second time');
      seen.add(name.value);
      return this.#unreadNames(value, inner);
    });
  }

  #problemAt(offset: number, path: string, message: string): FileProblem {
    const before = this.#text.slice(0, offset).split('\n');
    return { path, line: before.length, column: (before.at(-1) ?? '').length + 1, message };
  }
}

/** Of two of the same name the last, as its value is. */
function innerNode({ type, children = [] }: Node, key: string | number): Node | undefined {
  if (type === 'array') return children[Number(key)];
  return children.findLast(({ children: [name] = [] }) => name?.value === key)?.children?.[1];
}

function toValue({ type, children = [], value }: Node): unknown {
  if (type === 'array') return children.map(toValue);
  if (type !== 'object') return value;
  const object = Object.create(null) as Record<string, unknown>;
  for (const { children: [name, inner] = [] } of children)
    if (name !== undefined && inner !== undefined && name.value !== '__proto__')
      object[name.value] = toValue(inner);
  return object;
}

/** 'CommaExpected' → 'comma expected' */
function inWords(code: string): string {
  return code.replace(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`).toLowerCase();
}
