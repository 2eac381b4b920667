import { readFile, writeFile } from 'node:fs/promises';

/*
 * node script/trim-openapi.ts <path of api.github.com.json>, out of the package @octokit/openapi.
 * Writes what the tests need of GitHub's description, so that 13 MB and nine seconds of every start stay outside.
 */

type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };
type JsonObject = { readonly [name: string]: Json };

const TARGET = new URL('../test/github/openapi.json', import.meta.url);

const OPERATIONS: Readonly<Record<string, readonly string[]>> = {
  '/repos/{owner}/{repo}': ['get'],
  '/repos/{owner}/{repo}/check-runs': ['post'],
  '/repos/{owner}/{repo}/check-runs/{check_run_id}': ['patch'],
  '/repos/{owner}/{repo}/commits/{commit_sha}/pulls': ['get'],
  '/repos/{owner}/{repo}/commits/{ref}/check-runs': ['get'],
  '/repos/{owner}/{repo}/issues': ['get', 'post'],
  '/repos/{owner}/{repo}/issues/comments/{comment_id}': ['patch'],
  '/repos/{owner}/{repo}/issues/{issue_number}': ['patch'],
  '/repos/{owner}/{repo}/issues/{issue_number}/comments': ['get', 'post'],
  '/repos/{owner}/{repo}/labels': ['get'],
  '/repos/{owner}/{repo}/pulls/{pull_number}': ['get'],
};

/** GitHub describes no GraphQL in OpenAPI; what holds for every query is this much. */
const GRAPHQL: JsonObject = {
  post: {
    operationId: 'graphql',
    requestBody: {
      required: true,
      content: {
        'application/json': {
          schema: {
            type: 'object',
            properties: { query: { type: 'string' }, variables: { type: 'object' } },
            required: ['query'],
          },
        },
      },
    },
    responses: {
      '200': {
        description: '',
        content: {
          'application/json': {
            schema: {
              type: 'object',
              properties: {
                data: { type: 'object', nullable: true },
                errors: {
                  type: 'array',
                  items: {
                    type: 'object',
                    properties: { message: { type: 'string' }, type: { type: 'string' } },
                    required: ['message'],
                  },
                },
              },
            },
          },
        },
      },
    },
  },
};

/** Members whose keys are names somebody chose, not words of OpenAPI: a property may well be called `description`. */
const NAMED = new Set(['properties', 'paths', 'responses', 'content', 'headers', 'schemas', 'parameters']);
const NOISE = new Set([
  'description',
  'example',
  'examples',
  'externalDocs',
  'summary',
  'tags',
  'title',
  'links',
]);

/** The media type that Octokit asks for; Prism takes it for another one than application/json. */
const OCTOKIT_TYPE = 'application/vnd.github.v3+json';

export function trimDescription(whole: JsonObject): JsonObject {
  const paths = { ...pickOperations(whole), '/graphql': GRAPHQL };
  const components = reachedComponents(paths, whole);
  return {
    openapi: member(whole, 'openapi'),
    info: infoOf(whole),
    paths: mapValues(paths, (path) => mapValues(path as JsonObject, finishOperation)),
    components: {
      ...components,
      schemas: correctSchemas(components['schemas'] as JsonObject),
      responses: mapValues(components['responses'] as JsonObject, finishResponse),
    },
  };
}

function infoOf(whole: JsonObject): Json {
  const version = member(whole, 'info', 'version') as string;
  return {
    title: 'What lakebell uses of the GitHub REST API',
    version,
    description:
      `Taken by script/trim-openapi.ts from api.github.com.json of the package @octokit/openapi ${version} ` +
      '(https://github.com/octokit/openapi, after https://github.com/github/rest-api-description), MIT licence. ' +
      'Prose and examples are left out; /graphql is written by hand; the repository of a head may be null.',
    license: { name: 'MIT', url: 'https://spdx.org/licenses/MIT' },
  };
}

function pickOperations(whole: JsonObject): JsonObject {
  const picked = Object.entries(OPERATIONS).map(([path, methods]) => {
    const operations = methods.map((method) => [method, strip(member(whole, 'paths', path, method))]);
    return [path, Object.fromEntries(operations) as Json];
  });
  return Object.fromEntries(picked) as JsonObject;
}

/** Everything that is referred to, from one component to the next. */
function reachedComponents(from: Json, whole: JsonObject): JsonObject {
  const reached = new Map<string, Json>();
  const pending = [...referencesIn(from)];
  for (let reference = pending.pop(); reference !== undefined; reference = pending.pop()) {
    if (reached.has(reference)) continue;
    const component = strip(member(whole, ...reference.slice('#/'.length).split('/')));
    reached.set(reference, component);
    pending.push(...referencesIn(component));
  }
  const components: Record<string, Record<string, Json>> = {};
  for (const reference of [...reached.keys()].sort()) {
    const [, , section = '', name = ''] = reference.split('/');
    (components[section] ??= {})[name] = reached.get(reference) ?? null;
  }
  return components;
}

function referencesIn(value: Json): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  const own = '$ref' in value && typeof value.$ref === 'string' ? [value.$ref] : [];
  return [...own, ...Object.values(value).flatMap(referencesIn)];
}

function strip(value: Json, isNamed = false): Json {
  if (Array.isArray(value)) return value.map((item: Json) => strip(item));
  if (!isObject(value)) return value;
  const kept = Object.entries(value)
    .filter(([name]) => isNamed || !(NOISE.has(name) || name.startsWith('x-')))
    .map(([name, inner]) => [name, strip(inner, !isNamed && NAMED.has(name))] as const);
  return Object.fromEntries(kept);
}

function finishOperation(operation: Json): Json {
  const responses = mapValues(member(operation, 'responses') as JsonObject, finishResponse);
  return { ...(operation as JsonObject), responses };
}

/** A response is none without a description. */
function finishResponse(response: Json): Json {
  if (!isObject(response) || '$ref' in response) return response;
  const { content } = response;
  if (!isObject(content ?? null)) return { description: '', ...response };
  const types = content as JsonObject;
  const json = types['application/json'];
  const octokit: JsonObject = json === undefined ? {} : { [OCTOKIT_TYPE]: json };
  return { ...response, description: '', content: { ...types, ...octokit } };
}

/** GitHub answers null for the head of a fork that was deleted; its description does not say so. */
function correctSchemas(schemas: JsonObject): JsonObject {
  const corrected = ['pull-request', 'pull-request-simple'].map((name) => {
    const pull = structuredClone(member(schemas, name)) as { properties: Record<string, HeadSchema> };
    pull.properties['head']!.properties.repo = { $ref: '#/components/schemas/nullable-repository' };
    return [name, pull] as const;
  });
  return { ...schemas, ...Object.fromEntries(corrected) };
}

type HeadSchema = { properties: { repo: Json } };

function mapValues(object: JsonObject, change: (value: Json) => Json): JsonObject {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [name, change(value)]));
}

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function member(from: Json, ...names: readonly string[]): Json {
  let value = from;
  for (const name of names) {
    const inner = isObject(value) ? value[name] : undefined;
    if (inner === undefined) throw new Error(`the description has no ${names.join(' > ')}`);
    value = inner;
  }
  return value;
}

if (import.meta.main) {
  const source = process.argv[2];
  if (source === undefined)
    throw new Error('usage: node script/trim-openapi.ts <path of api.github.com.json>');
  const whole = JSON.parse(await readFile(source, 'utf8')) as JsonObject;
  await writeFile(TARGET, `${JSON.stringify(trimDescription(whole), null, 1)}\n`);
}
