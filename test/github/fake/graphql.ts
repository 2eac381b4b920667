import { isAllowed } from './access.ts';
import type { Answer } from './answer.ts';
import { type Argument, parseQuery, type Selection, SyntaxProblem } from './graphql-syntax.ts';
import type { Identity, IssueComment, World } from './state.ts';

export type GraphqlCall = {
  readonly world: World;
  readonly identity: Identity;
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
};

type Problem = {
  readonly message: string;
  readonly type?: string;
  readonly path?: readonly string[];
  readonly extensions?: Readonly<Record<string, string>>;
};

/** Fields by type; null for those without fields of their own. */
const TYPES: Readonly<Record<string, Readonly<Record<string, string | null>>>> = {
  Query: { viewer: 'User', node: 'Node' },
  Mutation: { minimizeComment: 'MinimizeCommentPayload', unminimizeComment: 'UnminimizeCommentPayload' },
  User: { login: null },
  Node: { id: null },
  IssueComment: {
    id: null,
    databaseId: null,
    body: null,
    isMinimized: null,
    minimizedReason: null,
    author: 'User',
  },
  Minimizable: { isMinimized: null, minimizedReason: null },
  MinimizeCommentPayload: { clientMutationId: null, minimizedComment: 'Minimizable' },
  UnminimizeCommentPayload: { clientMutationId: null, unminimizedComment: 'Minimizable' },
};

const CLASSIFIERS = ['ABUSE', 'DUPLICATE', 'OFF_TOPIC', 'OUTDATED', 'RESOLVED', 'SPAM'];

/** GraphQL says no with status 200. */
export function answerGraphql(call: GraphqlCall): Answer {
  try {
    return { status: 200, body: execute(call) };
  } catch (error) {
    if (error instanceof SyntaxProblem)
      return { status: 200, body: { errors: [{ message: error.message }] } };
    throw error;
  }
}

function execute(call: GraphqlCall): unknown {
  const { kind, selections } = parseQuery(call.query);
  const unknown = selections.flatMap((selection) => unknownFields(selection, kind, [kind.toLowerCase()]));
  if (unknown.length > 0) return { errors: unknown };
  const problems: Problem[] = [];
  const entries = selections.map((selection) => {
    const resolved = resolveRoot(call, selection);
    if ('problem' in resolved) problems.push({ ...resolved.problem, path: [selection.alias] });
    const value = 'problem' in resolved ? null : pick(selection.fields, resolved.value);
    return [selection.alias, value] as const;
  });
  const data = Object.fromEntries(entries);
  return problems.length === 0 ? { data } : { data, errors: problems };
}

function unknownFields(selection: Selection, type: string, path: readonly string[]): readonly Problem[] {
  const { name, alias, fields, isFragment } = selection;
  if (isFragment) {
    if (TYPES[name] === undefined)
      return [{ message: `No such type ${name}, so it can't be a fragment condition` }];
    return fields.flatMap((field) => unknownFields(field, name, [...path, `... on ${name}`]));
  }
  if (name === '__typename') return [];
  const inner = TYPES[type]?.[name];
  const here = [...path, alias];
  if (inner === undefined) return [undefinedField(name, type, here)];
  if (inner !== null && fields.length === 0) {
    return [
      { message: `Field must have selections (field '${name}' returns ${inner} but has no selections)` },
    ];
  }
  return fields.flatMap((field) => unknownFields(field, inner ?? '', here));
}

function undefinedField(name: string, type: string, path: readonly string[]): Problem {
  const extensions = { code: 'undefinedField', typeName: type, fieldName: name };
  return { message: `Field '${name}' doesn't exist on type '${type}'`, path, extensions };
}

type Resolved = { readonly value: Readonly<Record<string, unknown>> } | { readonly problem: Problem };

function resolveRoot(call: GraphqlCall, selection: Selection): Resolved {
  const given = Object.fromEntries(
    Object.entries(selection.args).map(([name, arg]) => [name, valueOf(arg, call.variables)]),
  );
  if (selection.name === 'viewer') return { value: { __typename: 'User', login: call.identity.login } };
  if (selection.name === 'node') return resolveNode(call, String(given['id']));
  return minimize(call, selection.name, (given['input'] ?? {}) as Readonly<Record<string, unknown>>);
}

function resolveNode(call: GraphqlCall, id: string): Resolved {
  const comment = commentWith(call.world, id);
  if (comment === undefined || !isAllowed(call.identity, 'issues=read; pull_requests=read'))
    return noNode(id);
  return { value: commentFields(comment) };
}

function minimize(call: GraphqlCall, mutation: string, input: Readonly<Record<string, unknown>>): Resolved {
  const { subjectId, classifier, clientMutationId = null } = input;
  const hides = mutation === 'minimizeComment';
  if (hides && !CLASSIFIERS.includes(String(classifier))) {
    const message = `Argument 'classifier' on InputObject 'MinimizeCommentInput' has an invalid value (${String(classifier)}). Expected type 'ReportedContentClassifiers!'.`;
    return { problem: { message } };
  }
  const comment = commentWith(call.world, String(subjectId));
  if (comment === undefined) return noNode(String(subjectId));
  if (!isAllowed(call.identity, 'issues=write; pull_requests=write')) {
    return { problem: { type: 'FORBIDDEN', message: 'Resource not accessible by integration' } };
  }
  comment.isMinimized = hides;
  comment.minimizedReason = hides ? String(classifier).toLowerCase().replace('_', '-') : null;
  const minimized = commentFields(comment);
  return { value: { clientMutationId, [hides ? 'minimizedComment' : 'unminimizedComment']: minimized } };
}

function noNode(id: string): Resolved {
  const message = `Could not resolve to a node with the global id of '${id}'`;
  return { problem: { type: 'NOT_FOUND', message } };
}

function commentWith(world: World, nodeId: string): IssueComment | undefined {
  return world.repositories.flatMap(({ comments }) => comments).find((comment) => comment.nodeId === nodeId);
}

function commentFields(comment: IssueComment): Readonly<Record<string, unknown>> {
  const { id, nodeId, body, author, isMinimized, minimizedReason } = comment;
  return {
    __typename: 'IssueComment',
    id: nodeId,
    databaseId: id,
    body,
    isMinimized,
    minimizedReason,
    // Bots have no suffix here: GraphQL tells them by type.
    author: { __typename: author.type, login: author.login.replace('[bot]', '') },
  };
}

function pick(fields: readonly Selection[], from: Readonly<Record<string, unknown>>): unknown {
  const entries = fields.flatMap((field): readonly (readonly [string, unknown])[] => {
    if (field.isFragment) {
      const picked = field.name === from['__typename'] ? pick(field.fields, from) : {};
      return Object.entries(picked as Readonly<Record<string, unknown>>);
    }
    const value = from[field.name] ?? null;
    const isPlain = field.fields.length === 0 || value === null;
    return [[field.alias, isPlain ? value : pick(field.fields, value as Readonly<Record<string, unknown>>)]];
  });
  return Object.fromEntries(entries);
}

function valueOf(argument: Argument, variables: Readonly<Record<string, unknown>>): unknown {
  if (argument.kind === 'plain') return argument.value;
  if (argument.kind === 'object') {
    const entries = Object.entries(argument.members);
    return Object.fromEntries(entries.map(([name, inner]) => [name, valueOf(inner, variables)]));
  }
  if (argument.name in variables) return variables[argument.name];
  throw new SyntaxProblem(`Variable $${argument.name} was provided invalid value`);
}
