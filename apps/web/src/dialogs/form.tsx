/** A form in a dialog: it closes when what it asks for has been done, and says why when it has not. */
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { messageOf } from '../notices/messages.ts';
import { usePage } from '../page.ts';

export function Form({
  action,
  submit,
  children,
}: {
  /** On the button: a verb. */
  action: string;
  submit(fields: FormData): Promise<void>;
  children: ComponentChildren;
}) {
  const { dialogs } = usePage();
  const [problem, setProblem] = useState<string>();
  const [isBusy, setIsBusy] = useState(false);

  async function send(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    setIsBusy(true);
    setProblem(undefined);
    try {
      await submit(new FormData(event.target as HTMLFormElement));
      dialogs.close();
    } catch (error) {
      setProblem(messageOf(error));
      setIsBusy(false);
    }
  }

  return (
    <form class="form" onSubmit={(event) => void send(event)}>
      {children}
      {problem !== undefined && (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
      <footer class="form-foot">
        <button type="button" class="button" onClick={() => dialogs.close()}>
          Cancel
        </button>
        <button type="submit" class="button primary" disabled={isBusy}>
          {action}
        </button>
      </footer>
    </form>
  );
}

export function Field({
  name,
  label,
  hint,
  ...rest
}: {
  name: string;
  label: string;
  hint?: string;
  value?: string;
  placeholder?: string;
  autofocus?: boolean;
  required?: boolean;
}) {
  return (
    <label class="field">
      <span class="field-label">{label}</span>
      <input
        {...rest}
        name={name}
        class={name === 'command' || name === 'cwd' ? 'monospace' : ''}
        autocomplete="off"
        autocapitalize="off"
        spellcheck={false}
        aria-describedby={hint === undefined ? undefined : `hint-${name}`}
      />
      {hint !== undefined && (
        <span class="muted" id={`hint-${name}`}>
          {hint}
        </span>
      )}
    </label>
  );
}

/** What was typed, or undefined where nothing was. */
export function text(fields: FormData, name: string): string | undefined {
  const value = String(fields.get(name) ?? '').trim();
  return value === '' ? undefined : value;
}

/** Tags as they are typed: with commas or blanks between them. */
export function tagsIn(fields: FormData): string[] {
  return [...new Set((text(fields, 'tags') ?? '').split(/[\s,]+/).filter(Boolean))];
}
