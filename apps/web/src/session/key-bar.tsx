/** Keys that a phone's keyboard does not have, in the encoding the program has asked for. */
const KEYS = [
  ['Esc', 'Escape'],
  ['Tab', 'Tab'],
  ['^C', 'Ctrl+C'],
  ['^D', 'Ctrl+D'],
  ['^Z', 'Ctrl+Z'],
  ['←', 'Left'],
  ['↓', 'Down'],
  ['↑', 'Up'],
  ['→', 'Right'],
  ['Enter', 'Enter'],
  ['PgUp', 'PageUp'],
  ['PgDn', 'PageDown'],
] as const;

export function KeyBar({ press }: { press(key: string): void }) {
  return (
    <div class="key-bar" role="toolbar" aria-label="Keys">
      {KEYS.map(([face, key]) => (
        <button
          type="button"
          key={key}
          aria-label={`${face}: ${key}`}
          // The phone's keyboard stays open as long as the terminal keeps the focus.
          onPointerDown={(event) => event.preventDefault()}
          onClick={() => press(key)}
        >
          {face}
        </button>
      ))}
    </div>
  );
}
