import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';

/**
 * Where keys are made and revoked while a server runs, beside its API: mock/key-command.js speaks to it, which is the key
 * command that the server is judged with.
 *
 * @param {Record<string, (wish: any) => unknown>} actions by name, each with what the command was given; one that is not there
 *   the server cannot do, and one that throws has its message said
 */
export async function openKeyConsole(actions) {
  const server = createServer(async (request, response) => {
    try {
      const wish = JSON.parse(await text(request));
      const action = actions[wish.action];
      response.end(JSON.stringify(action ? ((await action(wish)) ?? {}) : { unsupported: true }));
    } catch (error) {
      response.writeHead(400).end(JSON.stringify({ error: error instanceof Error ? error.message : String(error) }));
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const address = /** @type {import('node:net').AddressInfo} */ (server.address());
  process.stdout.write(`keys http://127.0.0.1:${address.port}/\n`);
}
