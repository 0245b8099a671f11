/**
 * Takes out of a terminal's output, as it comes, what matches a regular expression, wherever the output is cut: text is
 * held back for as long as a match may be under way in it, and no longer.
 *
 * What is sought is the text as it is shown: escape sequences in between, such as a colour in the middle of a word, do not
 * count, and stay. A match is covered with as many asterisks as it takes columns, so that what stands behind it on a
 * screen stays where it was. What an OSC or the like carries is searched as a text of its own.
 */
import { columnsOf } from '@pilotty/terminal/columns';
import { Escapes, type Part } from './escapes.ts';
import { PartialMatch } from './partial-match.ts';
import type { Secrets } from './secrets.ts';

/** A match that is longer is covered although it may not be one. */
const MAX_HELD = 64 * 1024;

interface Held<Tag> {
  character: string;
  part: Part;
  /** Undefined for what is shown already. */
  tag: Tag | undefined;
}

export interface Released<Tag> {
  tag: Tag;
  text: string;
}

export class TextRedactor<Tag> {
  readonly #secrets: Secrets;
  readonly #match: PartialMatch;
  readonly #escapes = new Escapes();
  #held: Held<Tag>[] = [];
  /** The character of text before those that are held: `\b` and `^` look at it. */
  #before = '';

  constructor(secrets: Secrets) {
    this.#secrets = secrets;
    this.#match = new PartialMatch(secrets.any);
  }

  get isHolding(): boolean {
    return this.#held.length > 0;
  }

  /** The text in which a match may be under way. */
  get heldText(): string {
    return textOf(this.#held)
      .map(({ character }) => character)
      .join('');
  }

  /** Text that is shown already, and goes on in what is pushed: of a match that begins in it the rest is covered. */
  startBehind(shown: string): void {
    for (const character of shown) {
      this.#hold(undefined, character, character.codePointAt(0) as number);
      if (this.#isDecided) this.#decide(this.#match.hasMatched);
      else if (this.#held.length >= MAX_HELD) this.#cover();
    }
  }

  /** @param tag comes back with what becomes of the text, which may be in parts and later */
  push(tag: Tag, text: string): Released<Tag>[] {
    const parts: Released<Tag>[] = [];
    let plainFrom = 0;
    let at = 0;
    for (const character of text) {
      const code = character.codePointAt(0) as number;
      const isQuiet = this.#held.length === 0 && !this.#escapes.isInside && isPlain(code);
      if (isQuiet && this.#match.isQuietAt(code)) {
        this.#before = character;
      } else {
        if (at > plainFrom) parts.push({ tag, text: text.slice(plainFrom, at) });
        plainFrom = at + character.length;
        this.#hold(tag, character, code);
        if (this.#isDecided) parts.push(...this.#decide(this.#match.hasMatched));
        else if (this.#held.length >= MAX_HELD) parts.push(...this.#cover());
      }
      at += character.length;
    }
    if (at > plainFrom) parts.push({ tag, text: text.slice(plainFrom) });
    return joined(parts);
  }

  /** Nothing follows. */
  end(): Released<Tag>[] {
    return this.#decide(true);
  }

  #hold(tag: Tag | undefined, character: string, code: number): void {
    const part = this.#escapes.next(code);
    this.#held.push({ character, part, tag });
    if (part === 'text') this.#match.step(code);
  }

  get #isDecided(): boolean {
    return !this.#match.isUnderWay && !this.#escapes.isInside;
  }

  #decide(hasMatched: boolean): Released<Tag>[] {
    const held = this.#held;
    this.#held = [];
    const text = textOf(held);
    if (hasMatched) this.#coverMatches(text, this.#before);
    for (const payload of payloads(held)) this.#coverMatches(payload, '');
    this.#before = text.at(-1)?.character ?? this.#before;
    this.#match.reset();
    return released(held);
  }

  /** Of what is held for too long nothing is shown. */
  #cover(): Released<Tag>[] {
    const held = this.#held;
    this.#held = [];
    for (const each of held) if (each.part !== 'sequence') each.character = asterisks(each.character);
    this.#before = '*';
    this.#match.reset();
    return released(held);
  }

  #coverMatches(characters: Held<Tag>[], before: string): void {
    const text = before + characters.map(({ character }) => character).join('');
    const isCovered = new Uint8Array(text.length);
    for (const regex of this.#secrets.each) {
      const matcher = regex.matcher(text);
      for (let found = matcher.find(before.length); found; found = matcher.find())
        isCovered.fill(1, matcher.start(), matcher.end());
    }
    let at = before.length;
    for (const each of characters) {
      const { length } = each.character;
      if (isCovered[at] === 1) each.character = asterisks(each.character);
      at += length;
    }
  }
}

function textOf<Tag>(held: readonly Held<Tag>[]): Held<Tag>[] {
  return held.filter(({ part }) => part === 'text');
}

function released<Tag>(held: readonly Held<Tag>[]): Released<Tag>[] {
  return joined(held.flatMap(({ tag, character }) => (tag === undefined ? [] : [{ tag, text: character }])));
}

/** The payloads of strings, one list each. */
function payloads<Tag>(held: readonly Held<Tag>[]): Held<Tag>[][] {
  const all: Held<Tag>[][] = [];
  held.forEach((each, index) => {
    if (each.part !== 'payload') return;
    if (held[index - 1]?.part === 'payload') all.at(-1)?.push(each);
    else all.push([each]);
  });
  return all;
}

/** Begins no sequence. */
function isPlain(code: number): boolean {
  return code !== 0x1b && (code < 0x80 || code > 0x9f);
}

/** As wide; what moves the cursor stays. */
function asterisks(character: string): string {
  const code = character.codePointAt(0) as number;
  if (code < 0x20 || (code >= 0x7f && code < 0xa0)) return character;
  return '*'.repeat(columnsOf(character).at(-1) ?? 1);
}

/** Neighbours of one tag as one. */
function joined<Tag>(parts: readonly Released<Tag>[]): Released<Tag>[] {
  const all: { tag: Tag; texts: string[] }[] = [];
  for (const { tag, text } of parts) {
    const last = all.at(-1);
    if (last !== undefined && last.tag === tag) last.texts.push(text);
    else all.push({ tag, texts: [text] });
  }
  return all.map(({ tag, texts }) => ({ tag, text: texts.join('') }));
}
