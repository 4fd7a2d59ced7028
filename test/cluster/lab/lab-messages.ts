// What passes between a test and the process that holds its lab: structured clones, which arrive as unknown.
import type { HostTasks, TaskName } from '../../../src/lab/host-tasks.ts';
import type { EgressNat } from '../../../src/lab/calico-rules.ts';
import type { LabOptions } from '../../../src/lab/lab.ts';
import type { NatFlavour } from '../../../src/lab/nat-flavour.ts';

export type LabOrder =
  | { readonly do: 'build'; readonly options: LabOptions }
  | { readonly do: 'task'; readonly host: string; readonly name: TaskName; readonly args: unknown }
  | { readonly do: 'set-range'; readonly node: string; readonly nat: EgressNat };

/** An order on its way; the answer carries the same number. */
export interface SentOrder {
  readonly id: number;
  readonly order: LabOrder;
}

export type LabAnswer =
  | { readonly id: number; readonly ok: true; readonly result: unknown }
  | { readonly id: number; readonly ok: false; readonly message: string };

/** A built lab as plain data; `netns` is a descriptor of the process that holds the lab. */
export interface LabPicture {
  readonly nodes: readonly NodePicture[];
  readonly servers: readonly (HostPicture & { readonly addresses: readonly string[] })[];
  readonly fabric: HostPicture;
}

export interface HostPicture {
  readonly host: string;
  readonly netns: number;
}

export interface NodePicture extends HostPicture {
  readonly address: string;
  readonly flavour: NatFlavour;
  readonly pods: readonly (HostPicture & { readonly address: string })[];
}

/** What lab-child.ts receives; LabProcess is its only sender. */
export function sentOrder(message: unknown): SentOrder {
  return message as SentOrder;
}

/** What LabProcess receives; lab-child.ts is its only sender. */
export function labAnswer(message: unknown): LabAnswer {
  return message as LabAnswer;
}

/** The result of a `build`. */
export function labPicture(result: unknown): LabPicture {
  return result as LabPicture;
}

/** The arguments of a task, as Host.run wants them. */
export function taskArguments<Name extends TaskName>(
  _name: Name,
  args: unknown,
): HostTasks[Name]['args'] extends undefined ? [] : [HostTasks[Name]['args']] {
  return [args] as unknown as HostTasks[Name]['args'] extends undefined ? [] : [HostTasks[Name]['args']];
}
