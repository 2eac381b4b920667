import type { Diagnostic, Position } from '../core/diagnostic.ts';
import { didYouMean, suggest } from '../core/suggest.ts';
import { Ref, type Scalar } from '../core/value.ts';
import { isOwnCredential } from './credentials.ts';
import type { Field, Tree } from './tree.ts';

/** What references may mean in one run. */
export type Scope = {
  readonly variables: ReadonlyMap<string, Field>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly target: string | null;
  /** The target's `secrets`: name in the file -> environment variable. */
  readonly secretNames: ReadonlyMap<string, string>;
  readonly destinations: ReadonlySet<string>;
  /** Environment variables that some `${secrets.X}` of any target reads. */
  readonly secretVariables: ReadonlySet<string>;
};

export type Found =
  | { readonly is: 'variable'; readonly name: string; readonly value: Tree }
  | { readonly is: 'value'; readonly value: Scalar | Ref }
  | {
      readonly is: 'secret';
      readonly name: string;
      readonly variable: string;
      readonly text: string | undefined;
    }
  | { readonly is: 'wrong'; readonly diagnostic: Diagnostic };

/** What one reference, without its braces, stands for. */
export function lookUp(scope: Scope, reference: string, at: Position): Found {
  const dot = reference.indexOf('.');
  const namespace = dot === -1 ? reference : reference.slice(0, dot);
  const find = Object.hasOwn(NAMESPACES, namespace) ? NAMESPACES[namespace] : undefined;
  if (find !== undefined && dot !== -1) return find(scope, reference.slice(dot + 1), at);
  const nearest = find === undefined ? suggest(namespace, Object.keys(NAMESPACES)) : undefined;
  const hint =
    nearest === undefined || dot === -1
      ? ALLOWED
      : `did you mean "\${${nearest}.${reference.slice(dot + 1)}}"? ${ALLOWED}`;
  return wrong('bad-reference', `\${${reference}} is not a reference that is known`, at, hint);
}

const ALLOWED = 'allowed: ${var.NAME}, ${env.NAME}, ${secrets.NAME}, ${target.name}, ${destinations.KEY.id}';
const VARIABLE_NAME = /^[A-Za-z_]\w*$/;

const NAMESPACES: Readonly<Record<string, (scope: Scope, name: string, at: Position) => Found>> = {
  var: findVariable,
  env: findEnvironment,
  secrets: findSecret,
  target: findTarget,
  destinations: findDestination,
};

function findVariable(scope: Scope, name: string, at: Position): Found {
  const variable = scope.variables.get(name);
  if (variable !== undefined) return { is: 'variable', name, value: variable.value };
  const message = `the variable "${name}" is not defined`;
  return wrong('undefined-variable', message, at, didYouMean(name, [...scope.variables.keys()]));
}

function findEnvironment(scope: Scope, name: string, at: Position): Found {
  if (isOwnCredential(name)) return refuseCredential(name, at);
  if (scope.secretVariables.has(name)) {
    const message = `\${env.${name}} would show what \${secrets.${name}} keeps secret`;
    return wrong('secret-as-environment', message, at, `write \${secrets.${name}}`);
  }
  const value = Object.hasOwn(scope.env, name) ? scope.env[name] : undefined;
  if (value !== undefined) return { is: 'value', value };
  const known = Object.keys(scope.env).filter(
    (variable) => !isOwnCredential(variable) && !scope.secretVariables.has(variable),
  );
  const nearest = suggest(name, known);
  const hint = nearest === undefined ? 'in a workflow, pass it under `env:`' : `did you mean "${nearest}"?`;
  return wrong('undefined-environment', `the environment variable ${name} is not set`, at, hint);
}

function findSecret(scope: Scope, name: string, at: Position): Found {
  const variable = scope.secretNames.get(name) ?? name;
  if (!VARIABLE_NAME.test(variable)) {
    const message = `"${variable}" cannot be the name of an environment variable`;
    return wrong('bad-reference', message, at, 'use letters, digits and underscores');
  }
  if (isOwnCredential(variable)) return refuseCredential(variable, at);
  const value = Object.hasOwn(scope.env, variable) ? scope.env[variable] : undefined;
  return {
    is: 'secret',
    name,
    variable,
    text: value === undefined || value.trim() === '' ? undefined : value,
  };
}

function findTarget(scope: Scope, name: string, at: Position): Found {
  if (name !== 'name')
    return wrong('bad-reference', `\${target.${name}} is not a reference that is known`, at, ALLOWED);
  if (scope.target !== null) return { is: 'value', value: scope.target };
  return wrong(
    'undefined-variable',
    '${target.name} has no value, as there are no targets',
    at,
    'declare one under `targets`',
  );
}

function findDestination(scope: Scope, name: string, at: Position): Found {
  if (!name.endsWith('.id')) {
    return wrong(
      'bad-reference',
      `\${destinations.${name}} is not a reference that is known`,
      at,
      'only the id: ${destinations.KEY.id}',
    );
  }
  const key = name.slice(0, -'.id'.length);
  if (scope.destinations.has(key)) return { is: 'value', value: new Ref(`destination/${key}`) };
  return wrong(
    'undefined-destination',
    `there is no destination "${key}"`,
    at,
    didYouMean(key, [...scope.destinations]),
  );
}

function refuseCredential(variable: string, at: Position): Found {
  const message = `${variable} is a credential of lakebell itself or of the runner, and a configuration may not read it`;
  return wrong('reserved-environment', message, at, 'use a variable of another name');
}

function wrong(code: string, message: string, at: Position, hint: string): Found {
  return { is: 'wrong', diagnostic: { code, severity: 'error', message, at, hint } };
}
