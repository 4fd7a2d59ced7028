// Something that was read, or the reason why it could not be: an unread layer is never an empty one.

export type Seen<Value> =
  | { readonly seen: true; readonly value: Value }
  | {
      readonly seen: false;
      /** In a person's words: `forbidden: pods in calico-system`. */
      readonly why: string;
      /** A command or step that would show it, when there is one. */
      readonly remedy?: string;
    };
