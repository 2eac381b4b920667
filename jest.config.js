export default {
  testEnvironment: 'node',
  // One worker fewer than cores is the default, which on two cores is one.
  maxWorkers: '100%',
  // A test that hangs is to end; how fast one is on a busy machine is not what is tested.
  testTimeout: 60_000,
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: { parser: { syntax: 'typescript' }, target: 'es2023' },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
};
