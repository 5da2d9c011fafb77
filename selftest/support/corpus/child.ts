import { ChildProcess } from 'node:child_process';
import { Socket } from 'node:net';
import { type Asked, carryOut, type Done, type Step } from './steps.ts';

/** What the process of `Corpus` sends: which step it begins, and at last what came of them. */
export type Message =
  | { readonly begins: Step }
  | { readonly done: Done }
  /** The document made a step throw: the stack of what it threw. */
  | { readonly threw: string };

const opened: string[] = [];

/** Notes what is connected to. Only a mock may be, which listens on this machine. */
function watchConnections(): void {
  const connect = Reflect.get(Socket.prototype, 'connect') as (...args: unknown[]) => unknown;
  Reflect.set(Socket.prototype, 'connect', function (this: Socket, ...args: unknown[]) {
    const [first] = args.flat<unknown[]>();
    const { host = 'localhost', port = '' } = (typeof first === 'object' ? first : { port: first }) as {
      host?: string;
      port?: unknown;
    };
    if (!['127.0.0.1', 'localhost', '::1'].includes(host)) opened.push(`connected to ${host}:${String(port)}`);
    return connect.apply(this, args);
  });
  const spawn = Reflect.get(ChildProcess.prototype, 'spawn') as (...args: unknown[]) => unknown;
  Reflect.set(ChildProcess.prototype, 'spawn', function (this: ChildProcess, ...args: unknown[]) {
    opened.push('started a process');
    return spawn.apply(this, args);
  });
}

function say(message: Message): void {
  process.send?.(message);
}

watchConnections();
process.on('message', (asked: Asked) => {
  opened.length = 0;
  carryOut(asked, (begins) => {
    say({ begins });
  }).then(
    (done) => {
      say({ done: { ...done, harm: [...done.harm, ...opened] } });
    },
    (error: unknown) => {
      say({ threw: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    },
  );
});
