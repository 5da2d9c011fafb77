import { randomUUID } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Answers, Question } from './messages.ts';

/**
 * How a worker of the runner asks the process that asks the target: over a loopback port that a file in the folder of the run
 * names, with a word that only who can read this file knows. A line of JSON each way. (A socket of the file system has a
 * path of a hundred characters at most, which folders for temporary files exceed.)
 */

type AnswerTo<Kind extends Question['about']> = Answers[Kind];
type About<Kind extends Question['about']> = Extract<Question, { readonly about: Kind }>;
type Reply = { readonly answer: unknown } | { readonly failure: string };

/** Milliseconds between two tries to reach a process that is being replaced. */
const BETWEEN_TRIES = 100;

interface Place {
  readonly port: number;
  readonly word: string;
}

/**
 * The file that says where the process listens that this one starts: a worker that ends and the one that takes over may have
 * one each at a time.
 *
 * @param folder of the run
 */
export function placeOfQuestions(folder: string): string {
  return join(folder, `asking-${process.pid}.json`);
}

/**
 * Answers each question when it can: a worker waits for as long as the target takes.
 *
 * @param place the file that is to say where
 */
export async function answerQuestions(
  place: string,
  answer: (question: Question) => Promise<unknown>,
): Promise<Server> {
  const word = randomUUID();
  const server = createServer((socket) => {
    // A worker that was ended hears no answer.
    socket.on('error', () => undefined);
    createInterface(socket)
      // It says once more what the socket says, and without a listener that ends the process.
      .on('error', () => undefined)
      .on('line', (line) => {
        const question = questionIn(line, word);
        if (!question) return void socket.destroy();
        void answer(question).then(
          (given) => tell(socket, { answer: given }),
          (error: unknown) => tell(socket, { failure: (error as Error).message }),
        );
      });
  });
  await new Promise<void>((listening, fail) => {
    server.once('error', fail).listen(0, '127.0.0.1', listening);
  });
  const { port } = server.address() as AddressInfo;
  writeFileSync(`${place}.new`, JSON.stringify({ port, word } satisfies Place), { mode: 0o600 });
  renameSync(`${place}.new`, place);
  return server.unref();
}

interface Asked {
  readonly word: string;
  readonly question: Question;
}

/** @returns undefined for whoever found the port and does not know the word, whatever they say */
function questionIn(line: string, word: string): Question | undefined {
  try {
    const asked = JSON.parse(line) as Asked | null;
    return asked?.word === word ? asked.question : undefined;
  } catch {
    return undefined;
  }
}

function tell(socket: Socket, reply: Reply): void {
  if (socket.writable) socket.write(`${JSON.stringify(reply)}\n`);
}

/** Asks one question. Where the process that should answer is replaced meanwhile, the next one is asked. */
export async function ask<Kind extends Question['about']>(
  place: string,
  question: About<Kind>,
): Promise<AnswerTo<Kind>> {
  for (;;) {
    const reply = await tryToAsk(place, question);
    if (reply === undefined) await new Promise((resume) => setTimeout(resume, BETWEEN_TRIES));
    else if ('failure' in reply) throw new Error(reply.failure);
    else return reply.answer as AnswerTo<Kind>;
  }
}

/** @returns undefined where nobody listens, or whoever did has ended */
function tryToAsk(place: string, question: Question): Promise<Reply | undefined> {
  return new Promise((resume) => {
    const at = placeIn(place);
    if (!at) {
      resume(undefined);
      return;
    }
    const asked: Asked = { word: at.word, question };
    const socket = connect(at.port, '127.0.0.1', () => socket.write(`${JSON.stringify(asked)}\n`));
    socket.once('error', () => resume(undefined)).once('close', () => resume(undefined));
    createInterface(socket)
      .on('error', () => undefined)
      .once('line', (line) => {
        resume(JSON.parse(line) as Reply);
        socket.end();
      });
  });
}

function placeIn(file: string): Place | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Place;
  } catch {
    // The process has not begun to listen.
    return undefined;
  }
}
