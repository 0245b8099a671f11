import { keyInWords } from '../commands/keys.ts';
import { hasSingleKeys } from '../look/preferences.ts';
import { Dialog } from './dialog.tsx';

const EVERYWHERE = [
  ['Ctrl+K', 'Commands (on a terminal: Ctrl+Shift+K)'],
  ['Ctrl+Shift+E', 'All sessions'],
  ['Ctrl+Shift+X', 'Next session that needs you'],
] as const;
const OVERVIEW = [
  ['Arrow keys', 'From card to card'],
  ['Enter', 'Open the session'],
  ['n', 'New session'],
  ['w', 'Next session that needs you'],
  ['/', 'Filter; #word looks at tags alone, is:failed at states'],
  ['v', 'Tiles or a list'],
  ['e', 'Show or hide events'],
  ['r', 'Rename the session of this card'],
  ['t', 'Its tags'],
  ['s', 'Select it: for several at once, side by side too'],
  ['x', 'Kill it, in six seconds; dismiss it, where it has ended'],
  ['u', 'Undo the last kill'],
  ['?', 'This'],
] as const;
const TERMINAL = [
  ['Ctrl+Shift+F', 'Search screen and scrollback'],
  ['Ctrl+Shift+C', 'Copy the selection'],
  ['Ctrl+Shift+V', 'Paste'],
  ['Shift+PageUp', 'Scroll back'],
] as const;

export function Help() {
  return (
    <Dialog title="Keyboard shortcuts" class="help">
      <Keys title="Everywhere" keys={EVERYWHERE} />
      <Keys title="All sessions" keys={OVERVIEW} />
      <Keys title="On a terminal, where all other keys are the program's" keys={TERMINAL} />
      <label class="choice">
        <input
          type="checkbox"
          checked={hasSingleKeys.value}
          onChange={({ currentTarget }) => {
            hasSingleKeys.value = currentTarget.checked;
          }}
        />
        Shortcuts of a single letter
      </label>
    </Dialog>
  );
}

function Keys({ title, keys }: { title: string; keys: readonly (readonly [string, string])[] }) {
  return (
    <section>
      <h3>{title}</h3>
      <dl class="keys">
        {keys.map(([key, meaning]) => (
          <div key={key}>
            <dt>
              <kbd>{keyInWords(key)}</kbd>
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
