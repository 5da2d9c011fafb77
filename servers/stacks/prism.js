// https://docs.stoplight.io/docs/prism: prism mock openapi.yaml
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';

const document = process.argv[2] ?? fileURLToPath(new URL('../../specs/huechat/openapi.yaml', import.meta.url));
const require = createRequire(import.meta.url);

// It has no way to ask for any free port, so one is found and given back first.
const port = await new Promise((resolve) => {
  const probe = createServer();
  probe.listen(0, '127.0.0.1', () => {
    const { port: free } = probe.address();
    probe.close(() => resolve(free));
  });
});
const prism = spawn(
  process.execPath,
  [
    require.resolve('@stoplight/prism-cli/dist/index.js'),
    'mock',
    document,
    '--host',
    '127.0.0.1',
    '--port',
    String(port),
  ],
  { stdio: ['ignore', 'pipe', 'inherit'] },
);
let isReady = false;
let printed = '';
prism.stdout.on('data', (chunk) => {
  if (isReady) return;
  printed += chunk.toString();
  if (!printed.includes('Prism is listening')) return;
  isReady = true;
  // It serves the paths without the servers' own.
  process.stdout.write(`ready http://127.0.0.1:${port}\n`);
});
prism.on('exit', (code) => {
  if (!isReady) process.stderr.write(printed);
  process.exit(code ?? 0);
});
for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => prism.kill(signal));
