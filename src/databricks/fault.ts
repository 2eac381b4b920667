import type { NoAnswer } from './wire.ts';

/** Why no answer came, as far as the error and its causes tell; nothing else of the error is kept. */
export function toNoAnswer(error: unknown): NoAnswer {
  const faults = faultsOf(error);
  const fault = faults.map(({ code }) => code).find(isSystemCode) ?? 'no complete answer';
  return { outcome: 'no-answer', reason: reasonOf(faults, fault), fault };
}

type Fault = {
  readonly code?: unknown;
  readonly message?: unknown;
  readonly syscall?: unknown;
  readonly errors?: unknown;
  readonly cause?: unknown;
};

function isSystemCode(code: unknown): code is string {
  return typeof code === 'string' && code !== AXIOS_WRAPPER;
}

/** What axios calls a body that broke off; says nothing about the network. */
const AXIOS_WRAPPER = 'ERR_BAD_RESPONSE';
const CERTIFICATE = /^(CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|ERR_TLS_CERT|HOSTNAME_MISMATCH|INVALID_CA)/;

/** axios gives it no code of its own. */
const TOO_LARGE = /^maxContentLength size of \d+ exceeded$/;

function reasonOf(faults: readonly Fault[], code: string): NoAnswer['reason'] {
  if (faults.some(({ message }) => typeof message === 'string' && TOO_LARGE.test(message)))
    return 'too-large';
  if (CERTIFICATE.test(code)) return 'untrusted';
  return faults.some(isBeforeConnection) ? 'refused' : 'broken';
}

function isBeforeConnection(fault: Fault): boolean {
  if (Array.isArray(fault.errors)) return fault.errors.length > 0 && fault.errors.every(isBeforeConnection);
  return fault.syscall === 'connect' || fault.syscall === 'getaddrinfo';
}

/** From the outermost error to the one that the system raised. */
function faultsOf(error: unknown): readonly Fault[] {
  if (typeof error !== 'object' || error === null) return [];
  const fault: Fault = error;
  return [fault, ...faultsOf(fault.cause)];
}
