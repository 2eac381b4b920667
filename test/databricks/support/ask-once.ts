import { createClient } from '../../../src/databricks/client.ts';
import { Secret } from '../../../src/core/secret.ts';

// Run by itself, as Node reads NODE_EXTRA_CA_CERTS when it starts: asks the given host, and prints how often that went well.
const [, , host = '', httpsProxy] = process.argv;
const token = Secret.of('(token)', [], 'token-of-the-tls-test');
const client = createClient({
  host,
  token: () => token,
  access: 'read',
  userAgent: 'lakebell/0',
  clock: () => 0,
  sleep: () => Promise.resolve(),
  random: () => 0,
  limits: { perSecond: 1000, retry: { attempts: 1 } },
  proxy: { httpsProxy },
});
const outcomes: string[] = [];
for (let turn = 0; turn < 3; turn += 1) {
  outcomes.push(
    await client.send({ method: 'GET', path: '/api/2.0/alerts', delivery: 'repeat' }).then(
      ({ status }) => String(status),
      (error: unknown) => String(error),
    ),
  );
}
process.stdout.write(JSON.stringify(outcomes));
