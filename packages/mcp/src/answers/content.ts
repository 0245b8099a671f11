/** An answer as content of the protocol; what a program printed between marks that it cannot know, where that is wanted. */
import { randomBytes } from 'node:crypto';
import type { ContentBlock } from '@modelcontextprotocol/server';
import { plainSentence } from '@pilotty/client';
import type { Answer, Part } from './answer.ts';

export function contentOf(answer: Answer, hasBoundary: boolean): ContentBlock[] {
  const nonce = hasBoundary ? newNonce() : undefined;
  const blocks: ContentBlock[] = [];
  let text: string[] = [];
  const flush = () => {
    if (text.length > 0) blocks.push({ type: 'text', text: text.join('\n') });
    text = [];
  };
  for (const part of answer) {
    if (part.type === 'facts' || part.type === 'printed') {
      // What is not meant to be shown must not act on the terminal of a client.
      const plain = plainSentence(part.text);
      text.push(part.type === 'printed' && nonce !== undefined ? marked(plain, nonce) : plain);
    } else {
      flush();
      blocks.push(blockOf(part));
    }
  }
  flush();
  return blocks;
}

/** For one answer: a program that has seen it knows nothing of the next. */
export function newNonce(): string {
  return randomBytes(8).toString('hex');
}

export function marked(text: string, nonce: string): string {
  return `<terminal-output ${nonce}>\n${text}\n</terminal-output ${nonce}>`;
}

function blockOf(part: Exclude<Part, { type: 'facts' | 'printed' }>): ContentBlock {
  if (part.type === 'picture') return { type: 'image', data: part.dataBase64, mimeType: 'image/png' };
  const { uri, name, bytes } = part;
  return { type: 'resource_link', uri, name, mimeType: 'text/plain', size: bytes };
}
