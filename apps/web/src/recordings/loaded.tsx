/** What lists and plays recordings is loaded when it is first opened: most visits do without it. */
import { signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';

type Parts = typeof import('./parts.ts');

const parts = signal<Parts | 'failed' | undefined>(undefined);

export function Loaded({ children }: { children(loaded: Parts): ComponentChildren }) {
  const found = parts.value;
  useEffect(() => void load(), []);
  if (typeof found === 'object') return children(found);
  return (
    <p class="empty" role={found === 'failed' ? 'alert' : 'status'}>
      {found === 'failed' ? 'Recordings could not be loaded: reload the page.' : 'Loading…'}
    </p>
  );
}

async function load(): Promise<void> {
  if (typeof parts.peek() === 'object') return;
  parts.value = undefined;
  parts.value = await import('./parts.ts').catch(() => 'failed' as const);
}
