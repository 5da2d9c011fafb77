import childProcess, { ChildProcess } from 'node:child_process';
import dgram from 'node:dgram';
import dns from 'node:dns';
import { syncBuiltinESMExports } from 'node:module';
import { Server, Socket } from 'node:net';

export interface Isolation {
  /** What was tried since `begin`, in sentences, also where the code under test minds no error. */
  readonly tried: readonly string[];
  readonly end: () => void;
}

type Method = (...args: never[]) => unknown;

/** Where every socket, every process and so every browser begins, whatever module asks for it. */
const PLACES: readonly (readonly [owner: object, name: string, what: string])[] = [
  [Socket.prototype, 'connect', 'a connection was opened'],
  [Server.prototype, 'listen', 'a server was started'],
  [dgram.Socket.prototype, 'bind', 'a socket was bound'],
  [dns, 'lookup', 'a name was looked up'],
  [dns.promises, 'lookup', 'a name was looked up'],
  [ChildProcess.prototype, 'spawn', 'a process was started'],
  [childProcess, 'spawnSync', 'a process was started'],
  [childProcess, 'execFileSync', 'a process was started'],
  [childProcess, 'execSync', 'a process was started'],
];

const INSTEAD =
  'a test in selftest/unit has no socket, no process and no browser. Call the function in process, or move the test to selftest/judged (a mock is asked) or selftest/runs (a command is run).';

/** Keeps this process from opening sockets and from starting processes, until it is ended. */
export function isolate(): Isolation {
  const tried: string[] = [];
  const kept = PLACES.map(([owner, name]) => Reflect.get(owner, name) as Method);
  for (const [owner, name, what] of PLACES)
    Reflect.set(owner, name, () => {
      const sentence = `${what}: ${INSTEAD}`;
      tried.push(sentence);
      throw new Error(sentence);
    });
  syncBuiltinESMExports();
  return {
    tried,
    end: () => {
      for (const [index, [owner, name]] of PLACES.entries()) Reflect.set(owner, name, kept[index]);
      syncBuiltinESMExports();
    },
  };
}
