import { type ChildProcess, fork } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { ownVariables } from '../config/variables.ts';
import type { Begin, FromAsking, Inheritance, Reported, ReportWanted, ToAsking } from './messages.ts';
import { answerQuestions } from './questions.ts';

/** Milliseconds between two looks at whether the process is alive. */
const BETWEEN_LOOKS = 1000;
/** Looks without a sign of life after which a process is ended. What takes it longest is a large contract's plan. */
const MOST_SILENT_LOOKS = 120;
/** So many times as long a process may be silent that has not said anything yet: it is being loaded. */
const WHILE_STARTING = 10;

export interface AskerOptions {
  /** The file that Node runs in the process, and its arguments: it makes an `Asking` of what it is told. */
  readonly command: readonly [file: string, ...args: string[]];
  /** The file that is to say where it listens, which it finds in its variables. */
  readonly place: string;
  /** The first process, where it has been started already. */
  readonly started?: ChildProcess | undefined;
  readonly betweenLooks?: number;
  readonly mostSilentLooks?: number;
}

interface Events {
  /** Lines for whoever watches, each with its end. */
  said: [text: string];
  preflight: [problems: readonly string[]];
  /** The operation has been asked and judged. */
  judged: [operation: string];
  requests: [requests: number, budget: number | undefined];
  /** Nobody will ask any longer, and why. */
  failed: [sentence: string];
}

/**
 * The process that asks the target, as the runner sees it. Where that process hangs or dies, another one takes its place: it
 * finds what is known already, and the operation in which it happened is given up, so that its cells are errors. Where
 * several operations were under way, that one does them one by one and shows which it is.
 */
export class Asker extends EventEmitter<Events> {
  readonly #options: AskerOptions & Required<Pick<AskerOptions, 'betweenLooks' | 'mostSilentLooks'>>;
  /** Why operations are not asked, by their ids. */
  readonly givenUp: Record<string, string> = {};
  /** What the process has been told: one that takes its place is told the same. */
  readonly #told: ToAsking[] = [];
  #child: ChildProcess;
  /** Operations that are planned, asked or judged. */
  readonly #underWay = new Set<string>();
  /** Whether a process did not come to its end with several of them. */
  #isOneByOne = false;
  #requests = 0;
  #silentLooks = 0;
  /** Whether the process has said anything. */
  #isHeard = false;
  #failure: string | undefined;
  #isClosed = false;
  #hasBegun = false;
  readonly #looking: NodeJS.Timeout;
  readonly #replies = new EventEmitter<{ [Type in FromAsking['type']]: [Extract<FromAsking, { type: Type }>] }>();

  constructor(options: AskerOptions) {
    super();
    this.#options = { betweenLooks: BETWEEN_LOOKS, mostSilentLooks: MOST_SILENT_LOOKS, ...options };
    this.#child = this.#take(options.started ?? this.#start());
    // Counted, not timed: a machine that slept for an hour has not waited.
    this.#looking = setInterval(() => this.#look(), this.#options.betweenLooks).unref();
  }

  /** Requests put on the wire so far, as the process said last. */
  get requests(): number {
    return this.#requests;
  }

  /** Whether it has been told to read the settings. */
  get isSetUp(): boolean {
    return this.#told.some(({ type }) => type === 'set up');
  }

  /** @returns what is wrong with the contract or the settings, in words for the user; undefined: nothing is */
  async setUp(needsTarget: boolean): Promise<string | undefined> {
    const reply = this.#reply('set up');
    this.#tell({ type: 'set up', needsTarget, givenUp: this.givenUp, oneByOne: false, spent: 0 });
    return (await reply).problem;
  }

  /** Has it ask for what the run is about. */
  begin(beginning: Begin): void {
    this.#tell({ type: 'begin', ...beginning });
  }

  /** Has it ask nothing more. */
  stop(): void {
    this.#tell({ type: 'stop' });
  }

  /** @returns what came of the run, and when everything is written why there is no Allure report, if there is none */
  async report(
    wanted: ReportWanted,
  ): Promise<{ readonly reported: Reported; readonly written: Promise<string | undefined> }> {
    const reply = this.#reply('reported');
    const written = this.#reply('written').then(({ problem }) => problem);
    // Who hears the first failure need not hear the second.
    written.catch(() => undefined);
    this.#tell({ type: 'report', ...wanted });
    return { reported: await reply, written };
  }

  stopWriting(): void {
    this.#tell({ type: 'stop writing' });
  }

  /** Ends the process, and waits until it is gone. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#looking);
    const child = this.#child;
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  }

  #start(): ChildProcess {
    const [file, ...args] = this.#options.command;
    return fork(file, args, {
      // Not those of the runner, which are for the runner.
      execArgv: [],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
  }

  #take(child: ChildProcess): ChildProcess {
    child.send({ variables: ownVariables() } satisfies Inheritance, () => undefined);
    child.on('message', (message: FromAsking) => this.#hear(message));
    child.on('exit', (code, signal) => this.#replace(child, `ended by itself (${signal ?? `exit code ${code}`})`));
    // A process that has just ended is told something still.
    child.on('error', () => undefined);
    this.#silentLooks = 0;
    this.#isHeard = false;
    this.#underWay.clear();
    return child;
  }

  #tell(message: ToAsking): void {
    this.#told.push(message);
    this.#send(message);
  }

  #send(message: ToAsking): void {
    if (this.#child.connected) this.#child.send(message, () => undefined);
  }

  #hear(message: FromAsking): void {
    this.#silentLooks = 0;
    this.#isHeard = true;
    if (message.type === 'asking') {
      this.#underWay.add(message.operation);
      if (message.ahead !== undefined) this.#underWay.add(message.ahead);
    } else if (message.type === 'judged') {
      this.#underWay.delete(message.operation);
      this.emit('judged', message.operation);
    } else if (message.type === 'alive') {
      this.#requests = message.requests;
      this.emit('requests', message.requests, message.budget);
    } else if (message.type === 'preflight') this.emit('preflight', message.problems);
    else if (message.type === 'said') this.emit('said', `${message.text}\n`);
    else if (message.type === 'begun') this.#sayBeginning(message.text);
    else if (message.type === 'set up') this.#replies.emit('set up', message);
    else if (message.type === 'reported') this.#replies.emit('reported', message);
    else this.#replies.emit('written', message);
  }

  /** A process that takes over says it again. */
  #sayBeginning(text: string): void {
    if (!this.#hasBegun) this.emit('said', text);
    this.#hasBegun = true;
  }

  async #reply<Type extends FromAsking['type']>(type: Type): Promise<Extract<FromAsking, { type: Type }>> {
    if (this.#failure !== undefined) throw new Error(this.#failure);
    const waiting = new AbortController();
    const failed = once(this, 'failed', { signal: waiting.signal }).then(([sentence]) => {
      throw new Error(String(sentence));
    });
    // It is aborted when the reply is there.
    failed.catch(() => undefined);
    try {
      const [message] = (await Promise.race([once(this.#replies, type), failed])) as [
        Extract<FromAsking, { type: Type }>,
      ];
      return message;
    } finally {
      waiting.abort();
    }
  }

  #look(): void {
    const most = this.#options.mostSilentLooks * (this.#isHeard ? 1 : WHILE_STARTING);
    if (++this.#silentLooks <= most) return;
    const seconds = Math.round((most * this.#options.betweenLooks) / 1000);
    const child = this.#child;
    child.removeAllListeners('exit').once('exit', () => this.#replace(child, `did not respond for ${seconds} s`));
    this.#silentLooks = Number.NEGATIVE_INFINITY;
    child.kill('SIGKILL');
  }

  #replace(child: ChildProcess, how: string): void {
    if (this.#isClosed || child !== this.#child) return;
    const [operation, another] = this.#underWay;
    if (operation === undefined) {
      this.#fail(`The process that asks the target ${how}, and no operation was being asked: please report this.`);
      return;
    }
    if (another === undefined)
      this.givenUp[operation] = `the process that asks the target ${how} while it asked or judged this operation`;
    else this.#isOneByOne = true;
    this.#child = this.#take(this.#start());
    const since = { givenUp: this.givenUp, oneByOne: this.#isOneByOne, spent: this.#requests };
    for (const message of this.#told) this.#send(message.type === 'set up' ? { ...message, ...since } : message);
  }

  #fail(sentence: string): void {
    this.#failure = sentence;
    clearInterval(this.#looking);
    this.emit('failed', sentence);
    // The workers would wait for ever.
    void answerQuestions(this.#options.place, () => Promise.reject(new Error(sentence)));
  }
}
