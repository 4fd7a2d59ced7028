// Names in kernel structures: short, NUL-ended, nearly always ASCII; read without a decoder object per name.

const decoder = new TextDecoder();

/** Text from `start` to the first NUL or `stop`. */
export function shortText(bytes: Uint8Array, start: number, stop: number): string {
  let text = '';
  for (let at = start; at < stop; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte === 0) return text;
    if (byte >= 0x80) return decodedText(bytes, start, stop);
    text += String.fromCharCode(byte);
  }
  return text;
}

function decodedText(bytes: Uint8Array, start: number, stop: number): string {
  const nul = bytes.indexOf(0, start);
  return decoder.decode(bytes.subarray(start, nul >= 0 && nul < stop ? nul : stop));
}
