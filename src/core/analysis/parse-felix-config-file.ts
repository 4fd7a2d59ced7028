// The line of felix.cfg that sets natPortRange: sections do not matter, case does not, the last line counts (felix/config/file_loader.go).

/** The value, empty when it is set to nothing; undefined when no line sets it. */
export function rangeInConfigFile(text: string): string | undefined {
  let value: string | undefined;
  for (const line of text.split(/\r?\n/)) value = valueInLine(line) ?? value;
  return value;
}

function valueInLine(line: string): string | undefined {
  const match = /^\s*["'`]?([^#;[=:"'`]+?)["'`]?\s*[=:]([^#;]*)/.exec(line);
  return match?.[1]?.toLowerCase() === 'natportrange' ? unquoted((match[2] ?? '').trim()) : undefined;
}

function unquoted(text: string): string {
  const [, , inner] = /^(["'`])(.*)\1$/.exec(text) ?? [];
  return inner ?? text;
}
