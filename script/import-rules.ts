/**
 * Who may import whom, each rule with what breaks without it; `npm run imports` checks them (circles are lint's,
 * import/no-cycle). This file is the only place where they are written down.
 */
export type ImportRule = {
  readonly files: readonly string[];
  /** Specifiers that are allowed, as regular expressions from the start; everything else is refused. */
  readonly allow: readonly string[];
  readonly reason: string;
};

const SELF = '\\./';
const CORE = '(\\.\\./)+core/';
const PORT = '(\\.\\./)+kinds/(client|kind)\\.ts$';

export const IMPORT_RULES: readonly ImportRule[] = [
  {
    files: ['src/core/*.ts'],
    allow: [SELF, '@sideway/address$', 'fastest-levenshtein$'],
    reason: 'core decides and touches nothing: what it says must follow from its arguments alone',
  },
  {
    files: ['src/core/digest.ts'],
    allow: [SELF, 'node:crypto$'],
    reason: 'core decides and touches nothing; a hash is still a function of its argument',
  },
  {
    files: ['src/kinds/*.ts'],
    allow: ['\\./(client|kind)\\.ts$', '\\./[a-z-]+/kind\\.ts$', CORE, 'lossless-json$'],
    reason:
      'the registry names kinds and the ports name nothing else, so that a kind is one folder and one line',
  },
  {
    files: ['src/kinds/*/*.ts'],
    allow: [SELF, '\\.\\./(client|kind)\\.ts$', CORE],
    reason:
      'a kind knows its own folder and the ports: one that knows a sibling, a client or the engine cannot be added or taken away alone',
  },
  {
    files: [
      'src/kinds/*/{shape,schema,statement,observe,subscribers,compose,level,judge,features,selector,forbid,rule,rule-schema}.ts',
    ],
    allow: [
      '\\./(shape|schema|statement|observe|subscribers|compose|level|judge|features|selector|forbid|rule-schema)\\.ts$',
      '\\.\\./(client|kind)\\.ts$',
      CORE,
    ],
    reason: 'what describes a kind must not reach the workspace, or a diff could',
  },
  {
    files: ['src/config/*.ts'],
    allow: [SELF, CORE, PORT, 'yaml$', 'node:(path|crypto)$'],
    reason:
      'text becomes values here; a loader that reads files or the workspace by itself cannot be tried on text',
  },
  {
    files: ['src/config/disk-reader.ts'],
    allow: [SELF, 'node:fs(/promises)?$', 'node:path$', 'tinyglobby$'],
    reason: 'the one door of the configuration to the disk',
  },
  {
    files: ['src/engine/*.ts'],
    allow: [SELF, CORE, PORT, 'p-limit$'],
    reason:
      'the engine conducts over ports; if it knew a kind, a client or a file format, each new one would change it',
  },
  {
    files: ['src/record/*.ts'],
    allow: [SELF, CORE, PORT, 'node:(crypto|fs/promises|path)$'],
    reason: 'the record must be readable without the engine that wrote it',
  },
  {
    files: ['src/databricks/*.ts'],
    allow: [
      SELF,
      CORE,
      PORT,
      'https-proxy-agent$',
      'lossless-json$',
      'p-limit$',
      'node:(http|https|stream|timers/promises)$',
    ],
    reason: 'the client speaks HTTP and knows no kind, so that every kind gets the same manners',
  },
  {
    files: ['src/databricks/transport.ts'],
    allow: [SELF, CORE, PORT, 'axios$', 'node:(http|https)$'],
    reason:
      'an AxiosError carries the token and the body, so axios stays in the one file that never lets one out',
  },
  {
    files: ['src/databricks/auth/*.ts'],
    allow: [SELF, '\\.\\./[a-z-]+\\.ts$', CORE, PORT, 'ini$'],
    reason: 'signing in is settled before there is a client',
  },
  {
    files: ['src/databricks/auth/token-endpoint.ts'],
    allow: [SELF, '\\.\\./[a-z-]+\\.ts$', CORE, PORT, 'oauth4webapi$'],
    reason:
      'an error of oauth4webapi carries the answer with its token, so it stays in the one file that never lets one out',
  },
  {
    files: ['src/references/*.ts'],
    allow: [SELF, CORE, PORT],
    reason: 'a scan for users of a destination reads through the port, read-only like every plan',
  },
  {
    files: ['src/report/*.ts'],
    allow: [SELF, CORE, 'picocolors$', 'diff$'],
    reason:
      'a report is a function of a saved plan: it must be possible elsewhere, later, without credentials',
  },
  {
    files: ['src/host/*.ts'],
    allow: [SELF, CORE, 'node:'],
    reason: 'a host is where we run, not what we do there',
  },
  {
    files: ['src/host/github/*.ts'],
    allow: [SELF, '\\.\\./[a-z-]+\\.ts$', CORE, '@actions/(core|github)$', 'node:'],
    reason: "GitHub's toolkit lives here alone, so that a use-case can be tried without a runner",
  },
  {
    files: ['src/sandbox/*.ts', 'src/sandbox/routes/*.ts'],
    allow: [SELF, '\\.\\./[a-z-]+\\.ts$', CORE, 'lossless-json$', 'node:'],
    reason: 'a simulated workspace that shared our client or our kinds would share their mistakes',
  },
  {
    files: ['src/app/*.ts'],
    allow: [SELF, '\\.\\./', 'commander$', 'node:path$'],
    reason: 'use-cases compose; streams, files and sockets belong to a host or a client',
  },
  {
    files: ['src/app/action/*.ts'],
    allow: [SELF, '(\\.\\./)+', 'node:path$'],
    reason: 'the action composes the same use-cases as the command line, and nothing of it is known to them',
  },
  {
    files: ['src/app/doctor/*.ts'],
    allow: [SELF, '(\\.\\./)+'],
    reason:
      'what is looked at is composed of what is there already, and looks through a client that cannot write',
  },
  {
    files: ['src/*.ts'],
    allow: ['\\./app/(program|action/run-action)\\.ts$', '\\./host/'],
    reason: 'an entry starts a host and nothing else',
  },
];
