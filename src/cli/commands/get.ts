// portolan get: calicoctl get for FelixConfigurations.
import { PortolanError } from '../../core/errors/portolan-error.ts';
import { NOT_NAMESPACED, checkKind, checkNames } from '../calicoctl/kind-name.ts';
import { type OutputForm, outputForm } from '../calicoctl/output-form.ts';
import type { OpenedCalico } from '../calicoctl/open-calico.ts';
import type { CommandInput } from '../command-spec.ts';
import { FAILED, FINE } from '../exit-code.ts';

interface GetLine {
  /** Empty: all. */
  readonly names: readonly string[];
  readonly form: OutputForm;
  readonly isExport: boolean;
  readonly isNamespaced: boolean;
  readonly config: string | undefined;
  readonly context: string | undefined;
}

/** @returns 0 all found, 1 not. Errors: PTL_USAGE, PTL_CALICO_OBJECT, PTL_API_*. */
export async function runGet(input: CommandInput): Promise<number> {
  const line = readLine(input);
  const { surroundings } = input;
  const { withCalico } = await import('../calicoctl/with-calico.ts');
  return withCalico({ ...line, surroundings, before: '' }, (calico) => getAndPrint(calico, line, input));
}

function readLine({ flags }: CommandInput): GetLine {
  const kind = flags.operand('KIND', 'felixconfiguration');
  const names = flags.operandsLeft();
  const output = flags.text('output', 'yaml, json, ps, wide or custom-columns=NAME') ?? 'ps';
  const namespace = flags.text('namespace', 'no namespace');
  flags.text('logLevel', 'a level, for example info');
  const config = flags.text('config', "the path of calicoctl's settings");
  const context = flags.text('context', 'the name of a context');
  flags.finish();
  const form = outputForm(output);
  checkKind(kind, FAILING);
  checkNames(names, FAILING);
  const isNamespaced = namespace !== undefined || flags.isSet('allNamespaces') || flags.isSet('all');
  return { names, form, isExport: flags.isSet('export'), isNamespaced, config, context };
}

const FAILING = 'failed to get resources: ';

async function getAndPrint(calico: OpenedCalico, line: GetLine, input: CommandInput): Promise<number> {
  const { stdout, stderr } = input.surroundings;
  if (line.isNamespaced) throw new PortolanError('PTL_CALICO_OBJECT', NOT_NAMESPACED, { hint: 'leave -n and -A out' });
  const { getNamed, getAll } = await import('../calicoctl/get-objects.ts');
  const got = line.names.length === 0 ? await getAll(calico.reader) : await getNamed(calico.reader, line);
  const { printObjects } = await import('../calicoctl/print-objects.ts');
  stdout.write(printObjects(got.documents, line.form));
  if (got.failures.length === 0) return FINE;
  stderr.write(`${got.failures.map(({ text }) => text).join('\n')}\n`);
  stderr.write([...new Set(got.failures.map(({ hint }) => `hint: ${hint}\n`))].join(''));
  return FAILED;
}
