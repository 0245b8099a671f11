/**
 * kitty's desktop notifications (OSC 99): `metadata;payload`, where the metadata are `key=value` pairs with colons in
 * between, and title and body may come in several pieces of one identifier, the last of which is done.
 */

export interface DesktopNotification {
  title: string | undefined;
  body: string;
}

/** A notification is shown in a corner of a screen. */
const TEXT_LIMIT = 4096;
/** Notifications that were begun and not finished; the oldest are dropped. */
const BEGUN_LIMIT = 16;

export class DesktopNotifications {
  readonly #begun = new Map<string, { title: string; body: string }>();

  /** Those of which more is to come. */
  get state(): [string, { title: string; body: string }][] {
    return [...this.#begun].map(([id, texts]) => [id, { ...texts }]);
  }

  adopt(begun: readonly [string, { title: string; body: string }][]): void {
    this.#begun.clear();
    for (const [id, texts] of begun) this.#begun.set(id, { ...texts });
  }

  /** @returns what is complete with this piece; undefined where more follows, or it is no text */
  take(data: string): DesktopNotification | undefined {
    const [, metadata = '', payload = ''] = /^([^;]*)(?:;(.*))?$/s.exec(data) ?? [];
    const keys = new Map(metadata.split(':').map((pair) => [pair.slice(0, 1), pair.slice(2)]));
    const part = keys.get('p') ?? 'title';
    if (part !== 'title' && part !== 'body') return undefined;
    const id = keys.get('i') ?? '';
    const text = keys.get('e') === '1' ? decoded(payload) : payload;
    const texts = this.#begun.get(id) ?? { title: '', body: '' };
    texts[part] = (texts[part] + text).slice(0, TEXT_LIMIT);
    this.#begun.delete(id);
    if (keys.get('d') === '0') {
      this.#begun.set(id, texts);
      const oldest = this.#begun.keys().next();
      if (this.#begun.size > BEGUN_LIMIT && !oldest.done) this.#begun.delete(oldest.value);
      return undefined;
    }
    const { title, body } = texts;
    if (title === '' && body === '') return undefined;
    return body === '' ? { title: undefined, body: title } : { title: title || undefined, body };
  }
}

function decoded(base64: string): string {
  try {
    return new TextDecoder().decode(Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)));
  } catch {
    // Not base64: as it stands.
    return base64;
  }
}
