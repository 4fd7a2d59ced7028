// The records of a pax header: `LENGTH KEY=VALUE\n`, where LENGTH counts the whole record in bytes.

/** What of it matters here; undefined when a record is not of that form. */
export interface PaxRecords {
  readonly path?: string;
  readonly bytes?: number;
}

export function parsePaxRecords(content: Uint8Array): PaxRecords | undefined {
  let [path, bytes]: [string | undefined, number | undefined] = [undefined, undefined];
  for (let at = 0; at < content.length; ) {
    const space = content.indexOf(0x20, at);
    const digits = new TextDecoder().decode(content.subarray(at, Math.max(at, space)));
    const length = /^\d{1,7}$/.test(digits) ? Number(digits) : 0;
    if (length <= digits.length + 1 || at + length > content.length || content[at + length - 1] !== 0x0a)
      return undefined;
    const [key = '', ...value] = new TextDecoder().decode(content.subarray(space + 1, at + length - 1)).split('=');
    if (key === 'path') path = value.join('=');
    if (key === 'size') bytes = /^\d{1,15}$/.test(value.join('=')) ? Number(value[0]) : Number.NaN;
    at += length;
  }
  if (Number.isNaN(bytes)) return undefined;
  return { ...(path === undefined ? {} : { path }), ...(bytes === undefined ? {} : { bytes }) };
}
