import { type Answer, invalid, ok, Refusal } from '../answer.ts';
import { type FileWrite, type TreeNode, treePath } from '../file-tree.ts';
import { type Json, type JsonObject, textAt } from '../json.ts';
import { type Call, jsonBody, type Route } from '../route.ts';

const PATH = '/api/2.0/workspace';
const MAX_CONTENT_BYTES = 10 * 1024 * 1024;
const NOTEBOOK_EXTENSION = /\.(?:py|sql|scala|r)$/i;
const NOTEBOOK_HEADER = /^(?:#|--|\/\/) Databricks notebook source/;

/** Workspace files and folders. No import creates parents, and "exists" has two shapes. */
export const WORKSPACE_FILE_ROUTES: readonly Route[] = [
  { method: 'POST', path: '/api/2.0/workspace-files/import-file/{path...}', answer: importBytes },
  { method: 'POST', path: `${PATH}/import`, answer: importEncoded },
  { method: 'GET', path: `${PATH}/export`, answer: exportFile },
  { method: 'GET', path: `${PATH}/get-status`, answer: getStatus },
  { method: 'GET', path: `${PATH}/list`, answer: list },
  { method: 'POST', path: `${PATH}/mkdirs`, answer: mkdirs },
  { method: 'POST', path: `${PATH}/delete`, answer: remove },
];

function importBytes(call: Call): Answer {
  const path = treePath(`/${call.params['path'] ?? ''}`);
  const overwrite = call.query.get('overwrite') === 'true';
  const isWritten = call.world.workspace.files.write(
    asNotebook({ path, content: call.bytes, type: 'FILE', overwrite }),
  );
  if (isWritten) return ok();
  throw new Refusal(409, 'RESOURCE_ALREADY_EXISTS', `Path (${path}) already exists.`);
}

function importEncoded(call: Call): Answer {
  const body = jsonBody(call);
  const path = pathFrom(body['path']);
  const content = Buffer.from(textAt(body, 'content') ?? '', 'base64');
  if (content.length > MAX_CONTENT_BYTES) throw tooLarge();
  const file: FileWrite = { path, content, type: importedType(body), overwrite: body['overwrite'] === true };
  const isAuto = body['format'] === 'AUTO';
  if (call.world.workspace.files.write(isAuto ? asNotebook(file) : file)) return ok();
  // The service leaves the code empty here; clients have to read the text.
  throw new Refusal(400, '', `RESOURCE_ALREADY_EXISTS: Path (${path}) already exists.`);
}

function exportFile(call: Call): Answer {
  const node = call.world.workspace.files.expect(pathFrom(call.query.get('path')));
  // A folder does not fail but comes as an archive.
  const content = node.type === 'DIRECTORY' ? Buffer.from('PK\u0003\u0004(archive)') : node.content;
  if (call.query.get('direct_download') === 'true') {
    return ok(content, { 'content-type': 'application/octet-stream' });
  }
  if (content.length > MAX_CONTENT_BYTES) throw tooLarge();
  return ok({ content: content.toString('base64'), file_type: node.type === 'DIRECTORY' ? 'dbc' : 'file' });
}

function getStatus(call: Call): Answer {
  return ok(statusOf(call.world.workspace.files.expect(pathFrom(call.query.get('path')))));
}

function list(call: Call): Answer {
  const { files } = call.world.workspace;
  const node = files.expect(pathFrom(call.query.get('path')));
  const nodes = node.type === 'DIRECTORY' ? files.children(node.path) : [node];
  return ok(nodes.length === 0 ? {} : { objects: nodes.map(statusOf) });
}

function mkdirs(call: Call): Answer {
  call.world.workspace.files.mkdirs(pathFrom(jsonBody(call)['path']));
  return ok();
}

function remove(call: Call): Answer {
  const body = jsonBody(call);
  const path = pathFrom(body['path']);
  if (path === '/') throw invalid('The root folder cannot be deleted.');
  call.world.workspace.files.delete(path, body['recursive'] === true);
  return ok();
}

/** The default format makes a notebook, which needs a language. */
function importedType(body: JsonObject): 'FILE' | 'NOTEBOOK' {
  const format = textAt(body, 'format') ?? 'SOURCE';
  if (format === 'AUTO' || format === 'RAW') return 'FILE';
  if (textAt(body, 'language') === undefined) throw invalid(`The format ${format} needs a language.`);
  return 'NOTEBOOK';
}

/** A source file with the notebook header becomes a notebook and loses its extension. */
function asNotebook(file: FileWrite): FileWrite {
  const isNotebook =
    NOTEBOOK_EXTENSION.test(file.path) && NOTEBOOK_HEADER.test(file.content.toString('latin1', 0, 40));
  return isNotebook ? { ...file, type: 'NOTEBOOK', path: file.path.replace(NOTEBOOK_EXTENSION, '') } : file;
}

function statusOf(node: TreeNode): JsonObject {
  const common = {
    object_type: node.type,
    path: node.path,
    object_id: node.id,
    resource_id: String(node.id),
  };
  if (node.type === 'DIRECTORY') return common;
  return { ...common, created_at: node.createdMs, modified_at: node.modifiedMs, size: node.content.length };
}

function pathFrom(value: Json | undefined): string {
  if (typeof value !== 'string' || value === '') throw invalid('Missing required field: path');
  return treePath(value);
}

function tooLarge(): Refusal {
  return new Refusal(400, 'MAX_NOTEBOOK_SIZE_EXCEEDED', 'File size exceeds the limit of 10485760 bytes.');
}
