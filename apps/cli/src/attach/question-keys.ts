/** What programs ask a person for, answered by one who is attached: their keys are the answer's until Enter or Escape. */
import type { StreamEvent } from '@pilotty/client';
import { SecretLine } from '../terminal/secret-line.ts';

type Question = Extract<StreamEvent<'session.attach'>, { type: 'questions' }>['questions'][number];

interface Around {
  say(text: string, bell?: string): void;
  answer(question: string, text: string): void;
  /** What is pressed to answer. */
  keys(): string;
}

export class QuestionKeys {
  readonly #around: Around;
  #open: readonly Question[] = [];
  #answering: { question: string; line: SecretLine } | undefined;

  constructor(around: Around) {
    this.#around = around;
  }

  /** What is typed is for typed(). */
  get isAnswering(): boolean {
    return this.#answering !== undefined;
  }

  changed(open: readonly Question[]): void {
    const asked = open.find(({ question }) => !this.#open.some((each) => each.question === question));
    this.#open = open;
    if (asked === undefined) return;
    const { program, prompt } = asked;
    this.#around.say(`${program ?? 'A program'} asks: ${prompt} - ${this.#around.keys()} answers`, '\x07');
  }

  begin(): void {
    const [first] = this.#open;
    if (first === undefined) {
      this.#around.say('no program asks for anything');
      return;
    }
    this.#answering = { question: first.question, line: new SecretLine() };
    this.#around.say(`${first.prompt} (not shown; Enter answers, Escape does not)`);
  }

  /** Also where the question has ended meanwhile: what is still typed of a secret is not the program's. */
  typed(bytes: Uint8Array): void {
    const typed = this.#answering?.line.take(bytes);
    if (typed === undefined || this.#answering === undefined) return;
    const { question } = this.#answering;
    this.#answering = undefined;
    if (typed === 'cancelled') this.#around.say('nothing was answered');
    else this.#around.answer(question, typed.text);
  }
}
