/** What needs a person, most urgent first. It fills and empties by itself and never takes the focus. */
import { now } from '../look/clock.ts';
import { inWords } from '../look/durations.ts';
import { IconButton } from '../look/icons.tsx';
import { usePage } from '../page.ts';
import { addressOf } from '../route.ts';
import { sendAnswer } from '../sessions/answering.ts';
import type { Reason } from '../sessions/attention.ts';
import { exitInWords } from '../sessions/state.ts';
import type { Waiter } from '../sessions/waiting.ts';

/** The rest is only counted: a longer list is not worked through from the top. */
const MAX_SHOWN = 30;

export function WaitingPanel() {
  const { waiting } = usePage();
  const queue = waiting.queue.value;
  return (
    <aside class="panel waiting" aria-labelledby="waiting-title">
      <div class="panel-head">
        <h2 id="waiting-title">
          <span role="status">{headline(queue)}</span>
        </h2>
        {queue.length > 1 && (
          <button
            type="button"
            class="button quiet"
            onClick={() => waiting.putAside(...queue.map(({ session }) => session.id))}
          >
            Clear all
          </button>
        )}
      </div>
      {queue.length === 0 && (
        <p class="muted">Questions, failures and finished work of any session are listed here.</p>
      )}
      <ol class="waiting-list">
        {queue.slice(0, MAX_SHOWN).map((waiter) => (
          <Entry key={waiter.session.id} waiter={waiter} />
        ))}
      </ol>
      {queue.length > MAX_SHOWN && <p class="muted">and {queue.length - MAX_SHOWN} more</p>}
    </aside>
  );
}

function headline(queue: readonly Waiter[]): string {
  if (queue.length === 0) return 'Nothing needs you';
  const count = (level: string) => queue.filter(({ attention }) => attention.level === level).length;
  const [asking, failed, finished] = [count('asks'), count('failed'), count('finished')];
  return [
    asking > 0 && `${asking} waiting for you`,
    failed > 0 && `${failed} failed`,
    finished > 0 && `${finished} finished`,
  ]
    .filter(Boolean)
    .join(' · ');
}

const WORDS: Record<Exclude<Reason, 'exit' | 'command' | 'state'>, string> = {
  'hand-over': 'hands the keyboard to you',
  secret: 'needs a secret',
  question: 'asks',
  password: 'asks for a password',
  notification: 'notifies you',
  bell: 'rang the bell',
  progress: 'reports an error',
};

function Entry({ waiter: { session, attention } }: { waiter: Waiter }) {
  const page = usePage();
  const { id, name } = session;
  const { level, reason, since, lines, answers } = attention;
  const mayAct = !page.link.isReadOnly.value;
  const by = reason === 'hand-over' ? page.keyboards.of(id).value?.handOver?.by : undefined;
  const words =
    reason === 'exit'
      ? exitInWords(session.exit)
      : reason === 'command' || reason === 'state'
        ? level
        : WORDS[reason ?? 'question'];
  return (
    <li class="waiter" data-level={level} data-waiter={name}>
      <a class="waiting-open" href={addressOf(id)}>
        <span class="waiting-text waiting-name">{name}</span>
        <span class="waiting-reason">
          {by} {words} <span class="muted">· {inWords(now.value - since)}</span>
        </span>
        {lines.length > 0 && (
          <span class="waiting-lines">
            {lines.map((line, index) => (
              <span key={index}>{line}</span>
            ))}
          </span>
        )}
      </a>
      <IconButton
        icon="check"
        label={level === 'asks' ? `Put ${name} aside` : `${name} was seen`}
        onClick={() => page.waiting.putAside(id)}
      />
      {mayAct && reason === 'hand-over' && (
        <div class="answers">
          <button
            type="button"
            class="button answer"
            onClick={async () => {
              if (await page.keyboards.take(id)) page.route.openSession(id);
            }}
          >
            Take the keyboard
          </button>
        </div>
      )}
      {mayAct && answers.length > 0 && (
        <fieldset class="answers" aria-label={`Answers to ${name}`}>
          {answers.map((answer) => (
            <button
              type="button"
              class="button answer"
              key={answer.label}
              onClick={() => void sendAnswer(page, session, attention, answer)}
            >
              {answer.label}
            </button>
          ))}
        </fieldset>
      )}
    </li>
  );
}
