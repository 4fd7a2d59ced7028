// The forms of `get -o`, with calicoctl's words for one it does not know.
import { PortolanError } from '../../core/errors/portolan-error.ts';

export type OutputForm =
  | { readonly kind: 'yaml' }
  | { readonly kind: 'json' }
  /** NAME once for each column that was asked for. */
  | { readonly kind: 'table'; readonly columns: number };

/** Errors: PTL_CALICO_OBJECT. */
export function outputForm(text: string): OutputForm {
  if (text === 'yaml' || text === 'yml') return { kind: 'yaml' };
  if (text === 'json') return { kind: 'json' };
  if (['ps', 'wide', 'table'].includes(text)) return { kind: 'table', columns: 1 };
  const [key, value = ''] = splitOnce(text);
  if (key === 'custom-columns') return customColumns(value);
  if (key === 'go-template' || key === 'go-template-file')
    throw problem(`output format ${key} is not supported`, `-o json, and jq: jq -r .spec.natPortRange`);
  throw problem(`unrecognized output format '${text}'`, 'yaml, json, ps, wide or custom-columns=NAME');
}

function splitOnce(text: string): string[] {
  const at = text.indexOf('=');
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

function customColumns(value: string): OutputForm {
  if (value === '') throw problem('need to specify at least one column', 'custom-columns=NAME');
  const columns = value.split(',');
  const other = columns.find((column) => column !== 'NAME');
  if (other !== undefined) throw problem(`unknown heading ${other}, valid values are: NAME`, 'custom-columns=NAME');
  return { kind: 'table', columns: columns.length };
}

function problem(text: string, hint: string): PortolanError {
  return new PortolanError('PTL_CALICO_OBJECT', text, { hint });
}
