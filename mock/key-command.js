import { request } from 'node:http';
import process from 'node:process';
import { text } from 'node:stream/consumers';

/*
 * The key command of a running mock: an object of JSON comes in on standard input, goes to the mock's console, whose address
 * is the only argument, and what that says goes to standard output. JavaScript, so that Node starts it as it is: it is
 * started for each thing that is done with a key.
 */
const [address = ''] = process.argv.slice(2);

/** @param {string} sentence */
const fail = (sentence) => {
  process.stderr.write(`${sentence}\n`);
  process.exitCode = 1;
};

const body = await text(process.stdin);
const sent = request(address, { method: 'POST', agent: false }, (response) => {
  void text(response).then((answer) => {
    if (response.statusCode === 200) {
      process.stdout.write(`${answer}\n`);
      return;
    }
    /** @type {unknown} */
    const said = JSON.parse(answer);
    fail(/** @type {{ error: string }} */ (said).error);
  });
});
sent.on('error', ({ message }) => fail(`The console of the mock does not answer: ${message}`));
sent.end(body);
