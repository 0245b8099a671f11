/** Looks through the screen and what has scrolled off it. */
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { IconButton } from '../look/icons.tsx';
import type { TerminalView } from './terminal-view.ts';

export function SearchBar({ view, close }: { view: TerminalView; close(): void }) {
  const [text, setText] = useState('');
  const field = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => {
    field.current?.focus();
    return () => view.endSearch();
  }, [view]);
  const matches = view.matches.value;
  return (
    <search class="search-bar">
      <input
        ref={field}
        type="search"
        aria-label="Search screen and scrollback"
        placeholder="Search screen and scrollback"
        value={text}
        onInput={({ currentTarget }) => {
          setText(currentTarget.value);
          view.find(currentTarget.value, 'previous', true);
        }}
        onKeyDown={(event) => {
          if (event.key === 'Escape') close();
          if (event.key === 'Enter') view.find(text, event.shiftKey ? 'next' : 'previous');
        }}
      />
      <span class="muted search-count" role="status">
        {text !== '' &&
          matches !== undefined &&
          (matches.count === 0 ? 'none' : `${matches.current} of ${matches.count}`)}
      </span>
      <IconButton icon="up" label="Previous match" hint="Enter" onClick={() => view.find(text, 'previous')} />
      <IconButton icon="down" label="Next match" hint="Shift+Enter" onClick={() => view.find(text, 'next')} />
      <IconButton icon="close" label="Close search" hint="Escape" onClick={close} />
    </search>
  );
}
