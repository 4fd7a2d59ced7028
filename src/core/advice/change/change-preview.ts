// What a change is going to do, before anything is written: shown to a person, who says yes or no.
import type { WriteRemark } from '../../analysis/range-write.ts';
import type { ChangedObject, VerifyLevel } from './change.ts';

export interface ChangePreview {
  readonly title: string;
  /** Name of the kubeconfig context. */
  readonly cluster: string;
  /** What will stand there in the end, and what stands there now. */
  readonly lasting: readonly PreviewRow[];
  /** What is said about the layer: `layer: default; nothing shadows it`. */
  readonly layer: string;
  /** Nodes whose Felix, or workloads whose pods, restart. */
  readonly nodes: readonly string[];
  /** Nodes left out because something else rules there. */
  readonly keeping: readonly { readonly node: string; readonly place: string }[];
  /** In order; the first holds the canary. Empty where there is no way in steps. */
  readonly batches: readonly (readonly string[])[];
  readonly remarks: readonly WriteRemark[];
  readonly accepted: readonly string[];
  readonly verify: VerifyLevel;
  readonly risks: readonly string[];
}

export interface PreviewRow {
  readonly object: ChangedObject;
  readonly isNew: boolean;
  /** `spec.natPortRange: "32768:65535" -> "4790:65535"`, one per field. */
  readonly fields: readonly {
    readonly path: string;
    readonly from: string;
    readonly to: string;
    /** Of a list: its items that go and come, as JSON. */
    readonly items?: { readonly removed: readonly string[]; readonly added: readonly string[] };
  }[];
}
