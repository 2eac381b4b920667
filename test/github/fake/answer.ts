export type Answer = {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: unknown;
};

/** Thrown by whatever says no to a request. */
export class Refusal extends Error {
  override name = 'Refusal';
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    body: Readonly<Record<string, unknown>> & { readonly message: string },
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(body.message);
    this.status = status;
    this.body = body;
    this.headers = headers;
  }
}

export function notFound(): Refusal {
  return new Refusal(404, { message: 'Not Found' });
}

/** The 422 that names a field. */
export function unprocessable(resource: string, field: string, message: string): Refusal {
  return new Refusal(422, {
    message: 'Validation Failed',
    errors: [{ resource, code: 'unprocessable', field, message }],
  });
}

/** Every refusal names its page of the documentation and repeats its status. */
export function refusalAnswer(refusal: Refusal, docs: string): Answer {
  const { status, headers, body } = refusal;
  return {
    status,
    headers,
    body: { documentation_url: `https://docs.github.com/${docs}`, status: String(status), ...body },
  };
}
