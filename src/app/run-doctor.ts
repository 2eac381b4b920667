import type { DoctorDocument } from '../core/doctor.ts';
import type { ExitCode } from '../core/errors.ts';
import type { Host } from '../host/host.ts';
import { renderDoctorJson } from '../report/doctor.ts';
import { renderDoctorMarkdown } from '../report/doctor-markdown.ts';
import { renderDoctorText } from '../report/doctor-text.ts';
import { examine } from './doctor/examine.ts';
import { worst } from './each-target.ts';
import { targetsOf } from './load.ts';
import type { CommonOptions } from './options.ts';
import { pageOf } from './print.ts';

/** What is in order, what is not, and what to do about it; writes nothing anywhere. */
export async function runDoctor(host: Host, options: CommonOptions): Promise<ExitCode> {
  const documents: DoctorDocument[] = [];
  const codes: ExitCode[] = [];
  for (const target of await targetsOf(options)) {
    const { document, code } = await examine(host, options, target);
    documents.push(document);
    codes.push(code);
  }
  print(host, options, documents);
  return worst(codes);
}

function print(host: Host, options: CommonOptions, documents: readonly DoctorDocument[]): void {
  if (options.format === 'json') return host.out(renderDoctorJson(documents, options.allTargets));
  const texts = documents.map((document) =>
    options.format === 'markdown'
      ? renderDoctorMarkdown(document)
      : renderDoctorText(document, pageOf(host, options)),
  );
  host.out(texts.join('\n'));
}
