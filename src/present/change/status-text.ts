// What `portolan status` says of the changes in the journal: the unfinished one whole, the others in a line each.
import { type ChangeJournal, objectTitle } from '../../core/advice/change/change.ts';
import { FIELD_PATHS } from '../../core/advice/change/change.ts';
import { namesOf, stateText } from '../../core/advice/change/field-values.ts';
import { layoutColumns } from '../column-layout.ts';
import { type Line, paintLines } from '../line.ts';
import { type Style, commandText } from '../style.ts';
import { wrapText } from '../wrap-text.ts';
import { formatResult } from './result-text.ts';
import { progressLines } from './step-text.ts';

const RESULTS_SHOWN = 10;

const STATES: Readonly<Record<ChangeJournal['state'], string>> = {
  planned: 'planned, nothing written yet',
  running: 'not finished: under way, or its program ended',
  stopped: 'stopped, waits for you',
  done: 'done',
  undoing: 'being taken back, not finished',
  undone: 'taken back',
};

/** One change, whole. */
export function formatChange(
  journal: ChangeJournal,
  { style, lastSign }: { readonly style: Style; readonly lastSign: string | undefined },
): string {
  const lines: Line[] = [
    { text: `Change ${journal.id}: ${journal.title}`, tone: 'strong' },
    { text: `  ${STATES[journal.state]}; begun ${journal.at} by ${journal.by}` },
    ...(lastSign === undefined ? [] : [{ text: `  last sign of life of its program: ${lastSign}` }]),
    ...(journal.note === undefined ? [] : wrapped(`why: ${journal.note}`, style)),
    ...journal.objects.flatMap(objectLines),
    ...progressLines(journal).flatMap((text) => wrapped(text, style)),
    ...journal.nodes.slice(0, RESULTS_SHOWN).map((result) => ({ text: `  ${formatResult(result, style)}` })),
  ];
  return paintLines(lines, style.palette);
}

function objectLines({ ref, wanted, before, intendedAt, takenBack, role }: ChangeJournal['objects'][number]): Line[] {
  // Steps on the way come by the hundred and are in the list of what was done.
  if (role === 'step' && takenBack === undefined) return [];
  const end = takenBack ?? (intendedAt === undefined ? 'not written' : undefined);
  return namesOf(wanted).map((name) => ({
    text: `  ${objectTitle(ref)}${before.existed ? '' : ' (made)'}  ${FIELD_PATHS[name].join('.')}: ${stateText(before.fields[name])} -> ${stateText(wanted[name])}${end === undefined ? '' : `; ${end}`}`,
  }));
}

function wrapped(text: string, style: Style): Line[] {
  return wrapText(text, { width: style.width, first: '  ', indent: 4 }).map((line) => ({ text: line }));
}

/** Those that are over, newest first. */
export function formatHistory(journals: readonly ChangeJournal[], style: Style): string {
  const rows = journals.map(({ id, at, title, state, by }) => [id, at, title, state, by]);
  return paintLines(
    layoutColumns([['ID', 'BEGUN', 'CHANGE', 'STATE', 'BY'], ...rows]).map((text) => ({ text })),
    style.palette,
  );
}

/** The next command for a change, as typed here. */
export function nextForChange({ id, state }: ChangeJournal, style: Style): string {
  switch (state) {
    case 'done':
      return commandText(`portolan undo ${id}`, style);
    case 'undone':
      return commandText('portolan range', style);
    case 'undoing':
      return commandText(`portolan undo ${id}`, style);
    case 'planned':
    case 'running':
    case 'stopped':
      return `${commandText(`portolan apply --resume ${id}`, style)}, or ${commandText(`portolan undo ${id}`, style)}`;
  }
}
