import { describe, expect, test } from '@jest/globals';
import type { RecordDocument } from '../../src/core/record.ts';
import { Recorder } from '../../src/engine/recorder.ts';
import { aDestination, aRecord, aRecorded } from '../support/builders.ts';

type Gate = { readonly saved: RecordDocument[]; failNext: boolean; recorder: Recorder };

function openRecorder(): Gate {
  const gate: Gate = { saved: [], failNext: false, recorder: undefined as never };
  const save = (document: RecordDocument): Promise<RecordDocument> => {
    if (gate.failNext) {
      gate.failNext = false;
      return Promise.reject(new Error('the disk is full'));
    }
    const stamped = { ...document, serial: document.serial + 1 };
    gate.saved.push(stamped);
    return Promise.resolve(stamped);
  };
  gate.recorder = new Recorder(aRecord(), { save });
  return gate;
}

const count = (recorder: Recorder): void =>
  recorder.edit((document) => ({ ...document, jobs_seen: (document.jobs_seen ?? 0) + 1 }));

describe('a recorder', () => {
  test('saves nothing where nothing was edited', async () => {
    const { recorder, saved } = openRecorder();
    await recorder.flush();
    expect(saved).toEqual([]);
  });

  test('saves every edit made before the call, and counts serials up', async () => {
    const { recorder, saved } = openRecorder();
    count(recorder);
    const first = recorder.flush();
    count(recorder);
    await Promise.all([first, recorder.flush()]);
    count(recorder);
    await recorder.flush();
    expect(saved.at(-1)).toMatchObject({ jobs_seen: 3 });
    expect(saved.map(({ serial }) => serial)).toEqual(saved.map((_one, at) => at + 2));
    expect(recorder.document.serial).toBe(saved.at(-1)?.serial);
  });

  test('lays objects in and out, seen at once and saved with the rest', async () => {
    const { recorder, saved } = openRecorder();
    const object = aRecorded(aDestination());
    recorder.lay('job/1', { ...object, id: '1' });
    recorder.lay('job/2', { ...object, id: '2' });
    count(recorder);
    recorder.lay('job/1', null);
    recorder.lay('job/3', { ...object, id: '3' });
    expect(['job/1', 'job/2', 'job/3'].map((address) => recorder.objectAt(address)?.id)).toEqual([
      undefined,
      '2',
      '3',
    ]);
    await recorder.flush();
    expect(Object.keys(saved.at(-1)?.objects ?? {})).toEqual(['job/2', 'job/3']);
    expect(saved.at(-1)?.jobs_seen).toBe(1);
  });

  test('saves plain updates in groups', async () => {
    const { recorder, saved } = openRecorder();
    for (let edits = 0; edits < 49; edits += 1) {
      count(recorder);
      await recorder.flushWhenDue();
    }
    expect(saved.length).toBe(0);
    count(recorder);
    await recorder.flushWhenDue();
    expect(saved.map(({ jobs_seen }) => jobs_seen)).toEqual([50]);
  });

  test('tells that a save failed, and takes its edits along with the next', async () => {
    const gate = openRecorder();
    count(gate.recorder);
    gate.failNext = true;
    await expect(gate.recorder.flush()).rejects.toThrow('the disk is full');
    await gate.recorder.flush();
    expect(gate.saved.map(({ jobs_seen }) => jobs_seen)).toEqual([1]);
  });
});
