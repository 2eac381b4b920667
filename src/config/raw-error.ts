/** A finding of the generated validator, before it is put into words. Both paths are JSON pointers. */
export type RawError = {
  readonly instancePath: string;
  /** From `#`, ends with the keyword. */
  readonly schemaPath: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
};

/** `/a/0/b~1c` -> `['a', '0', 'b/c']`. */
export function segmentsOf(pointer: string): readonly string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/**
 * One error for each mistake: of alternatives only what is wrong with the one that was meant, of several complaints
 * about one value only the first in `PRIORITY`.
 */
export function condense(errors: readonly RawError[]): readonly RawError[] {
  const named = errors.filter(({ schemaPath }) => !schemaPath.includes('/propertyNames/'));
  const kept = new Map<string, RawError>();
  for (const error of [...collapse(named)].sort((a, b) => rank(a) - rank(b))) {
    const mistake = `${error.instancePath} ${keyIn(error)}`;
    if (!kept.has(mistake)) kept.set(mistake, error);
  }
  return [...kept.values()];
}

/** The key that an error about a mapping is about; empty where it is about the value itself. */
export function keyIn({ params }: RawError): string {
  const key = params['additionalProperty'] ?? params['missingProperty'] ?? params['propertyName'];
  return typeof key === 'string' ? key : '';
}

const PRIORITY: readonly string[] = ['type', 'const', 'enum', 'anyOf', 'oneOf', 'minLength', 'pattern'];

function rank({ keyword }: RawError): number {
  const index = PRIORITY.indexOf(keyword);
  return index === -1 ? PRIORITY.length : index;
}

/** The validator tells what is wrong with each alternative first, and then that none fits. */
function collapse(errors: readonly RawError[]): readonly RawError[] {
  const kept: RawError[] = [];
  for (const error of errors) {
    const isChoice = error.keyword === 'anyOf' || error.keyword === 'oneOf';
    if (!isChoice) kept.push(error);
    else kept.push(...meantBranch(error, kept.splice(firstBranch(kept, error))));
  }
  return kept;
}

function firstBranch(errors: readonly RawError[], choice: RawError): number {
  const isBranch = ({ schemaPath, instancePath }: RawError): boolean =>
    schemaPath.startsWith(`${choice.schemaPath}/`) && isWithin(instancePath, choice.instancePath);
  return errors.findLastIndex((error) => !isBranch(error)) + 1;
}

/** The errors of the alternative whose type fits and that lacks least; the choice itself where that is none or several. */
function meantBranch(choice: RawError, errors: readonly RawError[]): readonly RawError[] {
  const indexOf = ({ schemaPath }: RawError): string =>
    schemaPath.slice(choice.schemaPath.length + 1).split('/')[0] ?? '';
  const branches = [...new Set(errors.map(indexOf))].map((index) =>
    errors.filter((error) => indexOf(error) === index),
  );
  const fitting = branches.filter((branch) => !branch.some((error) => isMismatch(error, choice)));
  const [meant, another] = fitting.sort((a, b) => a.length - b.length);
  return meant !== undefined && meant.length !== another?.length ? meant : [choice];
}

function isMismatch({ instancePath, keyword }: RawError, choice: RawError): boolean {
  return instancePath === choice.instancePath && keyword === 'type';
}

function isWithin(path: string, ancestor: string): boolean {
  return path === ancestor || path.startsWith(`${ancestor}/`);
}
