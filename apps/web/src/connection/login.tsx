import { useState } from 'preact/hooks';
import { usePage } from '../page.ts';

export function Login({ reason }: { reason: string | undefined }) {
  const { link } = usePage();
  const [token, setToken] = useState('');
  return (
    <main class="login">
      <form
        class="form login-form"
        onSubmit={(event) => {
          event.preventDefault();
          void link.logIn(token.trim());
        }}
      >
        <h1>pilotty</h1>
        <label class="field">
          <span class="field-label">Token</span>
          <input
            type="password"
            name="token"
            autocomplete="current-password"
            required
            autofocus
            value={token}
            aria-describedby="token-hint"
            onInput={({ currentTarget }) => setToken(currentTarget.value)}
          />
          <span class="muted" id="token-hint">
            <code>pilotty serve --show-token</code> prints it.
          </span>
        </label>
        {reason !== undefined && (
          <p class="problem" role="alert">
            {reason}
          </p>
        )}
        <button type="submit" class="button primary">
          Log in
        </button>
      </form>
    </main>
  );
}
