import type { Diagnostic } from './diagnostic.ts';

/** The contract's exit codes (docs/errors.md). */
export const EXIT = {
  done: 0,
  config: 1,
  pending: 2,
  permission: 3,
  api: 4,
  refused: 5,
  partial: 6,
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

type Detail = { readonly code?: string; readonly hint?: string; readonly cause?: unknown };

/** What stops a run. `message` says what happened, `hint` what to do next; branch on class or `code`, never on text. */
export abstract class ToolError extends Error {
  abstract readonly exitCode: ExitCode;
  /** Who can mend it: the user, the far side, or us. */
  abstract readonly source: 'user' | 'remote' | 'us';
  readonly code: string;
  readonly hint: string | undefined;

  constructor(message: string, code: string, detail: Detail = {}) {
    super(message, detail.cause === undefined ? undefined : { cause: detail.cause });
    this.name = new.target.name;
    this.code = detail.code ?? code;
    this.hint = detail.hint;
  }
}

/** The configuration has errors; all of them are in `diagnostics`. */
export class ConfigError extends ToolError {
  readonly exitCode = EXIT.config;
  readonly source = 'user';
  readonly diagnostics: readonly Diagnostic[];

  constructor(diagnostics: readonly Diagnostic[]) {
    const count = diagnostics.filter((diagnostic) => diagnostic.severity === 'error').length;
    super(`the configuration has ${count} ${count === 1 ? 'error' : 'errors'}`, 'config');
    this.diagnostics = diagnostics;
  }
}

/** A wrong option, input or environment variable. */
export class SettingsError extends ToolError {
  readonly exitCode = EXIT.config;
  readonly source = 'user';
  constructor(message: string, detail: Detail = {}) {
    super(message, 'settings', detail);
  }
}

/** No usable credentials, or credentials that the workspace refuses. */
export class AuthError extends ToolError {
  readonly exitCode = EXIT.permission;
  readonly source = 'user';
  constructor(message: string, detail: Detail = {}) {
    super(message, 'auth', detail);
  }
}

export type ApiFailure = {
  readonly method: string;
  readonly path: string;
  /** 0 when no answer came. */
  readonly status: number;
  readonly errorCode?: string;
  readonly requestId?: string;
  /** How often the request was sent; once where it is left out. */
  readonly attempts?: number;
  readonly hint?: string;
};

/** An answer that is not a success. Carries no header, body or configuration of the request. */
export class ApiError extends ToolError {
  readonly exitCode: ExitCode = EXIT.api;
  readonly source = 'remote';
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly errorCode: string | undefined;
  readonly requestId: string | undefined;
  readonly attempts: number;

  constructor(message: string, failure: ApiFailure, code = 'api') {
    super(message, code, failure.hint === undefined ? {} : { hint: failure.hint });
    this.method = failure.method;
    this.path = failure.path;
    this.status = failure.status;
    this.errorCode = failure.errorCode;
    this.requestId = failure.requestId;
    this.attempts = failure.attempts ?? 1;
  }
}

export class NotFoundError extends ApiError {
  constructor(message: string, failure: ApiFailure) {
    super(message, failure, 'not-found');
  }
}

/** 409, or a 400 that says "already exists". */
export class ConflictError extends ApiError {
  constructor(message: string, failure: ApiFailure) {
    super(message, failure, 'conflict');
  }
}

/** A 409 that does not say "already exists": the object was changed after it was read, and nothing was written. */
export class StaleWriteError extends ConflictError {}

export class PermissionError extends ApiError {
  override readonly exitCode = EXIT.permission;
  constructor(message: string, failure: ApiFailure) {
    super(message, failure, 'permission');
  }
}

export class RateLimitError extends ApiError {
  constructor(message: string, failure: ApiFailure) {
    super(message, failure, 'rate-limit');
  }
}

/** 5xx, or no answer at all to a request that is safe to repeat. */
export class UnavailableError extends ApiError {
  constructor(message: string, failure: ApiFailure) {
    super(message, failure, 'unavailable');
  }
}

/** A create was sent and no certain answer came: it may or may not exist. Look before sending it again. */
export class LostAnswerError extends ApiError {
  constructor(message: string, failure: ApiFailure) {
    super(message, failure, 'lost-answer');
  }
}

/** A guard, a missing or stale approval, or a held lock said no; nothing was written because of it. */
export class RefusedError extends ToolError {
  readonly exitCode = EXIT.refused;
  readonly source = 'user';
  constructor(message: string, detail: Detail = {}) {
    super(message, 'refused', detail);
  }
}

/** The record cannot be used: newer format, another lineage, damaged, or in a folder that everybody may write to. */
export class RecordError extends ToolError {
  readonly exitCode = EXIT.refused;
  readonly source = 'user';
  constructor(message: string, detail: Detail = {}) {
    super(message, 'record', detail);
  }
}

/** Somebody pressed Ctrl-C before anything was written. */
export class InterruptedError extends ToolError {
  readonly exitCode = EXIT.interrupted;
  readonly source = 'user';
  constructor(message: string) {
    super(message, 'interrupted');
  }
}

/** "Cannot happen". */
export class InternalError extends ToolError {
  readonly exitCode = EXIT.config;
  readonly source = 'us';
  constructor(message: string, detail: Detail = {}) {
    super(message, 'internal', { hint: 'this is a bug in lakebell: please report it', ...detail });
  }
}
