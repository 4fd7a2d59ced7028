// The probe's answer as it comes back from its thread or its child.
import type { KernelBehaviour } from '../../core/model/kernel-behaviour.ts';

/** What a way of probing gave. */
export type ProbeAnswer =
  | { readonly ok: true; readonly behaviour: KernelBehaviour }
  | { readonly ok: false; readonly why: string };

/** probe-worker.ts is the only sender. */
export function decodeMessage(message: unknown): ProbeAnswer {
  return message as ProbeAnswer;
}

/** Standard output of probe-child.ts. */
export function decodeText(text: string): ProbeAnswer {
  try {
    return { ok: true, behaviour: JSON.parse(text) as KernelBehaviour };
  } catch {
    return { ok: false, why: 'its answer was cut short' };
  }
}
