/** How the page looks and what it may do, in one place. */
import {
  contrastChoice,
  hasSingleKeys,
  isReadAloud,
  type ThemeChoice,
  themeChoice,
} from '../look/preferences.ts';
import { isNotifyingHere, setNotifying } from '../notices/browser-notifications.ts';
import { usePage } from '../page.ts';
import { Dialog } from './dialog.tsx';

const THEMES: Record<ThemeChoice, string> = { system: 'As the system', light: 'Light', dark: 'Dark' };

export function Settings() {
  const { link, dialogs, notices } = usePage();
  return (
    <Dialog title="Settings">
      <fieldset class="choices">
        <legend class="field-label">Colours</legend>
        {Object.entries(THEMES).map(([choice, words]) => (
          <label class="choice" key={choice}>
            <input
              type="radio"
              name="theme"
              checked={themeChoice.value === choice}
              onChange={() => {
                themeChoice.value = choice as ThemeChoice;
              }}
            />
            {words}
          </label>
        ))}
      </fieldset>
      <Choice
        words="High contrast"
        isOn={contrastChoice.value === 'more'}
        set={(isOn) => {
          contrastChoice.value = isOn ? 'more' : 'system';
        }}
      />
      <Choice
        words="Notify me of questions, calls and failures while this page is not in front"
        isOn={isNotifyingHere.value}
        set={(isOn) => void setNotifying(isOn, notices)}
      />
      <Choice
        words="Screen reader support on terminals"
        isOn={isReadAloud.value}
        set={(isOn) => {
          isReadAloud.value = isOn;
        }}
      />
      <Choice
        words="Shortcuts of a single letter"
        isOn={hasSingleKeys.value}
        set={(isOn) => {
          hasSingleKeys.value = isOn;
        }}
      />
      <footer class="form-foot">
        <button
          type="button"
          class="button"
          onClick={() => {
            dialogs.close();
            link.logOut().catch((error: unknown) => notices.tellError(error));
          }}
        >
          Log out
        </button>
      </footer>
    </Dialog>
  );
}

function Choice({ words, isOn, set }: { words: string; isOn: boolean; set(isOn: boolean): void }) {
  return (
    <label class="choice">
      <input type="checkbox" checked={isOn} onChange={({ currentTarget }) => set(currentTarget.checked)} />
      {words}
    </label>
  );
}
