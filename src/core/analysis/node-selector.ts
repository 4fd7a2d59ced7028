// Calico's selector language over labels, as FelixConfiguration's nodeSelector uses it (libcalico-go/lib/selector).

/** Whether labels match; or why the text is not understood: nothing is guessed. */
export type ParsedSelector =
  | { readonly ok: true; readonly matches: (labels: Readonly<Record<string, string>>) => boolean }
  | {
      readonly ok: false;
      /** 0-based place in the text. */
      readonly at: number;
      readonly wanted: string;
    };

/** Reads a selector. */
export function parseNodeSelector(text: string): ParsedSelector {
  return { ok: false, at: text.length, wanted: 'not written yet' };
}
