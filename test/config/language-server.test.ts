import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  createMessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
  type MessageConnection,
} from 'vscode-jsonrpc/node';

const schema = new URL('../../schemas/notifications.schema.json', import.meta.url).href;
const server = createRequire(import.meta.url).resolve('yaml-language-server/bin/yaml-language-server');

let child: ChildProcess;
let connection: MessageConnection;
const published = new Map<string, (messages: readonly string[]) => void>();

beforeAll(async () => {
  child = spawn(process.execPath, [server, '--stdio'], { stdio: ['pipe', 'pipe', 'ignore'] });
  if (child.stdout === null || child.stdin === null) throw new Error('no pipes');
  connection = createMessageConnection(
    new StreamMessageReader(child.stdout),
    new StreamMessageWriter(child.stdin),
  );
  const yaml = {
    schemas: { [schema]: ['*.yml'] },
    completion: true,
    hover: true,
    validate: true,
    schemaStore: { enable: false },
  };
  connection.onRequest('workspace/configuration', ({ items }: { items: readonly { section: string }[] }) =>
    items.map(({ section }) => (section === 'yaml' ? yaml : null)),
  );
  connection.onRequest('client/registerCapability', () => null);
  connection.onNotification(
    'textDocument/publishDiagnostics',
    ({ uri, diagnostics }: { uri: string; diagnostics: readonly { message: string }[] }) => {
      if (diagnostics.length > 0) published.get(uri)?.(diagnostics.map(({ message }) => message));
    },
  );
  connection.listen();
  await connection.sendRequest('initialize', {
    processId: process.pid,
    rootUri: null,
    capabilities: {
      workspace: { configuration: true, didChangeConfiguration: { dynamicRegistration: true } },
      textDocument: { hover: {}, completion: {} },
    },
  });
  await connection.sendNotification('initialized', {});
  await connection.sendNotification('workspace/didChangeConfiguration', { settings: { yaml } });
  // The server is ready once it has judged a document by our schema.
  await flagged('ready', 'version: 2\n');
}, 20_000);

afterAll(async () => {
  connection.dispose();
  child.kill();
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
});

async function open(name: string, text: string): Promise<string> {
  const uri = `file:///editor/${name}.yml`;
  await connection.sendNotification('textDocument/didOpen', {
    textDocument: { uri, languageId: 'yaml', version: 1, text },
  });
  return uri;
}

function flagged(name: string, text: string): Promise<readonly string[]> {
  return new Promise((resolve, reject) => {
    published.set(`file:///editor/${name}.yml`, resolve);
    open(name, text).catch(reject);
  });
}

describe('an editor with our schema', () => {
  test('completes keys', async () => {
    const uri = await open('complete', 'version: 1\njobs:\n  etl:\n    noti\n');
    const { items } = await connection.sendRequest<{ items: readonly { label: string }[] }>(
      'textDocument/completion',
      {
        textDocument: { uri },
        position: { line: 3, character: 8 },
      },
    );
    expect(items.map(({ label }) => label)).toEqual(
      expect.arrayContaining(['notify', 'notification_settings', 'mode']),
    );
  });

  test('completes choices', async () => {
    const uri = await open('choose', 'version: 1\nsettings:\n  bundle_jobs: \n');
    const { items } = await connection.sendRequest<{ items: readonly { label: string }[] }>(
      'textDocument/completion',
      {
        textDocument: { uri },
        position: { line: 2, character: 15 },
      },
    );
    expect(items.map(({ label }) => label)).toEqual(expect.arrayContaining(['report', 'manage', 'skip']));
  });

  test('explains a key', async () => {
    const uri = await open('explain', 'version: 1\njobs:\n  etl:\n    strict: true\n');
    const hover = await connection.sendRequest('textDocument/hover', {
      textDocument: { uri },
      position: { line: 3, character: 6 },
    });
    expect(JSON.stringify(hover)).toContain('Also empties every known event');
  });

  test('flags an unknown key and a wrong value, and nothing else', async () => {
    const messages = await flagged(
      'flag',
      'version: 1\njobs:\n  etl:\n    notfy: {}\n    strict: ${var.strict}\n  two:\n    mode: exat\n',
    );
    expect(messages).toHaveLength(2);
    expect(messages.join('\n')).toMatch(/notfy/);
    expect(messages.join('\n')).toMatch(/exact/);
  });
});
