/** Keys that a phone's keyboard does not have, in the encoding the program has asked for. */
import { useSignal } from '@preact/signals';
import { usePage } from '../page.ts';

const KEYS = [
  ['Esc', 'Escape'],
  ['Tab', 'Tab'],
  ['⇧Tab', 'Shift+Tab'],
  ['←', 'Left'],
  ['↓', 'Down'],
  ['↑', 'Up'],
  ['→', 'Right'],
  ['^C', 'Ctrl+C'],
  ['^D', 'Ctrl+D'],
  ['^Z', 'Ctrl+Z'],
  ['Home', 'Home'],
  ['End', 'End'],
  ['PgUp', 'PageUp'],
  ['PgDn', 'PageDown'],
  ['⏎', 'Enter'],
] as const;
const FUNCTION_KEYS = Array.from({ length: 12 }, (_, index) => [`F${index + 1}`, `F${index + 1}`] as const);

export function KeyBar({ press }: { press(key: string): void }) {
  const { open } = usePage();
  const hasFunctionKeys = useSignal(false);
  return (
    <div class="key-bar" role="toolbar" aria-label="Keys">
      {(['Ctrl', 'Alt'] as const).map((key) => (
        <Key
          key={key}
          face={key}
          label={`Hold ${key} for the next key`}
          isHeld={open.heldKeys.value.has(key)}
          press={() => open.toggleHeld(key)}
        />
      ))}
      {KEYS.map(([face, key]) => (
        <Key key={key} face={face} label={`${face}: ${key}`} press={() => press(open.withHeld(key))} />
      ))}
      <Key
        face="Fn"
        label="Fn: function keys"
        isHeld={hasFunctionKeys.value}
        press={() => {
          hasFunctionKeys.value = !hasFunctionKeys.value;
        }}
      />
      {hasFunctionKeys.value &&
        FUNCTION_KEYS.map(([face, key]) => (
          <Key key={key} face={face} label={face} press={() => press(open.withHeld(key))} />
        ))}
    </div>
  );
}

function Key(props: { face: string; label: string; isHeld?: boolean; press(): void }) {
  return (
    <button
      type="button"
      aria-label={props.label}
      aria-pressed={props.isHeld}
      // The phone's keyboard stays open as long as the terminal keeps the focus.
      onPointerDown={(event) => event.preventDefault()}
      onClick={props.press}
    >
      {props.face}
    </button>
  );
}
