import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import type { RecordDocument } from '../../src/core/record.ts';
import type { RecordStore } from '../../src/record/port.ts';
import { serialiseRecord, stampRecord } from '../../src/record/record.ts';
import { workspaceRecord } from '../../src/record/workspace.ts';
import { aFullRecord, aTiming, SCOPE, STAMP } from './support/builders.ts';
import { MemoryWorkspace } from './support/memory-workspace.ts';

/** What is left of a process's life: every operation takes one of it, and so does every byte that is written. */
const life = { left: Infinity, done: [] as string[] };

class Death extends Error {}

function live(what: string): void {
  if (life.left <= 0) throw new Death('the process is dead');
  life.left -= 1;
  life.done.push(what);
}

async function openMortal(...args: Parameters<typeof fs.open>) {
  live('open');
  const file = await fs.open(...args);
  return {
    writeFile: async (text: string) => {
      const bytes = Buffer.from(text, 'utf8');
      const written = Math.min(life.left, bytes.length);
      life.left -= written;
      life.done.push('write');
      if (written > 0) await file.write(bytes.subarray(0, written));
      if (written < bytes.length) throw new Death('the process died while it wrote');
    },
    sync: async () => {
      live('sync');
      await file.sync();
    },
    close: () => file.close(),
  };
}

jest.unstable_mockModule('node:fs/promises', () => ({
  ...fs,
  open: openMortal,
  rename: (...args: Parameters<typeof fs.rename>) => {
    live('rename');
    return fs.rename(...args);
  },
  rm: (...args: Parameters<typeof fs.rm>) => {
    live('rm');
    return fs.rm(...args);
  },
}));
const { fileRecord } = await import('../../src/record/file.ts');

const OWNER = { owner: 'sp-apply', run: 'laptop' };
const PATH = '/Users/sp@example.test/.lakebell/data-platform/prod.json';
const OLD = aFullRecord();
const NEW = stampRecord({ ...OLD, jobs_seen: 41, objects: {} }, STAMP);

const folders: string[] = [];

afterEach(async () => {
  life.left = Infinity;
  await Promise.all(folders.splice(0).map((folder) => fs.rm(folder, { recursive: true, force: true })));
});

describe('a process that dies while it saves', () => {
  test('to a local file leaves the old record or the new one, at whatever byte it died', async () => {
    const path = await aPath();
    const store = fileRecord(path, SCOPE, aTiming());
    await store.lock(OWNER);
    await store.save(OLD);
    const bytes = Buffer.byteLength(serialiseRecord(NEW));
    const serials = new Set<number | undefined>();
    for (let left = 0; !serials.has(NEW.serial); left += 1) {
      life.left = left;
      const end = await store.save(NEW).then(() => 'saved', String);
      life.left = Infinity;
      const found = await fileRecord(path, SCOPE, aTiming()).load();
      expect([left, found]).toEqual([left, found?.serial === NEW.serial ? NEW : OLD]);
      if (end === 'saved') expect(found?.serial).toBe(NEW.serial);
      serials.add(found?.serial);
      expect(left).toBeLessThan(bytes + 10);
    }
    expect([...serials]).toEqual([OLD.serial, NEW.serial]);
  }, 60_000);

  test('to a local file has everything on the disk before the old one is given up', async () => {
    const store = fileRecord(await aPath(), SCOPE, aTiming());
    await store.lock(OWNER);
    life.done.length = 0;
    await store.save(OLD);
    expect(life.done).toEqual(['open', 'write', 'sync', 'rename', 'open', 'sync']);
  });

  test.each(['lost-before', 'lost-after'] as const)(
    'to a workspace file leaves the old record or the new one, at whatever request (%s)',
    async (kind) => {
      for (let left = 0, isSaved = false; !isSaved; left += 1) {
        const { workspace, store } = await aWorkspace();
        const from = workspace.sent.length + left;
        // The last one acts or not, and then there is nobody to send another.
        workspace.fault = () => {
          if (workspace.sent.length <= from) return undefined;
          return workspace.sent.length === from + 1 ? kind : 'lost-before';
        };
        isSaved = await store.save(NEW).then(
          () => true,
          () => false,
        );
        workspace.fault = () => undefined;
        const found = await storeOn(workspace).load();
        expect([left, found]).toEqual([left, found?.serial === NEW.serial ? NEW : OLD]);
        if (isSaved) expect(found).toEqual(NEW);
        expect(left).toBeLessThan(5);
      }
    },
  );
});

describe('a record that was cut short', () => {
  const text = serialiseRecord(OLD);
  // Without the line's end it is whole.
  const lengths = Array.from({ length: text.length - 1 }, (_, length) => length);

  test('in a local file is refused at every length', async () => {
    const path = await aPath();
    for (const length of lengths) {
      await fs.writeFile(path, text.slice(0, length));
      expect([length, await refusalOf(fileRecord(path, SCOPE, aTiming()))]).toEqual([
        length,
        damaged(`file ${path}`),
      ]);
    }
  }, 30_000);

  test('in a workspace file is refused at every length', async () => {
    const workspace = new MemoryWorkspace();
    for (const length of lengths) {
      workspace.files.set(PATH, text.slice(0, length));
      expect([length, await refusalOf(storeOn(workspace))]).toEqual([
        length,
        damaged(`workspace file ${PATH}`),
      ]);
    }
  });
});

describe('a record that somebody replaces while a run has it', () => {
  test.each<[string, Partial<RecordDocument>]>([
    ['another lineage', { lineage: '7a6c1d7e-6a0a-4c3e-8a43-5b3a3f0d2c11', serial: OLD.serial + 1 }],
    ['an older copy', { serial: OLD.serial - 1 }],
  ])('by %s is refused when it is read again under the lock', async (_what, changes) => {
    const { workspace, store } = await aWorkspace();
    await store.load();
    workspace.files.set(PATH, serialiseRecord({ ...OLD, ...changes }));
    await expect(store.load()).rejects.toMatchObject({ code: 'record-lineage', exitCode: 5 });
  });

  test('by what another run saved is taken as it is', async () => {
    const { workspace, store } = await aWorkspace();
    await store.load();
    workspace.files.set(PATH, serialiseRecord(NEW));
    expect(await store.load()).toEqual(NEW);
  });
});

async function aPath(): Promise<string> {
  const folder = await fs.mkdtemp(join(tmpdir(), 'lakebell-crash-'));
  folders.push(folder);
  return join(folder, 'record.json');
}

/** One that holds the old record, and a store that has its lock. */
async function aWorkspace(): Promise<{ workspace: MemoryWorkspace; store: RecordStore }> {
  const workspace = new MemoryWorkspace();
  const store = storeOn(workspace);
  await store.lock(OWNER);
  await store.save(OLD);
  return { workspace, store };
}

function storeOn(workspace: MemoryWorkspace): RecordStore {
  return workspaceRecord(workspace, PATH, SCOPE, aTiming());
}

function refusalOf(store: RecordStore): Promise<unknown> {
  return store.load().then(
    () => 'it was read',
    (error: unknown) => (error instanceof Error ? error.message : error),
  );
}

function damaged(place: string): unknown {
  return expect.stringMatching(
    new RegExp(`^the record \\(${place.replaceAll('.', '\\.')}\\) is damaged: [^\\n]+$`),
  );
}
