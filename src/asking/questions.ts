import { rmSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import type { Answers, Question } from './messages.ts';

/**
 * How a worker of the runner asks the process that asks the target: over a socket of the file system in the folder of the
 * run, which nobody else can open; on Windows a named pipe. A line of JSON each way.
 */

type AnswerTo<Kind extends Question['about']> = Answers[Kind];
type About<Kind extends Question['about']> = Extract<Question, { readonly about: Kind }>;
type Reply = { readonly answer: unknown } | { readonly failure: string };

/** Milliseconds between two tries to reach a process that is being replaced. */
const BETWEEN_TRIES = 100;

/** @param folder of the run */
export function addressOfQuestions(folder: string): string {
  return process.platform === 'win32' ? `\\\\.\\pipe\\${folder.replace(/\W+/g, '-')}` : `${folder}/asking`;
}

/** Answers each question when it can: a worker waits for as long as the target takes. */
export async function answerQuestions(
  address: string,
  answer: (question: Question) => Promise<unknown>,
): Promise<Server> {
  const server = createServer((socket) => {
    // A worker that was ended hears no answer.
    socket.on('error', () => undefined);
    createInterface(socket).on('line', (line) => {
      void answer(JSON.parse(line) as Question).then(
        (given) => tell(socket, { answer: given }),
        (error: unknown) => tell(socket, { failure: (error as Error).message }),
      );
    });
  });
  // One that was killed leaves its socket behind.
  if (process.platform !== 'win32') rmSync(address, { force: true });
  await new Promise<void>((listening, fail) => {
    server.once('error', fail).listen(address, listening);
  });
  return server.unref();
}

function tell(socket: Socket, reply: Reply): void {
  if (socket.writable) socket.write(`${JSON.stringify(reply)}\n`);
}

/** Asks one question. Where the process that should answer is replaced meanwhile, the next one is asked. */
export async function ask<Kind extends Question['about']>(
  address: string,
  question: About<Kind>,
): Promise<AnswerTo<Kind>> {
  for (;;) {
    const reply = await tryToAsk(address, question);
    if (reply === undefined) await new Promise((resume) => setTimeout(resume, BETWEEN_TRIES));
    else if ('failure' in reply) throw new Error(reply.failure);
    else return reply.answer as AnswerTo<Kind>;
  }
}

/** @returns undefined where nobody listens, or whoever did has ended */
function tryToAsk(address: string, question: Question): Promise<Reply | undefined> {
  return new Promise((resume) => {
    const socket = connect(address, () => socket.write(`${JSON.stringify(question)}\n`));
    socket.once('error', () => resume(undefined)).once('close', () => resume(undefined));
    createInterface(socket)
      .on('error', () => undefined)
      .once('line', (line) => {
        resume(JSON.parse(line) as Reply);
        socket.end();
      });
  });
}
