/** Every command, found by typing some of it. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { type Command, commandsOf } from '../commands/commands.ts';
import { ranked, used } from '../commands/ranking.ts';
import { usePage } from '../page.ts';
import { Dialog } from './dialog.tsx';

/** A longer list is not read to its end, so it is not drawn. */
const MAX_SHOWN = 50;

export function Palette() {
  const page = usePage();
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  const found = ranked(commandsOf(page), text).slice(0, MAX_SHOWN);

  useEffect(() => {
    list.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' });
  });

  function run(command: Command | undefined): void {
    if (command === undefined) return;
    page.dialogs.close();
    used(command);
    command.run();
  }

  function onKeyDown(event: KeyboardEvent): void {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && found.length > 0) setChosen((chosen + step + found.length) % found.length);
    else if (event.key === 'Enter') run(found[chosen]);
    else return;
    event.preventDefault();
  }

  return (
    <Dialog title="Commands" class="palette">
      <input
        class="palette-field"
        role="combobox"
        aria-label="Find a command or a session"
        aria-expanded="true"
        aria-controls="palette-list"
        aria-activedescendant={found.length > 0 ? `command-${chosen}` : undefined}
        placeholder="Find a command or a session"
        autocomplete="off"
        spellcheck={false}
        autofocus
        value={text}
        onInput={({ currentTarget }) => {
          setText(currentTarget.value);
          setChosen(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div class="palette-list" id="palette-list" role="listbox" aria-label="Commands" ref={list}>
        {found.map((command, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the field's, which keeps the focus
          <div
            key={index}
            id={`command-${index}`}
            role="option"
            class="palette-command"
            tabIndex={-1}
            aria-selected={index === chosen}
            onClick={() => run(command)}
            onPointerMove={() => setChosen(index)}
          >
            <span>{command.title}</span>
            <span class="muted">{command.hint}</span>
          </div>
        ))}
      </div>
      {found.length === 0 && (
        <p class="muted palette-none" role="status">
          Nothing is called that.
        </p>
      )}
    </Dialog>
  );
}
