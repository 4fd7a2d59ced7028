// Saves a plan and reads it back. A file that is not a plan is never replaced, and a half-written one never left behind.
import {
  closeSync,
  constants,
  fstatSync,
  linkSync,
  lstatSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { PortolanError } from '../../core/errors/portolan-error.ts';
import type { Plan } from '../../core/advice/plan.ts';
import { planDocument } from '../../present/plan/plan-document.ts';
import { isPlanText, parsePlan } from './parse-plan.ts';

/** What 200,000 claims need. */
const MOST_BYTES = 64 * 1024 * 1024;

/** Errors: PTL_PLAN_FILE. */
export function readPlan(path: string): Plan {
  return parsePlan(readText(path, 'read'), path);
}

/** Says that a plan could not be saved there before anything is measured. Errors: PTL_PLAN_FILE. */
export function checkOut(path: string): void {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return;
  if (!found.isFile())
    throw fileError('save', path, { given: 'it is no regular file', wanted: 'a new file or a saved plan' });
  if (isPlanText(readText(path, 'save'))) return;
  throw fileError('save', path, { given: 'it is there and is not a plan', wanted: 'a new file or a saved plan' });
}

/** Writes beside the place and moves there, so that the file is whole or not there. Errors: PTL_PLAN_FILE. */
export function savePlan(path: string, plan: Plan): void {
  checkOut(path);
  const draft = `${path}.${process.pid}.new`;
  try {
    writeFileSync(draft, `${JSON.stringify(planDocument(plan), null, 2)}\n`, { flag: 'wx', flush: true });
    place(draft, path);
  } catch (error) {
    throw fileError('save', path, { given: codeOf(error), wanted: 'a folder that can be written' });
  } finally {
    rmSync(draft, { force: true });
  }
}

/** A link fails where a file has appeared since it was looked for; a rename is for what was seen to be a plan. */
function place(draft: string, path: string): void {
  if (lstatSync(path, { throwIfNoEntry: false }) === undefined) linkSync(draft, path);
  else renameSync(draft, path);
}

/** At most MOST_BYTES of a regular file: a pipe would never end. */
function readText(path: string, action: 'read' | 'save'): string {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const stat = fstatSync(descriptor);
    if (!stat.isFile()) throw fileError(action, path, { given: 'it is no regular file', wanted: 'a saved plan' });
    if (stat.size > MOST_BYTES)
      throw fileError(action, path, { given: `${stat.size} bytes`, wanted: `a saved plan of at most ${MOST_BYTES}` });
    const bytes = new Uint8Array(stat.size);
    return new TextDecoder().decode(bytes.subarray(0, readSync(descriptor, bytes)));
  } catch (error) {
    if (error instanceof PortolanError) throw error;
    throw fileError(action, path, { given: codeOf(error), wanted: 'a saved plan that can be read' });
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

function fileError(action: string, path: string, { given, wanted }: { given: string; wanted: string }): PortolanError {
  return new PortolanError('PTL_PLAN_FILE', `Cannot ${action} ${path}: ${given}, wanted ${wanted}`);
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
