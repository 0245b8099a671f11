/** What an act types, as the line that it makes: what was typed of it before belongs to it. */
import type { MethodName, ParsedParams } from '@pilotty/protocol';
import { type Key, parseKeys, readWord } from '@pilotty/terminal';
import { bytesToType } from '../input/bytes-to-type.ts';
import type { Session } from '../session/session.ts';

/** Of a line that is not yet submitted, the end. */
const MAX_PENDING = 8192;

/** @returns undefined where it types no text, and where it cannot be read: its handler refuses it then */
export function typedText(method: MethodName, params: ParsedParams<MethodName>): string | undefined {
  try {
    return textOf(method, params as Record<string, never>);
  } catch {
    return undefined;
  }
}

function textOf(method: MethodName, params: Record<string, never>): string | undefined {
  const {
    text = '',
    enter,
    keys,
    parts,
    command,
    send,
  } = params as {
    text?: string;
    enter?: boolean;
    keys?: string;
    parts?: ParsedParams<'session.send'>['parts'];
    command?: string;
    send?: string;
  };
  const submitted = enter ? '\r' : '';
  switch (method) {
    case 'session.type': {
      const bytes = bytesToType(params as unknown as ParsedParams<'session.type'>);
      return Buffer.from(bytes).toString() + submitted;
    }
    case 'session.paste':
      return text + submitted;
    case 'session.key':
      return parseKeys(keys ?? '')
        .map(characterOf)
        .join('');
    case 'session.send':
      return (parts ?? []).map(textOfPart).join('');
    case 'session.exec':
      return `${command}\r`;
    case 'session.spawn':
      return send === undefined ? undefined : `${send}\r`;
    default:
      return undefined;
  }
}

function textOfPart(part: ParsedParams<'session.send'>['parts'][number]): string {
  if ('text' in part) return part.text;
  if ('key' in part) return parseKeys(part.key).map(characterOf).join('');
  const key = readWord(part.word);
  return key === undefined ? part.word : characterOf(key);
}

const NAMED: Readonly<Record<string, string>> = { Enter: '\r', KPEnter: '\r', Backspace: '\x7f', Space: ' ' };

function characterOf({ name, ctrl, alt }: Key): string {
  if (ctrl && /^[a-z]$/i.test(name)) return String.fromCharCode(name.toUpperCase().charCodeAt(0) - 0x40);
  if (ctrl || alt) return '';
  return NAMED[name] ?? ([...name].length === 1 ? name : '');
}

/** The lines of each session that are typed piece by piece. */
export class TypedLines {
  readonly #pending = new WeakMap<Session, string>();

  /** The lines that `text` makes of what was typed before, the last of them not yet submitted. */
  with(session: Session | undefined, text: string): string[] {
    let line = (session && this.#pending.get(session)) ?? '';
    const lines: string[] = [];
    for (const character of text) {
      if (character === '\r' || character === '\n') {
        lines.push(line);
        line = '';
      } else if (character === '\x7f' || character === '\b') line = line.slice(0, -1);
      // Ctrl+C and Ctrl+U throw the line away.
      else if (character === '\x03' || character === '\x15') line = '';
      else line += character;
    }
    return [...lines, line];
  }

  /** What is begun in it; undefined where nothing is. */
  pendingIn(session: Session): string | undefined {
    return this.#pending.get(session);
  }

  typed(session: Session, lines: readonly string[]): void {
    this.#pending.set(session, (lines.at(-1) ?? '').slice(-MAX_PENDING));
  }
}
