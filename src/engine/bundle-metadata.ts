import { MAX_METADATA_BYTES, statePath } from '../core/bundle.ts';
import { InternalError, NotFoundError, PermissionError, ToolError } from '../core/errors.ts';
import type { ApiClient } from '../kinds/client.ts';

/** The text of a bundle's metadata file, or why it could not be read. */
export type MetadataFile = { readonly text: string } | { readonly why: string };

/** Each of these paths once, and only those where a bundle keeps its state; what fails is told and stops nothing. */
export async function readMetadataFiles(
  client: ApiClient,
  paths: readonly string[],
): Promise<ReadonlyMap<string, MetadataFile>> {
  const distinct = [...new Set(paths)];
  const files = await Promise.all(distinct.map((path) => readMetadata(client, path)));
  return new Map(files.map((file, index) => [distinct[index] ?? '', file]));
}

async function readMetadata(client: ApiClient, written: string): Promise<MetadataFile> {
  const path = statePath(written);
  if (path === null) return { why: 'the path of its metadata is not one of a bundle, so it was not read' };
  try {
    return { text: await exportText(client, path) };
  } catch (error) {
    if (!(error instanceof ToolError) || error instanceof InternalError) throw error;
    return { why: whyNot(error, path) };
  }
}

async function exportText(client: ApiClient, path: string): Promise<string> {
  const { body } = await client.send({
    method: 'GET',
    path: '/api/2.0/workspace/export',
    query: { path, direct_download: true },
    delivery: 'repeat',
    answer: 'text',
    maxBytes: MAX_METADATA_BYTES,
  });
  return typeof body === 'string' ? body : '';
}

function whyNot(error: ToolError, path: string): string {
  if (error instanceof NotFoundError) return `${path} is not there, or this identity may not see it`;
  if (error instanceof PermissionError) return `this identity may not read ${path}`;
  if (error.code === 'too-large') return `${path} is larger than 1 MiB, so it was not read`;
  return `${path} could not be read: ${error.message}`;
}
