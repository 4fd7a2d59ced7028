// Text of unknown origin inside Markdown.

/** Keeps pipes, backticks, angle brackets and stars from becoming Markdown. */
export function escapeMarkdown(text: string): string {
  return text.replace(/[|`*<>]/g, (character) => `\\${character}`);
}
