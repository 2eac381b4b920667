import { describe, expect, test } from '@jest/globals';
import { renderJson, renderValidateJson } from '../../src/report/json.ts';
import { aChange, aPlan, aValidation } from './support/builders.ts';
import { PLANS } from './support/plans.ts';

describe('renderJson', () => {
  test('prints one plan as one document that ends with a line break', () => {
    const plan = PLANS['every-verb']!;
    const json = renderJson([plan]);
    expect(json.endsWith('}\n')).toBe(true);
    expect(JSON.parse(json)).toEqual(plan);
  });

  test('prints several plans as one document', () => {
    const plan = aPlan();
    expect(JSON.parse(renderJson([plan, plan]))).toEqual({ format_version: '1.0', plans: [plan, plan] });
    expect(JSON.parse(renderJson([plan], true))).toEqual({ format_version: '1.0', plans: [plan] });
    expect(JSON.parse(renderJson([], false))).toEqual({ format_version: '1.0', plans: [] });
  });

  test('gives equal bytes for equal plans, whatever the order of their keys', () => {
    const change = aChange();
    const turned = Object.fromEntries(Object.entries(change).reverse()) as typeof change;
    expect(renderJson([aPlan({ changes: [turned] })])).toBe(renderJson([aPlan({ changes: [change] })]));
  });

  test('begins with what a person looks for first', () => {
    const keys = Object.keys(JSON.parse(renderJson([aPlan()])) as object);
    expect(keys.slice(0, 5)).toEqual(['format_version', 'tool', 'config', 'workspace', 'summary']);
  });

  test('escapes what a terminal or a runner would obey', () => {
    const plan = aPlan({ notes: ['\u009B2J \u202E ##[error]x'] });
    expect(renderJson([plan])).toContain(String.raw`"\u009b2J \u202e \u0023#[error]x"`);
    expect(JSON.parse(renderJson([plan]))).toEqual(plan);
  });
});

describe('renderValidateJson', () => {
  test('prints a validation', () => {
    expect(JSON.parse(renderValidateJson(aValidation()))).toEqual(aValidation());
  });
});
