import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { readable } from '../visible-text.ts';

export interface Question {
  /** Name of the option that answers it without a terminal: `base-url`. */
  readonly id: string;
  readonly text: string;
  /** Why it is asked, in a sentence. */
  readonly reason: string;
  /** What an empty answer means. */
  readonly default: string;
  /** What the default means, where it is empty; absent: the default itself is shown. */
  readonly unless?: string;
  /** What is wrong with an answer, in a sentence; undefined: nothing is. */
  readonly check?: (answer: string) => string | undefined;
}

/** Whoever answers. */
export interface Conversation {
  readonly say: (text: string) => void;
  /** @throws EndOfAnswers */
  readonly ask: (question: Question) => Promise<string>;
  /** Without showing what is typed. */
  readonly askSecret: (question: Question) => Promise<string>;
  readonly close: () => void;
}

/** Nobody answers any more: Ctrl-D, Ctrl-C, or an input that has ended. */
export class EndOfAnswers extends Error {}

/** Asks at a terminal, until an answer can be used. */
export function terminalConversation(input: NodeJS.ReadableStream, output: NodeJS.WritableStream): Conversation {
  let isHidden = false;
  // What is typed is shown by the reader of lines, and so a reader that shows nothing hides it.
  const shown = new Writable({
    write(chunk: Buffer, _, done) {
      if (!isHidden) output.write(chunk);
      done();
    },
  });
  const lines = createInterface({ input, output: shown, terminal: true });
  // Lines that are typed, or pasted, before their question is asked.
  const ahead: string[] = [];
  let isClosed = false;
  let take: (() => void) | undefined;
  lines.on('line', (line) => {
    ahead.push(line);
    take?.();
  });
  lines.on('close', () => {
    isClosed = true;
    take?.();
  });
  lines.on('SIGINT', () => lines.close());
  const say = (text: string): void => void output.write(`${text}\n`);
  const answer = async (prompt: string): Promise<string> => {
    if (!isClosed) {
      lines.setPrompt(prompt);
      lines.prompt();
    }
    if (ahead.length === 0 && !isClosed) await new Promise<void>((resolve) => (take = resolve));
    const line = ahead.shift();
    if (line === undefined) throw new EndOfAnswers();
    return line;
  };
  const until = async (question: Question, read: () => Promise<string>): Promise<string> => {
    say(`\n${readable(question.reason)}`);
    for (;;) {
      const given = (await read()).trim();
      const used = given === '' ? question.default : given;
      const problem = question.check?.(used);
      if (problem === undefined) return used;
      say(readable(problem));
    }
  };
  const promptOf = ({ text, default: usual, unless = usual }: Question): string =>
    `${readable(text)}${unless === '' ? '' : ` [${readable(unless)}]`}: `;
  return {
    say,
    ask: (question) => until(question, () => answer(promptOf(question))),
    askSecret: (question) =>
      until(question, async () => {
        output.write(promptOf(question));
        isHidden = true;
        try {
          return await answer('');
        } finally {
          isHidden = false;
          output.write('\n');
        }
      }),
    close: () => lines.close(),
  };
}
