/** What a program of an open session asks a person for, with a field for the answer, which goes to that program alone. */
import { useState } from 'preact/hooks';
import { usePage } from '../page.ts';
import type { Session } from '../sessions/session.ts';

type Question = NonNullable<Session['questions']>[number];

export function QuestionNote({
  id,
  question: { question, program, prompt },
}: {
  id: string;
  question: Question;
}) {
  const { link, notices, open } = usePage();
  const [isSent, setSent] = useState(false);
  const answer = async (given: { text: string } | { cancel: true }) => {
    setSent(true);
    try {
      await link.request('session.answer', { session: id, question, ...given });
      open.focus(id);
    } catch (error) {
      notices.tellError(error);
      setSent(false);
    }
  };
  return (
    <form
      class="session-note question-note"
      aria-label={`${program ?? 'A program'} asks`}
      onSubmit={(event) => {
        event.preventDefault();
        const field = event.currentTarget.elements.namedItem('answer') as HTMLInputElement;
        const text = field.value;
        field.value = '';
        void answer({ text });
      }}
    >
      <span>
        <strong>{program ?? 'A program'}</strong> asks: {prompt}
      </span>
      {!link.isReadOnly.value && (
        <>
          <input
            type="password"
            name="answer"
            aria-label={prompt === '' ? 'Answer' : prompt}
            autocomplete="off"
            disabled={isSent}
          />
          <button type="submit" class="button primary" disabled={isSent}>
            Answer
          </button>
          <button
            type="button"
            class="button quiet"
            disabled={isSent}
            onClick={() => void answer({ cancel: true })}
          >
            Decline
          </button>
        </>
      )}
    </form>
  );
}
